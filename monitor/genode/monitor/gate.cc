/* SPDX-License-Identifier: BSD-2-Clause */
#include <foc/capability_space.h>

#include "gate.h"

namespace Fiasco {
#include <l4/sys/ipc.h>
#include <l4/sys/thread.h>
}

namespace Caplog {


/*
 * End what a thread waits for in the kernel
 *
 * Genode's cancel_blocking ends waits for locks only: an RPC goes on.
 */
static bool end_wait(Foc_native_cpu_client &cpu, Thread &thread)
{
	using namespace Fiasco;

	Native_capability const object = cpu.native_cap(thread.cap());

	if (object.valid())
		l4_thread_ex_regs(Capability_space::kcap(object), ~0UL, ~0UL, L4_THREAD_EX_REGS_CANCEL);
	return object.valid();
}


/* One that came when the thread did not wait must not end its next wait: on ARM it would */
static void forget_end_of_wait()
{
	using namespace Fiasco;

	l4_ipc_sleep(L4_IPC_BOTH_TIMEOUT_0);
}


/*
 * Requests
 */

bool Gate::_enter(Door door)
{
	for (;;) {
		{
			Lock::Guard guard(_lock);
			Requests &r = _requests[door];

			if (_ended)
				return false;
			r.waiting    = _closed && !_needed;
			r.under_way  = !r.waiting;
			r.entrypoint = Thread::myself();
			_passed     |= _closed && r.under_way;
			if (r.under_way)
				break;
		}
		_opened[door].down();
	}
	_go_in();
	return true;
}


void Gate::_leave(Door door)
{
	_go_out();

	Lock::Guard guard(_lock);
	_requests[door].under_way = false;
}


void Gate::_go_in()
{
	_inside.lock();

	Lock::Guard guard(_lock);
	_holder = Thread::myself();
}


void Gate::_go_out()
{
	{
		Lock::Guard guard(_lock);
		_holder = nullptr;
	}
	_inside.unlock();
}


bool Gate::_leave_for(Server server)
{
	{
		Lock::Guard guard(_lock);

		if (!_holder || _holder != Thread::myself())
			return false;
		for (Requests &r : _requests)
			if (r.under_way && r.entrypoint == _holder)
				r.waits_for = server;
	}
	_go_out();
	return true;
}


void Gate::_return()
{
	bool cancelled = false;
	{
		Lock::Guard guard(_lock);

		for (Requests &r : _requests) {
			if (!r.under_way || r.entrypoint != Thread::myself())
				continue;
			cancelled   = r.cancelled;
			r.cancelled = false;
			r.waits_for = NOBODY;
		}
	}
	if (cancelled)
		forget_end_of_wait();
	_go_in();
}


/*
 * Main thread
 */

template <typename FN>
void Gate::_change(FN const &fn)
{
	bool waited[DOORS];
	{
		Lock::Guard guard(_lock);

		fn();
		for (unsigned i = 0; i < DOORS; i++) {
			waited[i] = _requests[i].waiting;
			_requests[i].waiting = false;
		}
	}
	for (unsigned i = 0; i < DOORS; i++)
		if (waited[i])
			_opened[i].up();
}


void Gate::close()
{
	Lock::Guard guard(_lock);

	_closed = true;
	_passed = false;
}


void Gate::open() { _change([&] () { _closed = false; }); }
void Gate::end()  { _change([&] () { _ended  = true; }); }

void Gate::_need(int n) { _change([&] () { _needed += n; }); }


bool Gate::passed()
{
	Lock::Guard guard(_lock);

	bool const passed = _passed;
	_passed = false;
	return passed;
}


bool Gate::empty() const
{
	Lock::Guard guard(_lock);

	return _closed && !_requests[PARENT].under_way && !_requests[SESSIONS].under_way;
}


bool Gate::waiting(Door door) const
{
	Lock::Guard guard(_lock);

	return _requests[door].waiting;
}


void Gate::cancel(Foc_native_cpu_client &cpu, Messenger &messenger, Limits &limits)
{
	/* with the lock, so that none is inside again before its wait is ended */
	Lock::Guard guard(_lock);

	for (Requests &r : _requests) {
		if (!r.under_way || r.waits_for == NOBODY)
			continue;
		if (r.waits_for == ABOVE) {
			messenger.give_up(*r.entrypoint);
			continue;
		}
		if (r.waits_for == OTHERS && !r.abandoned && !(r.abandoned = limits.abandon()))
			continue;
		r.cancelled |= end_wait(cpu, *r.entrypoint);
	}
}


bool Gate::abandoned(Door door) const
{
	Lock::Guard guard(_lock);

	return _requests[door].abandoned;
}

} /* namespace Caplog */
