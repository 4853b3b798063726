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

	/* 2^order slots from a multiple of that */
	l4_fpage_t page_of(addr_t kcap, unsigned order = 0) {
		return l4_obj_fpage(kcap, order, L4_FPAGE_RWX); }

	bool map(addr_t to_task, addr_t to, addr_t from_task, addr_t from, unsigned order = 0)
	{
		return !l4_msgtag_has_error(l4_task_map(to_task, from_task, page_of(from, order),
		                                        to | L4_ITEM_MAP));
	}

	Core_cap_index const &entry_of(Native_capability const &cap) {
		return *static_cast<Core_cap_index const *>(cap.data()); }

	/*
	 * Is it the IRQ object of a signal source?
	 *
	 * Core marked its entry when it made the object. A request to anything else
	 * might be a message to a server, for which core's only entrypoint would wait.
	 */
	bool is_semaphore(Native_capability const &cap) { return entry_of(cap).semaphore(); }

	/*
	 * Slots of core for foreign capabilities, as many as one request is about and
	 * aligned to that; used by core's one entrypoint only
	 */
	addr_t scratch()
	{
		enum { ALIGNED = Foc_native_pd::BATCH };
		static Cap_index const * const slots = cap_idx_alloc()->alloc_range(2*ALIGNED - 1);

		return slots ? (slots->kcap() + selector(ALIGNED - 1)) & ~(selector(ALIGNED) - 1) : 0;
	}

	/*
	 * Slots of a task, in core's hands as long as this exists
	 *
	 * The other way round, with core's capabilities in slots of the task, the
	 * task's threads could use meanwhile what they were not given.
	 */
	struct Borrowed
	{
		addr_t   const kcap;  /* the first one, in core */
		unsigned const order; /* of the number of slots */
		bool     const mapped;

		Borrowed(addr_t task, addr_t from, unsigned order)
		:
			kcap(scratch()), order(order), mapped(kcap && map(L4_BASE_TASK_CAP, kcap, task, from, order))
		{ }

		/* from core's slots only */
		~Borrowed()
		{
			if (mapped)
				l4_task_unmap(L4_BASE_TASK_CAP, page_of(kcap, order), L4_FP_ALL_SPACES);
		}

		bool used(unsigned n) const { return in_use(L4_BASE_TASK_CAP, kcap + selector(n)); }

		bool same(unsigned n, Native_capability const &cap) const
		{
			addr_t const known = cap.data()->kcap();

			return l4_msgtag_label(l4_task_cap_equal(L4_BASE_TASK_CAP, kcap + selector(n), known)) != 0;
		}
	};

	/* The smallest run of slots, 2^order from a multiple of that, with all that have a badge */
	struct Run
	{
		unsigned first = 0, order = 0;
		bool     any   = false;

		Run(Foc_native_pd::Badges const &badges)
		{
			unsigned last = 0;

			for (unsigned n = 0; n < Foc_native_pd::BATCH; n++) {
				if (!badges.badge[n])
					continue;
				first = any ? first : n;
				last  = n;
				any   = true;
			}
			while (first >> order != last >> order)
				order++;
			first = first >> order << order;
		}

		unsigned end() const { return first + (1u << order); }
	};

	bool batch_valid(addr_t kcap)
	{
		enum { LAST = CAPLOG_FOC_16_08_SLOTS - Foc_native_pd::BATCH };

		return kcap <= selector(LAST) && kcap % selector(Foc_native_pd::BATCH) == 0;
	}
}


Native_pd_component::Native_pd_component(Pd_session_component &session, char const *)
: _session(session), _space(session._pd.Address_space::weak_ptr())
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


Foc_native_pd::Result Native_pd_component::_put(Native_capability const &cap, addr_t kcap)
{
	addr_t const task = _task();

	if (kcap < selector(CAPLOG_FOC_16_08_USER_BASE))
		return CORE_SLOT;
	if (in_use(task, kcap))
		return OCCUPIED;

	bool const mapped = map(task, kcap, L4_BASE_TASK_CAP, cap.data()->kcap());

	return mapped && in_use(task, kcap) ? DONE : KERNEL_REFUSED;
}


Foc_native_pd::Result Native_pd_component::install(Native_capability cap, addr_t kcap)
{
	if (!alive(cap))
		return INVALID_CAP;
	if (!selector_valid(kcap))
		return INVALID_SLOT;

	return _put(cap, kcap);
}


void Native_pd_component::_put_all(Rpc_cap_factory &maker, addr_t kcap, Badges const &badges,
                                   Installed &answer)
{
	answer.result = DONE;
	for (unsigned n = 0; n < BATCH; n++) {
		if (!badges.badge[n])
			continue;

		Native_capability const gate = maker.gate(badges.badge[n]);

		answer.result = gate.valid() ? _put(gate, kcap + selector(n)) : NO_GATE;
		if (answer.result != DONE)
			return;
		answer.done |= 1ULL << n;
	}
}


Foc_native_pd::Installed
Native_pd_component::install_gates(Capability<Pd_session::Native_pd> maker, addr_t kcap,
                                   Badges const &badges)
{
	Installed answer { 0, INVALID_SLOT, 0 };

	if (!batch_valid(kcap))
		return answer;

	answer.result = NO_PD;

	/* its entry is locked as long as this request is served */
	if (maker.local_name() == Rpc_object<Foc_native_pd>::cap().local_name())
		_put_all(_session._rpc_cap_factory, kcap, badges, answer);
	else
		_session._thread_ep.apply(maker, [&] (Native_pd_component *other) {
			if (other)
				_put_all(other->_session._rpc_cap_factory, kcap, badges, answer); });
	return answer;
}


Native_capability Native_pd_component::gate(unsigned badge) {
	return _session._rpc_cap_factory.gate(badge); }


Foc_native_pd::Made Native_pd_component::make_gates(Native_capability thread, unsigned count)
{
	Made answer = Made();

	/* a gate of core's own has a thread as well */
	bool const is_thread = thread.valid() && entry_of(thread).pt() && !entry_of(thread).session();

	answer.result = is_thread ? DONE : NO_THREAD;
	if (count > BATCH)
		count = BATCH;

	try {
		while (answer.result == DONE && answer.count < count) {
			Native_capability const gate =
				_session._rpc_cap_factory.alloc(thread, Rpc_cap_factory::UNNAMED);

			if (gate.valid())
				answer.made.badge[answer.count++] = gate.local_name();
			else
				answer.result = NO_BADGE;
		}
	}
	catch (Allocator::Out_of_memory) { answer.result = NO_QUOTA; }
	return answer;
}


Foc_native_pd::Seen Native_pd_component::look(addr_t kcap, Badges const &badges)
{
	Seen         answer { 0, 0, DONE, 0 };
	Run    const run(badges);
	addr_t const task = _task();
	unsigned     n    = run.first;

	if (!batch_valid(kcap)) {
		answer.result = INVALID_SLOT;
		return answer;
	}

	/* the kernel prints a warning if all that it is to map is empty */
	while (run.any && n < run.end() && !(badges.badge[n] && in_use(task, kcap + selector(n))))
		n++;
	if (!run.any || n == run.end())
		return answer;

	Borrowed const held(task, kcap + selector(run.first), run.order);
	if (!held.mapped) {
		answer.result = KERNEL_REFUSED;
		return answer;
	}
	for (; n < run.end(); n++) {
		if (!badges.badge[n])
			continue;

		Native_capability const cap = core_cap(badges.badge[n]);

		unsigned const i    = n - run.first;
		bool     const same = cap.valid() && held.same(i, cap);

		/* two empty slots are equal; a gate is destroyed with its entry only */
		bool const used = (same && entry_of(cap).session()) || held.used(i);

		answer.used |= (uint64_t)used           << n;
		answer.same |= (uint64_t)(used && same) << n;
		if (!used && in_use(task, kcap + selector(n)))
			answer.result = KERNEL_REFUSED;
	}
	return answer;
}


bool Native_pd_component::_own(Cpu_thread_component &thread)
{
	return thread.platform_thread().address_space() == _space;
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
Foc_native_pd::Stopped Native_pd_component::_pause(Cpu_thread_component &thread)
{
	Platform_thread &t = thread.platform_thread();
	Stopped stopped { Stopped::UNKNOWN, 0, 0 };

	if (!_own(thread) || !t.pager())
		return stopped;

	Thread_state &state = t.pager()->state;
	Lock::Guard guard(state.lock);

	l4_addr_t   ip = ~0UL, sp = ~0UL; /* leave them as they are */
	l4_umword_t flags = state.paused ? 0 : L4_THREAD_EX_REGS_TRIGGER_EXCEPTION;

	if (l4_error(l4_thread_ex_regs_ret(t.thread().local.data()->kcap(), &ip, &sp, &flags)))
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
}


Foc_native_pd::Stops Native_pd_component::pause(Threads const &threads)
{
	Stops answer = Stops();

	for (unsigned n = 0; n < THREADS; n++) {

		if (!threads.badge[n])
			continue;

		Native_capability const cap = core_cap(threads.badge[n]);
		if (!cap.valid())
			continue;

		_session._thread_ep.apply(cap, [&] (Cpu_thread_component *t) {

			Stopped const stopped = t ? _pause(*t) : Stopped { Stopped::UNKNOWN, 0, 0 };

			answer.state[n] = (uint8_t)stopped.state;
			answer.ip[n]    = stopped.ip;
			answer.sp[n]    = stopped.sp;
		});
	}
	return answer;
}


unsigned Native_pd_component::pending_signals(Signal_context_capability context)
{
	return _session._thread_ep.apply(context, [&] (Signal_context_component *c) {
		return c && c->cnt() > 0 ? (unsigned)c->cnt() : 0; });
}

