/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's side of a component's signals
 *
 * Differs from base-foc's in two points. A client that finds no signal is told
 * so, and nothing is printed: each signal that is submitted triggers the client's
 * IRQ object, which a monitor does once more for signals that were pending at a
 * checkpoint, while the thread that is restored may have been woken up before;
 * and the context may be gone by the time the client asks. And core can ask how
 * many signals of a context are pending.
 */
#include <pending_signals.h>
#include <platform.h>
#include <signal_source_component.h>

#include <base/log.h>
#include <foc/syscall.h>

using namespace Core;


/* The one entrypoint that has all contexts, once there is a source */
static Rpc_entrypoint *contexts;


static Core_cap_index &fresh_entry()
{
	return *static_cast<Core_cap_index *>(cap_map().insert(platform_specific().cap_id_alloc().alloc()));
}


Signal_source_component::Signal_source_component(Rpc_entrypoint &ep)
:
	Signal_source_rpc_object(fresh_entry()), _entrypoint(ep)
{
	contexts = &ep;

	Foc::l4_msgtag_t const made =
		Foc::l4_factory_create_irq(Foc::L4_BASE_FACTORY_CAP, _blocking_semaphore.data()->kcap());

	if (Foc::l4_error(made))
		error("core: the kernel has no IRQ object for a component's signals");
}


/* Clients wait for their IRQ object, not within a call: there is nobody to answer */
Signal_source_component::~Signal_source_component() { }


void Signal_source_component::submit(Signal_context_component &context, unsigned long count)
{
	context.increment_signal_cnt(int(count));
	if (context.enqueued())
		return;

	_signal_queue.enqueue(context);
	Foc::l4_irq_trigger(_blocking_semaphore.data()->kcap());
}


void Signal_source_component::release(Signal_context_component &context)
{
	if (context.enqueued())
		_signal_queue.remove(context);
}


Signal_source::Signal Signal_source_component::wait_for_signal()
{
	Signal next { 0, 0 };

	_signal_queue.dequeue([&] (Signal_context_component &context) {
		next = Signal(context.imprint(), context.cnt());
		context.reset_signal_cnt();
	});
	return next;
}


unsigned Core::pending_signals(Signal_context_capability context)
{
	unsigned pending = 0;

	if (contexts)
		contexts->apply(context, [&] (Signal_context_component *c) {
			pending = c && c->cnt() > 0 ? unsigned(c->cnt()) : 0; });
	return pending;
}


bool Core::has_source(Signal_context_capability context, Capability<Signal_source> source)
{
	bool same = false;

	if (contexts)
		contexts->apply(context, [&] (Signal_context_component *c) {
			same = c && c->source().cap() == source; });
	return same;
}
