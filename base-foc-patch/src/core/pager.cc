/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's pager thread: page faults, exceptions, and resuming of threads
 *
 * Differs from base-foc's in two points: a thread that is not in an exception
 * gets no reply when it is resumed, since it would take that for a message,
 * and 'in_exception' is true only while the thread waits for such a reply.
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

	void enter_exception(Ipc_pager &pager, Pager_object &obj)
	{
		pager.get_regs(&obj.state);
		obj.state.exceptions++;
		obj.state.in_exception = true;
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
		Lock::Guard guard(obj.state.lock);
		enter_exception(pager, obj);
		obj.submit_exception_signal();
	}

	/* \return  true if the thread is to be answered: it was resumed meanwhile */
	bool handle_pause(Ipc_pager &pager, Pager_object &obj)
	{
		Lock::Guard guard(obj.state.lock);
		enter_exception(pager, obj);
		if (obj.state.paused)
			return false;

		obj.state.in_exception = false;
		pager.set_reply_dst(thread_of(obj));
		return true;
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
}


void Pager_entrypoint::entry()
{
	for (bool reply = false; ; ) {

		if (reply)
			_pager.reply_and_wait_for_fault();
		else
			_pager.wait_for_fault();

		reply = false;

		apply(_pager.badge(), [&] (Pager_object *obj) {

			if (!obj) {
				warning("message of a thread that is gone to its pager");
				return;
			}
			switch (_pager.msg_type()) {
			case Ipc_pager::PAGEFAULT: reply = handle_page_fault(_pager, *obj); break;
			case Ipc_pager::EXCEPTION: handle_exception(_pager, *obj);          break;
			case Ipc_pager::PAUSE:     reply = handle_pause(_pager, *obj);      break;
			case Ipc_pager::WAKE_UP:   handle_wake_up(_pager, *obj);            break;
			}
		});
	}
}


void Pager_entrypoint::dissolve(Pager_object *obj)
{
	_cap_factory.free(obj->Object_pool<Pager_object>::Entry::cap());
	remove(obj);
}


Pager_capability Pager_entrypoint::manage(Pager_object *obj)
{
	Native_capability const cap = _cap_factory.alloc(Thread::_thread_cap);

	obj->cap(cap);
	insert(obj);

	return reinterpret_cap_cast<Pager_object>(cap);
}
