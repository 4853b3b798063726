/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads and entrypoints that are made and destroyed
 */
#include <base/env.h>
#include <base/rpc_server.h>
#include <base/thread.h>

#include "storm.h"

using namespace Storm;

enum { STACK = 2048*sizeof(long) };


/* Computes with all registers that it has */
struct Worker : Thread_deprecated<STACK>
{
	unsigned long const n;
	double   sum  = 0;
	unsigned long hash = 1;

	Worker(unsigned long n) : Thread_deprecated("worker"), n(n) { start(); }

	void entry() override
	{
		double halves = 0, step = 0.25;
		for (unsigned i = 1; i <= 200; i++) {
			hash   = hash*31 + n + i;
			halves = halves + step*i;
			step   = -step;
		}
		sum = halves;
	}
};


static unsigned long hash_of(unsigned long n)
{
	unsigned long hash = 1;

	for (unsigned i = 1; i <= 200; i++)
		hash = hash*31 + n + i;
	return hash;
}


static void thread(unsigned long n)
{
	Worker worker(n);

	worker.join();
	account.expect(worker.hash == hash_of(n), "thread", n);
	account.expect(worker.sum == -25, "floating point of a thread", n);
}


struct Short_lived : Rpc_object<Callback, Short_lived>
{
	unsigned long calls = 0;

	unsigned long called(unsigned, unsigned long n) { return n + ++calls; }
};


static void entrypoint(unsigned long n)
{
	Rpc_entrypoint ep(env()->pd_session(), STACK, "short");
	Short_lived    object;

	Capability<Callback> const cap = ep.manage(&object);
	for (unsigned long i = 1; i <= 3; i++)
		account.expect(cap.call<Callback::Rpc_called>(0, n) == n + i, "entrypoint", n);
	ep.dissolve(&object);
}


static void make_and_end(unsigned long n)
{
	if (n % 3)
		thread(n);
	else
		entrypoint(n);
}


static Activity threads { "threads", make_and_end, 6 };
