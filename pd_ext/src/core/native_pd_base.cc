/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd in core: each request is checked before it reaches the kernel
 */
#include <native_pd_base.h>
#include <native_pd_kernel.h>

#include <cap_index.h>
#include <cpu_thread_component.h>

#include <caplog/flavour.h>

using namespace Core;
using namespace Foc;


namespace {

	constexpr addr_t selector(addr_t slot) { return slot << CAPLOG_OWN(SLOT_SHIFT); }

	/* Is this the selector of a slot of a component? */
	bool selector_valid(addr_t kcap)
	{
		addr_t const slot = kcap >> CAPLOG_OWN(SLOT_SHIFT);

		return slot && slot < CAPLOG_OWN(SLOTS) && kcap == selector(slot);
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

	/*
	 * Is it the IRQ object of a signal source?
	 *
	 * Core marked its entry when it made the object. A request to anything else
	 * might be a message to a server, for which core's only entrypoint would wait.
	 */
	bool is_semaphore(Native_capability const &cap) { return core_entry(cap).semaphore(); }

	/*
	 * Slots of core for foreign capabilities, as many as one request is about and
	 * aligned to that; used by core's one entrypoint only
	 */
	addr_t scratch()
	{
		enum { ALIGNED = Foc_native_pd::BATCH };
		static Cap_index const * const slots = the(cap_idx_alloc()).alloc_range(2*ALIGNED - 1);

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

	/* Of a request to an IRQ object */
	Foc_native_pd::Result result_of(long error)
	{
		return !error                  ? Foc_native_pd::DONE
		     : error == -L4_EBADPROTO  ? Foc_native_pd::NO_IRQ : Foc_native_pd::KERNEL_REFUSED;
	}

	bool batch_valid(addr_t kcap)
	{
		enum { LAST = CAPLOG_OWN(SLOTS) - Foc_native_pd::BATCH };

		return kcap <= selector(LAST) && kcap % selector(Foc_native_pd::BATCH) == 0;
	}
}


addr_t Native_pd_base::_task() { return task_cap().data()->kcap(); }


/* Its entry is locked: to look for it in the entrypoint would be to wait for oneself */
bool Native_pd_base::_itself(Native_capability const &cap)
{
	return cap.local_name() == Rpc_object<Foc_native_pd>::cap().local_name();
}


template <typename FUNC> void Native_pd_base::_with_thread(Native_capability const &cap, FUNC const &func)
{
	if (cap.valid() && !_itself(cap))
		_entrypoint().apply(cap, [&] (Cpu_thread_component *thread) {
			if (thread)
				func(*thread); });
}


Foc_native_pd::Result Native_pd_base::_put(Native_capability const &cap, addr_t kcap)
{
	addr_t const task = _task();

	if (kcap < selector(CAPLOG_OWN(USER_BASE)))
		return CORE_SLOT;
	if (in_use(task, kcap))
		return OCCUPIED;

	bool const mapped = map(task, kcap, L4_BASE_TASK_CAP, cap.data()->kcap());

	return mapped && in_use(task, kcap) ? DONE : KERNEL_REFUSED;
}


Foc_native_pd::Result Native_pd_base::install(Native_capability cap, addr_t kcap)
{
	if (!alive(cap))
		return INVALID_CAP;
	if (!selector_valid(kcap))
		return INVALID_SLOT;

	return _put(cap, kcap);
}


void Native_pd_base::_put_all(Native_pd_base &maker, addr_t kcap, Badges const &badges,
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
Native_pd_base::install_gates(Genode::Capability<Pd_session::Native_pd> maker, addr_t kcap,
                                   Badges const &badges)
{
	Installed answer { 0, INVALID_SLOT, 0 };

	if (!batch_valid(kcap))
		return answer;

	answer.result = NO_PD;

	/* its entry is locked as long as this request is served */
	if (_itself(maker))
		_put_all(*this, kcap, badges, answer);
	else
		_entrypoint().apply(maker, [&] (Native_pd_base *other) {
			if (other)
				_put_all(*other, kcap, badges, answer); });
	return answer;
}


Foc_native_pd::Made Native_pd_base::make_gates(Native_capability thread, unsigned count)
{
	Made answer = Made();

	/* a gate of core's own has a thread as well */
	bool const is_thread = thread.valid() && core_entry(thread).pt() && !core_entry(thread).session();

	answer.result = is_thread ? DONE : NO_THREAD;
	if (count > BATCH)
		count = BATCH;

	while (answer.result == DONE && answer.count < count) {
		answer.result = _make_gate(thread, answer.made.badge[answer.count]);
		if (answer.result == DONE)
			answer.count++;
	}
	return answer;
}


Foc_native_pd::Seen Native_pd_base::look(addr_t kcap, Badges const &badges)
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
		bool const used = (same && core_entry(cap).session()) || held.used(i);

		answer.used |= used         ? 1ULL << n : 0;
		answer.same |= used && same ? 1ULL << n : 0;
		if (!used && in_use(task, kcap + selector(n)))
			answer.result = KERNEL_REFUSED;
	}
	return answer;
}


Foc_native_pd::Result Native_pd_base::irq_attach(Native_capability irq,
                                                      Thread_capability thread,
                                                      unsigned long label)
{
	if (!alive(irq))
		return INVALID_CAP;
	if (!is_semaphore(irq))
		return NO_IRQ;

	Result result = NO_THREAD;

	_with_thread(thread, [&] (Cpu_thread_component &t) {

		if (!_own(t)) {
			result = FOREIGN_THREAD;
			return;
		}
		addr_t const object = t.platform_thread().thread().local.data()->kcap();

		result = result_of(l4_error(attach_irq(irq.data()->kcap(), object, label)));
	});
	return result;
}


Foc_native_pd::Result Native_pd_base::irq_detach(Native_capability irq)
{
	if (!alive(irq))
		return INVALID_CAP;
	if (!is_semaphore(irq))
		return NO_IRQ;

	return result_of(detach_irq(irq.data()->kcap()));
}


/*
 * A thread that is about to enter the kernel is ready, and then blocks without
 * an exception. Platform_thread::pause waits for the exception: it may wait for
 * ever, and core's entrypoint with it.
 */
Foc_native_pd::Stopped Native_pd_base::_pause(Cpu_thread_component &thread)
{
	Stopped stopped { Stopped::UNKNOWN, 0, 0 };

	if (!_own(thread) || !stoppable(thread.platform_thread()))
		return stopped;

	Thread_stop state(thread.platform_thread());
	bool        ready = false;

	if (!state.stop(ready))
		return stopped;

	stopped.ip    = state.ip;
	stopped.sp    = state.sp;
	stopped.state = state.in_exception ? Stopped::EXCEPTION
	              : ready              ? Stopped::LEAVING : Stopped::BLOCKED;
	return stopped;
}


Foc_native_pd::Stops Native_pd_base::pause(Threads const &threads)
{
	Stops answer = Stops();

	for (unsigned n = 0; n < THREADS; n++) {

		if (!threads.badge[n])
			continue;

		Native_capability const cap = core_cap(threads.badge[n]);

		_with_thread(cap, [&] (Cpu_thread_component &t) {

			Stopped const stopped = _pause(t);

			answer.state[n] = (uint8_t)stopped.state;
			answer.ip[n]    = stopped.ip;
			answer.sp[n]    = stopped.sp;
		});
	}
	return answer;
}
