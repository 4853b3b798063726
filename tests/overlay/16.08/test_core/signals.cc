/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's signal source: each signal once, and no complaint about a client that
 * asks once too often
 */
#include "scene.h"

#include <base/log.h>

#include <core_env.h>
#include <signal_source_component.h>

static unsigned calls;

static Core_env *environment;
Core_env *Genode::core_env() { return environment; }

/* The only call that core makes here: to the finalizer of a source */
template <> void Genode::Rpc_signature<void ()>::call(Native_capability const &, long) { calls++; }


void test_signals()
{
	Rpc_entrypoint &ep = *new Rpc_entrypoint((Pd_session *)&heap, 0, "", false);
	Signal_source_component  *source = new Signal_source_component(&ep);
	Signal_context_component a(1, source), b(2, source);
	Signal_source::Signal    signal;

	triggered = calls = 0;
	check(entry(source->_request_semaphore())->semaphore());

	/* a client that was recreated may ask without need */
	unsigned const before = warnings();
	signal = source->wait_for_signal();
	check(!signal.imprint());
	check(!signal.num());
	check(warnings() == before);

	/* in the order in which contexts got the first */
	source->submit(&b, 1);
	source->submit(&a, 2);
	source->submit(&b, 3);
	check(triggered == 2);
	signal = source->wait_for_signal();
	check(signal.imprint() == 2);
	check(signal.num() == 4);
	signal = source->wait_for_signal();
	check(signal.imprint() == 1);
	check(signal.num() == 2);
	check(!source->wait_for_signal().imprint());

	/* one that is destroyed before its signal is fetched */
	source->submit(&a, 1);
	source->submit(&b, 1);
	source->release(&a);
	source->release(&a);
	check(source->wait_for_signal().imprint() == 2);
	check(!source->wait_for_signal().imprint());
	check(triggered == 4);
	check(warnings() == before);

	/* a thread of core submits without a call of core's entrypoint, which may wait for it */
	environment = new Core_env(ep, Genode::Capability<Pd_session>());
	triggered = 0;
	Genode::Capability<Signal_context> const cap = ep.manage(&a);
	environment->pd_session().submit(cap, 3);
	environment->pd_session().submit(Genode::Capability<Signal_context>(), 1);
	check(!environment->pd_session().calls);
	check(triggered == 1);
	signal = source->wait_for_signal();
	check(signal.imprint() == 1);
	check(signal.num() == 1 + 3);
	ep.dissolve(&a);
	environment->pd_session().submit(cap, 1);
	check(!source->wait_for_signal().imprint());

	calls = 0;
	delete source;
	check(calls == 1);
}


/* Of a context, and of nothing else */
void test_pending_signals()
{
	Scene &s = *new Scene;

	Signal_context_component &context = *new Signal_context_component;
	s.ep.manage(&context);
	Signal_context_capability const context_cap =
		reinterpret_cap_cast<Signal_context>(context.Rpc_object_base::cap());
	check(s.foc.pending_signals(context_cap) == 0);
	context.count = 3;
	check(s.foc.pending_signals(context_cap) == 3);
	check(s.foc.pending_signals(reinterpret_cap_cast<Signal_context>(s.gate)) == 0);
	check(s.foc.pending_signals(Signal_context_capability()) == 0);
}
