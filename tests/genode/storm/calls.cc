/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of one caller to both components
 */
#include <base/rpc_server.h>

#include "storm.h"

using namespace Storm;


struct Callback_object : Rpc_object<Callback, Callback_object>
{
	unsigned long called(unsigned caller, unsigned long n)
	{
		account.request(caller, CALLED, n);
		return 5*n + caller;
	}
};


/* To one component, in its n-th round; m: number of the first callback, by both components */
static void requests(Capability<Counter> to, Capability<Callback> back, unsigned caller,
                     unsigned long n, unsigned long m)
{
	account.expect(to.call<Counter::Rpc_count>(caller, 2*n - 1) == 7*(2*n - 1) + caller, "count", n);

	Capability<Bounce> const bounce = to.call<Counter::Rpc_bouncer>(caller, n);
	account.expect(bounce.call<Bounce::Rpc_bounce>(caller, 2*n - 1, m, back) == 2*n - 1 + 5*m + caller,
	               "bounce", n);
	account.expect(to.call<Counter::Rpc_chain>(caller, n, m + 1, back) == 3*n + 5*(m + 1) + caller,
	               "chain", n);

	bool refused = false;
	try { to.call<Counter::Rpc_refuse>(caller, n); }
	catch (Refused) { refused = true; }
	account.expect(refused, "refuse", n);

	account.expect(to.call<Counter::Rpc_count>(caller, 2*n) == 14*n + caller, "count", n);
}


void Storm::call(unsigned caller, unsigned long rounds, Capability<Counter> sibling)
{
	Callback_object object;
	Capability<Callback> const back = objects_ep().manage(&object);
	double sum = 0;

	for (unsigned long n = 1; n <= rounds; n++) {
		requests(own(),   back, caller, n, 4*n - 3);
		requests(sibling, back, caller, n, 4*n - 1);
		sum += 0.5*n;
		account.expect(sum == 0.25*n*(n + 1), "floating point", n);
	}
	objects_ep().dissolve(&object);
}
