/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's pager thread: page faults, exceptions, and resuming of threads
 *
 * Differs from base-foc's in these points:
 *
 * - A thread that is not in an exception gets no reply when it is resumed, since
 *   it would take that for a message.
 * - A stopped thread is resumed by core only: its siblings have the gate to its
 *   pager as well.
 * - 'in_exception' is true only while the thread waits for such a reply.
 * - An exception is never answered like a fault, which maps a page.
 * - A fault in memory whose written pages are tracked is answered by written.cc.
 * - The call that resumes a thread returns when the thread is resumed, and not before.
 */
#include <base/log.h>

#include <pager.h>
#include <written.h>

#include <base/internal/native_thread.h>

using namespace Genode;


namespace {

	/* The thread that the pager object stands for */
	Native_thread thread_of(Pager_object &obj) { return Native_thread(obj.badge()); }

	/*
	 * With the lock of the thread's state, so that nobody asks meanwhile that the
	 * thread be stopped: the kernel ignores that while the thread is in an exception
	 */
	void answer_exception(Ipc_pager &pager, Pager_object &obj)
	{
		pager.set_reply_dst(thread_of(obj));
		pager.acknowledge_exception();
	}

	/*
	 * Keep the registers of a thread in an exception, unless it was to be stopped
	 * and is resumed already
	 *
	 * Platform_thread::pause looks at flag and counter without the lock, and
	 * whoever paused the thread copies the state then, lock included: so they
	 * come last.
	 */
	void enter_exception(Ipc_pager &pager, Pager_object &obj, bool pause)
	{
		bool stays;
		{
			Lock::Guard guard(obj.state.lock);
			pager.get_regs(&obj.state);
			stays = !pause || obj.state.paused;
			if (!stays)
				answer_exception(pager, obj);
		}
		obj.state.in_exception = stays;
		obj.state.exceptions++;
	}

	/* \return  true if the thread is to be answered */
	bool handle_page_fault(Ipc_pager &pager, Pager_object &obj)
	{
		if (!Written_pages::answer(obj, pager) && obj.pager(pager)) {
			warning("core: nobody resolves a page fault, its thread stays blocked: address ", Hex(pager.fault_addr()),
			        ", ip ", Hex(pager.fault_ip()));
			return false;
		}
		pager.set_reply_dst(thread_of(obj));
		return true;
	}

	/* See Platform_thread::resume; a thread that waits for a page is not woken up by a message */
	void handle_wake_up(Ipc_pager &pager, Pager_object &obj)
	{
		{
			Lock::Guard guard(obj.state.lock);
			if (obj.state.in_exception && !obj.state.paused) {
				obj.state.in_exception = false;
				pager.set_regs(obj.state);
				answer_exception(pager, obj);
			}
		}

		/* answer the caller: it may pause the thread again immediately */
		pager.set_reply_dst(Native_thread());
		pager.acknowledge_wakeup();
	}

	/* \return  true if the fault that came last is to be answered */
	bool handle(Ipc_pager &pager, Pager_object *obj)
	{
		/* of a thread that was destroyed meanwhile, in an exception or a fault */
		if (!obj)
			return false;

		switch (pager.msg_type()) {
		case Ipc_pager::PAGEFAULT:
			return handle_page_fault(pager, *obj);
		case Ipc_pager::EXCEPTION:
			enter_exception(pager, *obj, false);
			obj->submit_exception_signal();
			break;
		case Ipc_pager::PAUSE:
			enter_exception(pager, *obj, true);
			break;
		case Ipc_pager::WAKE_UP:
			handle_wake_up(pager, *obj);
			break;
		}
		return false;
	}
}


void Pager_entrypoint::entry()
{
	_pager.wait_for_fault();

	for (;;) {
		Written_pages::answered();

		bool const answer = apply(_pager.badge(), [&] (Pager_object *obj) {
			return handle(_pager, obj); });

		/* the next message comes with either of them */
		answer ? _pager.reply_and_wait_for_fault() : _pager.wait_for_fault();
	}
}


Pager_capability Pager_entrypoint::manage(Pager_object *obj)
{
	/* its badge names the object in each message of the thread */
	obj->cap(_cap_factory.alloc(Thread::_thread_cap));
	insert(obj);
	return reinterpret_cap_cast<Pager_object>(obj->Object_pool<Pager_object>::Entry::cap());
}


void Pager_entrypoint::dissolve(Pager_object *obj)
{
	Native_capability const gate = obj->Object_pool<Pager_object>::Entry::cap();

	_cap_factory.free(gate);
	remove(obj);
}
