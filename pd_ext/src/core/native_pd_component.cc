/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd in core: each request is checked before it reaches the kernel
 */
#include <foc/native_capability.h>

#include <cap_index.h>
#include <cpu_thread_component.h>
#include <native_pd_component.h>
#include <pd_session_component.h>
#include <signal_source_component.h>

#include <caplog/flavour.h>

namespace Fiasco {
#include <l4/sys/consts.h>
#include <l4/sys/irq.h>
#include <l4/sys/task.h>
#include <l4/sys/thread.h>
#include <l4/sys/types.h>
}

using namespace Genode;
using namespace Fiasco;


namespace {

	constexpr addr_t selector(addr_t slot) { return slot << CAPLOG_FOC_16_08_SLOT_SHIFT; }

	/* Is this the selector of a slot of a component? */
	bool selector_valid(addr_t kcap)
	{
		addr_t const slot = kcap >> CAPLOG_FOC_16_08_SLOT_SHIFT;

		return slot && slot < CAPLOG_FOC_16_08_SLOTS && kcap == selector(slot);
	}

	bool in_use(addr_t task, addr_t kcap)
	{
		return l4_msgtag_label(l4_task_cap_valid(task, kcap)) != 0;
	}

	bool alive(Native_capability const &cap)
	{
		return cap.valid() && in_use(L4_BASE_TASK_CAP, cap.data()->kcap());
	}

	l4_fpage_t page_of(addr_t kcap) { return l4_obj_fpage(kcap, 0, L4_FPAGE_RWX); }

	bool map(addr_t to_task, addr_t to, addr_t from_task, addr_t from)
	{
		return !l4_msgtag_has_error(l4_task_map(to_task, from_task, page_of(from), to | L4_ITEM_MAP));
	}

	/*
	 * Is it the IRQ object of a signal source?
	 *
	 * Core marked its entry when it made the object. A request to anything else
	 * might be a message to a server, for which core's only entrypoint would wait.
	 */
	bool is_semaphore(Native_capability const &cap)
	{
		return static_cast<Core_cap_index const *>(cap.data())->semaphore();
	}

	/* Slot of core for one foreign capability; used by core's one entrypoint only */
	addr_t scratch()
	{
		static Cap_index const * const slot = cap_idx_alloc()->alloc_range(1);

		return slot ? slot->kcap() : 0;
	}

	/*
	 * A capability in a slot of a task, in core's hands as long as this exists
	 *
	 * The other way round, with core's capability in a slot of the task, the
	 * task's threads could use meanwhile what they were not given.
	 */
	struct Borrowed
	{
		addr_t const kcap   = scratch();
		bool   const mapped;

		Borrowed(addr_t task, addr_t from)
		: mapped(kcap && map(L4_BASE_TASK_CAP, kcap, task, from)) { }

		/* from core's slot only */
		~Borrowed() { if (mapped) l4_task_unmap(L4_BASE_TASK_CAP, page_of(kcap), L4_FP_ALL_SPACES); }

		bool same_as(Native_capability const &cap) const
		{
			addr_t const other = cap.data()->kcap();

			return l4_msgtag_label(l4_task_cap_equal(L4_BASE_TASK_CAP, kcap, other)) != 0;
		}
	};
}


Native_pd_component::Native_pd_component(Pd_session_component &session, char const *)
: _session(session)
{
	/* core has one entrypoint for all that this interface is about */
	session._thread_ep.manage(this);
}


Native_pd_component::~Native_pd_component()
{
	Rpc_entrypoint &ep = _session._thread_ep;

	ep.dissolve(this);
}


Native_capability Native_pd_component::task_cap() { return _session._pd.native_task(); }


addr_t Native_pd_component::_task() { return task_cap().data()->kcap(); }


Foc_native_pd::Result Native_pd_component::install(Native_capability cap, addr_t kcap)
{
	if (!alive(cap))
		return INVALID_CAP;
	if (!selector_valid(kcap))
		return INVALID_SLOT;
	if (kcap < selector(CAPLOG_FOC_16_08_USER_BASE))
		return CORE_SLOT;
	if (in_use(_task(), kcap))
		return OCCUPIED;

	bool const mapped = map(_task(), kcap, L4_BASE_TASK_CAP, cap.data()->kcap());

	return mapped && in_use(_task(), kcap) ? DONE : KERNEL_REFUSED;
}


Foc_native_pd::Result Native_pd_component::compare(Native_capability cap, addr_t kcap)
{
	if (!selector_valid(kcap))
		return INVALID_SLOT;
	if (!alive(cap))
		return INVALID_CAP;
	if (!in_use(_task(), kcap))
		return EMPTY;

	Borrowed const held(_task(), kcap);
	if (!held.mapped)
		return KERNEL_REFUSED;

	return held.same_as(cap) ? DONE : DIFFERENT;
}


Foc_native_pd::Result Native_pd_component::occupied(addr_t kcap)
{
	if (!selector_valid(kcap))
		return INVALID_SLOT;

	return in_use(_task(), kcap) ? DONE : EMPTY;
}


bool Native_pd_component::_own(Cpu_thread_component &thread)
{
	Weak_ptr<Address_space> owner = thread.platform_thread().address_space();
	Weak_ptr<Address_space> ours  = _session._pd.Address_space::weak_ptr();

	return owner == ours;
}


Foc_native_pd::Result Native_pd_component::irq_attach(Native_capability irq,
                                                      Thread_capability thread,
                                                      unsigned long label)
{
	if (!alive(irq))
		return INVALID_CAP;
	if (!is_semaphore(irq))
		return NO_IRQ;

	return _session._thread_ep.apply(thread, [&] (Cpu_thread_component *t) {

		if (!t)
			return NO_THREAD;

		if (!_own(*t))
			return FOREIGN_THREAD;

		addr_t const object = t->platform_thread().thread().local.data()->kcap();
		long   const error  = l4_error(l4_irq_attach(irq.data()->kcap(), label, object));

		return !error ? DONE : error == -L4_EBADPROTO ? NO_IRQ : KERNEL_REFUSED;
	});
}


Foc_native_pd::Result Native_pd_component::irq_detach(Native_capability irq)
{
	if (!alive(irq))
		return INVALID_CAP;
	if (!is_semaphore(irq))
		return NO_IRQ;

	long const error = l4_error(l4_irq_detach(irq.data()->kcap()));
	return !error ? DONE : error == -L4_EBADPROTO ? NO_IRQ : KERNEL_REFUSED;
}


/*
 * A thread that is about to enter the kernel is ready, and then blocks without
 * an exception. Platform_thread::pause waits for the exception: it may wait for
 * ever, and core's entrypoint with it.
 */
Foc_native_pd::Stopped Native_pd_component::pause(Thread_capability thread)
{
	return _session._thread_ep.apply(thread, [&] (Cpu_thread_component *t) {

		Stopped stopped { Stopped::UNKNOWN, 0, 0 };

		if (!t || !_own(*t) || !t->platform_thread().pager())
			return stopped;

		Thread_state &state = t->platform_thread().pager()->state;
		Lock::Guard guard(state.lock);

		addr_t const object = t->platform_thread().thread().local.data()->kcap();
		l4_addr_t    ip = ~0UL, sp = ~0UL; /* leave them as they are */
		l4_umword_t  flags = state.paused ? 0 : L4_THREAD_EX_REGS_TRIGGER_EXCEPTION;

		if (l4_error(l4_thread_ex_regs_ret(object, &ip, &sp, &flags)))
			return stopped;

		state.paused = true;
		if (!state.in_exception) {
			state.ip = ip;
			state.sp = sp;
		}
		stopped.ip = state.ip;
		stopped.sp = state.sp;

		/* the lowest bit says whether the thread is ready */
		stopped.state = state.in_exception ? Stopped::EXCEPTION
		              : flags & 1          ? Stopped::LEAVING : Stopped::BLOCKED;
		return stopped;
	});
}


unsigned Native_pd_component::pending_signals(Signal_context_capability context)
{
	return _session._thread_ep.apply(context, [&] (Signal_context_component *c) {
		return c && c->cnt() > 0 ? (unsigned)c->cnt() : 0; });
}

