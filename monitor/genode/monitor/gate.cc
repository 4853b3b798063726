/* SPDX-License-Identifier: BSD-2-Clause */
#include "gate.h"

namespace Caplog {


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
			r.waiting    = _closed;
			r.under_way  = !_closed;
			r.entrypoint = Thread::myself();
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


bool Gate::_is_inside() const
{
	Lock::Guard guard(_lock);

	return _holder && _holder == Thread::myself();
}


/*
 * Main thread
 */

void Gate::_wake_up(bool Gate::*state, bool value)
{
	bool waited[DOORS];
	{
		Lock::Guard guard(_lock);

		this->*state = value;
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
}


void Gate::open() { _wake_up(&Gate::_closed, false); }
void Gate::end()  { _wake_up(&Gate::_ended, true); }


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


void Gate::cancel()
{
	Lock::Guard guard(_lock);

	for (Requests const &r : _requests)
		if (r.under_way && r.entrypoint)
			r.entrypoint->cancel_blocking();
}

} /* namespace Caplog */
