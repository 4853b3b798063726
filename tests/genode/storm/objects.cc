/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPC objects that are made, called and destroyed
 */
#include <base/rpc_server.h>

#include "storm.h"

using namespace Storm;

enum { LIVING = 5 };


struct Object : Rpc_object<Callback, Object>
{
	unsigned long value = 0;

	unsigned long called(unsigned, unsigned long add) { return value += add; }
};


static Object               object[LIVING];
static Capability<Callback> cap[LIVING];


static void make_and_call(unsigned long n)
{
	unsigned const i = n % LIVING;

	if (cap[i].valid())
		objects_ep().dissolve(&object[i]);
	object[i].value = n;
	cap[i] = objects_ep().manage(&object[i]);

	for (unsigned k = 0; k < LIVING; k++) {
		if (!cap[k].valid())
			continue;
		unsigned long const value = object[k].value;
		account.expect(cap[k].call<Callback::Rpc_called>(0, 3) == value + 3, "object", n);
	}
}


static Activity objects { "objects", make_and_call };
