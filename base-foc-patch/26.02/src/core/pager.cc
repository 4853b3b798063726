/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's pager thread: page faults, exceptions, and resuming of threads
 *
 * Differs from base-foc's in these points:
 *
 * - A thread is resumed with its own registers. base-foc's has one place for
 *   the last exception of any thread: a thread that is resumed after another one
 *   was stopped gets that one's segment registers, hence its UTCB.
 * - A thread that is not in an exception gets no reply when it is resumed, since
 *   it would take that for a message.
 * - Exceptions of a thread that was to be stopped stop it: see pause.cc.
 * - A stopped thread is resumed by core only: its siblings have the gate to its
 *   pager as well.
 * - 'in_exception' is true only while the thread waits for such a reply.
 * - The call that resumes a thread returns when the thread is resumed, and not before.
 */
#include <base/log.h>

#include <pager.h>

using namespace Core;


namespace {

	/*
	 * Core calls the thread by its kernel object, which is the object's badge; with
	 * the mutex, so that nobody asks meanwhile that the thread be stopped: the kernel
	 * would ignore it
	 */
	void answer_exception(Ipc_pager &pager, Pager_object &obj)
	{
		pager.set_reply_dst({ obj.badge() });
		pager.acknowledge_exception();
	}

	/*
	 * Has the kernel another exception in store for a thread that is in one?
	 *
	 * The stack pointer in the message is the kernel's then.
	 */
	bool to_be_stopped(Ipc_pager &pager, Pager_object &obj)
	{
		addr_t           ip = ~0UL, sp = ~0UL; /* leave them as they are */
		Foc::l4_umword_t flags = 0;

		return !Foc::l4_error(Foc::l4_thread_ex_regs_ret(obj.badge(), &ip, &sp, &flags))
		    && sp != pager.registers().sp;
	}

	/*
	 * Keep the registers of a thread in an exception
	 *
	 * \return  true if it is an exception of its own, not that it was to be stopped
	 */
	bool enter_exception(Ipc_pager &pager, Pager_object &obj)
	{
		Mutex::Guard guard(obj.state.mutex);

		bool const asked      = obj.state.alien;
		bool const page_fault = asked && pager.by_page_fault();
		bool const pause      = page_fault || pager.msg_type() == Ipc_pager::PAUSE
		                     || (asked && pager.by_system_call());

		obj.state.stopped(obj.badge());

		bool const answer = pause && (!obj.state.paused
		                              || (page_fault && to_be_stopped(pager, obj)));
		if (answer) {
			answer_exception(pager, obj);
		} else {
			pager.get_regs(obj.state.state);
			obj.state.registers    = pager.registers();
			obj.state.in_exception = true;
			obj.state.exceptions++;
		}
		return !pause;
	}

	/* \return  true if the thread is to be answered */
	bool handle_page_fault(Ipc_pager &pager, Pager_object &obj)
	{
		if (obj.pager(pager) != Pager_object::Pager_result::CONTINUE)
			return false;

		pager.set_reply_dst({ obj.badge() });
		return true;
	}

	/* See Platform_thread::resume; a thread that waits for a page is not woken up by a message */
	void handle_wake_up(Ipc_pager &pager, Pager_object &obj)
	{
		{
			Mutex::Guard guard(obj.state.mutex);

			if (obj.state.in_exception && !obj.state.paused) {
				obj.state.in_exception = false;
				pager.registers(obj.state.registers);
				pager.set_regs(obj.state.state);
				answer_exception(pager, obj);
			}
		}

		/* answer the caller: it may pause the thread again immediately */
		pager.set_reply_dst({ });
		pager.acknowledge_wakeup();
	}

	/* \return  true if the fault that came last is to be answered */
	bool handle(Ipc_pager &pager, Pager_object &obj)
	{
		switch (pager.msg_type()) {
		case Ipc_pager::PAGEFAULT:
			return handle_page_fault(pager, obj);
		case Ipc_pager::EXCEPTION:
		case Ipc_pager::PAUSE:
			if (enter_exception(pager, obj))
				obj.submit_exception_signal();
			break;
		case Ipc_pager::WAKE_UP:
			handle_wake_up(pager, obj);
			break;
		}
		return false;
	}
}


void Pager_entrypoint::entry()
{
	_pager.wait_for_fault();

	for (;;) {
		bool answer = false;

		_pager.complete();

		/* there is none if its thread was destroyed meanwhile, in an exception or a fault */
		apply(_pager.badge(), [&] (Pager_object *obj) {
			answer = obj && handle(_pager, *obj); });

		/* the next message comes with either of them */
		answer ? _pager.reply_and_wait_for_fault() : _pager.wait_for_fault();
	}
}


Pager_capability Pager_entrypoint::manage(Pager_object &obj)
{
	auto none    = [] (auto)               { return Native_capability(); };
	auto gate_of = [&] (Thread_capability thread) {
		return _cap_factory.alloc(thread).convert<Native_capability>(
			[] (Native_capability gate) { return gate; }, none);
	};

	/* its badge names the object in each message of the thread */
	Native_capability const gate = _thread_cap.convert<Native_capability>(gate_of, none);

	if (!gate.valid()) {
		error("core: a thread gets no pager: there is no gate for it");
		return Pager_capability();
	}
	obj.cap(gate);
	insert(&obj);
	return reinterpret_cap_cast<Pager_object>(gate);
}


void Pager_entrypoint::dissolve(Pager_object &obj)
{
	Native_capability const gate = obj.Object_pool<Pager_object>::Entry::cap();

	_cap_factory.free(gate);
	remove(&obj);
}


void Core::init_page_fault_handling(Rpc_entrypoint &) { }
