/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's side of a component's signals
 *
 * Differs from base-foc's in two points: several threads may submit, and a client that finds no signal is told so,
 * and nothing is printed. Each signal that is submitted triggers the client's IRQ
 * object, which a monitor does once more for signals that were pending at a
 * checkpoint, while the thread that is restored may have been woken up before;
 * and the context may be gone by the time the client asks.
 */
#include <platform.h>
#include <signal_source_component.h>

#include <base/log.h>

namespace Fiasco {
#include <l4/sys/factory.h>
#include <l4/sys/irq.h>
}

using namespace Genode;


/*
 * Of the queues of all sources: core's entrypoint and other threads of core submit
 * signals (core_env.h)
 */
static Lock &queues()
{
	static Lock lock;
	return lock;
}


static Cap_index &fresh_entry() {
	return *cap_map()->insert(platform_specific()->cap_id_alloc()->alloc()); }


Signal_source_component::Signal_source_component(Rpc_entrypoint *ep)
:
	Signal_source_rpc_object(fresh_entry()), _entrypoint(ep), _finalizer(*this),
	_finalizer_cap(ep->manage(&_finalizer))
{
	Fiasco::l4_msgtag_t const made =
		Fiasco::l4_factory_create_irq(Fiasco::L4_BASE_FACTORY_CAP, _blocking_semaphore.data()->kcap());

	if (Fiasco::l4_error(made))
		error("core: the kernel has no IRQ object for a component's signals");
}


/* After this call no request to the source is being served */
Signal_source_component::~Signal_source_component()
{
	_finalizer_cap.call<Finalizer::Rpc_exit>();
	_entrypoint->dissolve(&_finalizer);
}


/* Clients wait for their IRQ object, not within a call: there is nothing to answer */
void Signal_source_component::Finalizer_component::exit() { }


void Signal_source_component::submit(Signal_context_component *context, unsigned long count)
{
	Lock::Guard guard(queues());

	context->increment_signal_cnt(count);
	if (context->enqueued())
		return;

	_signal_queue.enqueue(context);
	Fiasco::l4_irq_trigger(_blocking_semaphore.data()->kcap());
}


void Signal_source_component::release(Signal_context_component *context)
{
	Lock::Guard guard(queues());

	if (context && context->enqueued())
		_signal_queue.remove(context);
}


Signal_source::Signal Signal_source_component::wait_for_signal()
{
	Lock::Guard guard(queues());

	if (_signal_queue.empty())
		return Signal(0, 0);

	Signal_context_component * const context = _signal_queue.dequeue();
	Signal const signal(context->imprint(), context->cnt());

	context->reset_signal_cnt();
	return signal;
}
