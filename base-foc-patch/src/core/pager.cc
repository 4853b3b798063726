/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's pager thread: page faults, exceptions, and resuming of threads
 *
 * Differs from base-foc's in these points: a thread that is not in an exception
 * gets no reply when it is resumed, since it would take that for a message;
 * 'in_exception' is true only while the thread waits for such a reply; and an
 * exception is never answered with a page.
 */
#include <base/log.h>

#include <pager.h>

#include <base/internal/native_thread.h>

using namespace Genode;


namespace {

	/*
	 * Who wakes up a thread tells a pointer if the thread waits for a page, and
	 * 0 if it is to be resumed: see Pager_object::wake_up, Platform_thread::resume
	 */
	bool is_resume(Ipc_pager &pager) { return pager.fault_ip() == 0; }

	/* The thread that the pager object stands for */
	Native_thread thread_of(Pager_object &obj) { return Native_thread(obj.badge()); }

	/*
	 * Platform_thread::pause looks at the counter and the flag without the lock,
	 * and whoever paused the thread may copy the whole state at once: it must
	 * not get a lock that is held, or an old flag that it would write back
	 */
	void enter_exception(Ipc_pager &pager, Pager_object &obj)
	{
		{
			Lock::Guard guard(obj.state.lock);
			pager.get_regs(&obj.state);
		}
		obj.state.in_exception = true;
		obj.state.exceptions++;
	}

	/* \return  true if the thread is to be answered */
	bool handle_page_fault(Ipc_pager &pager, Pager_object &obj)
	{
		if (obj.pager(pager)) {
			warning("thread waits for ever: page fault at ", Hex(pager.fault_addr()),
			        ", ip ", Hex(pager.fault_ip()));
			return false;
		}
		pager.set_reply_dst(thread_of(obj));
		return true;
	}

	void handle_exception(Ipc_pager &pager, Pager_object &obj)
	{
		enter_exception(pager, obj);

		Lock::Guard guard(obj.state.lock);
		obj.submit_exception_signal();
	}

	void handle_pause(Ipc_pager &pager, Pager_object &obj)
	{
		enter_exception(pager, obj);
		{
			Lock::Guard guard(obj.state.lock);
			if (obj.state.paused)
				return;
			obj.state.in_exception = false;
		}
		/* resumed before it could stop; a reply to a fault would map the last page again */
		pager.set_reply_dst(thread_of(obj));
		pager.acknowledge_exception();
	}

	void handle_wake_up(Ipc_pager &pager, Pager_object &obj)
	{
		bool const resume = is_resume(pager);

		/* let the caller go on */
		pager.set_reply_dst(Native_thread());
		pager.acknowledge_wakeup();
		{
			Lock::Guard guard(obj.state.lock);
			if (resume && !obj.state.in_exception)
				return;
			obj.state.in_exception = false;
			pager.set_regs(obj.state);
		}
		pager.set_reply_dst(thread_of(obj));
		pager.acknowledge_exception();
	}

	/* \return  true if the fault that came last is to be answered */
	bool handle(Ipc_pager &pager, Pager_object *obj)
	{
		if (!obj) {
			warning("message of a thread that is gone to its pager");
			return false;
		}
		if (pager.msg_type() == Ipc_pager::PAGEFAULT)
			return handle_page_fault(pager, *obj);

		switch (pager.msg_type()) {
		case Ipc_pager::EXCEPTION: handle_exception(pager, *obj); break;
		case Ipc_pager::PAUSE:     handle_pause(pager, *obj);     break;
		case Ipc_pager::WAKE_UP:   handle_wake_up(pager, *obj);   break;
		case Ipc_pager::PAGEFAULT: break;
		}
		return false;
	}
}


void Pager_entrypoint::entry()
{
	_pager.wait_for_fault();

	for (;;) {
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
