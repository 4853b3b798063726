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
			Mutex::Guard guard(_lock);
			Requests &r = _requests[door];

			if (_ended)
				return false;
			r.waiting    = _closed && !_needed;
			r.under_way  = !r.waiting;
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

	Mutex::Guard guard(_lock);
	_requests[door].under_way = false;
}


void Gate::_go_in()
{
	_inside.acquire();

	Mutex::Guard guard(_lock);
	_holder = Thread::myself();
}


void Gate::_go_out()
{
	{
		Mutex::Guard guard(_lock);
		_holder = nullptr;
	}
	_inside.release();
}


bool Gate::_leave_for()
{
	{
		Mutex::Guard guard(_lock);

		if (!_holder || _holder != Thread::myself())
			return false;
	}
	_go_out();
	return true;
}


/*
 * Main thread
 */

template <typename FN>
void Gate::_change(FN const &fn)
{
	bool waited[DOORS];
	{
		Mutex::Guard guard(_lock);

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
	Mutex::Guard guard(_lock);

	_closed = true;
	_passed = false;
}


void Gate::open() { _change([&] () { _closed = false; }); }
void Gate::end()  { _change([&] () { _ended  = true; }); }

void Gate::_need(int n) { _change([&] () { _needed += n; }); }


bool Gate::passed()
{
	Mutex::Guard guard(_lock);

	bool const passed = _passed;
	_passed = false;
	return passed;
}


bool Gate::empty() const
{
	Mutex::Guard guard(_lock);

	return _closed && !_requests[PARENT].under_way && !_requests[SESSIONS].under_way;
}


bool Gate::idle() const
{
	Mutex::Guard guard(_lock);

	return !_requests[PARENT].under_way && !_requests[SESSIONS].under_way;
}


bool Gate::waiting(Door door) const
{
	Mutex::Guard guard(_lock);

	return _requests[door].waiting;
}

} /* namespace Caplog */
