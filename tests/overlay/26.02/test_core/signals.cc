/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's signal source: each signal once, and no complaint about a client that
 * asks once too often
 */
#include "scene.h"

#include <base/log.h>


void test_signals()
{
	Rpc_entrypoint           &ep     = new_entrypoint();
	Signal_source_component  &source = *new Signal_source_component(ep);
	Signal_context_component a(1, source), b(2, source);
	Signal_source::Signal    signal;

	triggered = 0;
	check(entry(source._request_semaphore())->semaphore());

	/* a client that was recreated may ask without need */
	unsigned const before = warnings();
	signal = source.wait_for_signal();
	check(!signal.imprint());
	check(!signal.num());
	check(warnings() == before);

	/* in the order in which contexts got the first */
	source.submit(b, 1);
	source.submit(a, 2);
	source.submit(b, 3);
	check(triggered == 2);
	signal = source.wait_for_signal();
	check(signal.imprint() == 2);
	check(signal.num() == 4);
	signal = source.wait_for_signal();
	check(signal.imprint() == 1);
	check(signal.num() == 2);
	check(!source.wait_for_signal().imprint());

	/* one that is destroyed before its signal is fetched */
	source.submit(a, 1);
	source.submit(b, 1);
	source.release(a);
	source.release(a);
	check(source.wait_for_signal().imprint() == 2);
	check(!source.wait_for_signal().imprint());
	check(triggered == 4);
	check(warnings() == before);
	delete &source;
}


/* Of a context, and of nothing else */
void test_pending_signals()
{
	Scene &s = *new Scene;

	/* contexts are those of the entrypoint of the sources */
	Signal_source_component  &source  = *new Signal_source_component(s.ep);
	Signal_context_component &context = *new Signal_context_component(7, source);
	s.ep.manage(&context);
	Signal_context_capability const context_cap =
		reinterpret_cap_cast<Signal_context>(context.Rpc_object_base::cap());
	check(s.foc.pending_signals(context_cap) == 0);
	source.submit(context, 3);
	check(s.foc.pending_signals(context_cap) == 3);
	check(s.foc.pending_signals(reinterpret_cap_cast<Signal_context>(s.gate)) == 0);
	check(s.foc.pending_signals(Signal_context_capability()) == 0);
	source.wait_for_signal();
	check(s.foc.pending_signals(context_cap) == 0);
}
