/* SPDX-License-Identifier: BSD-2-Clause */
#include "gate.h"

namespace Caplog {


bool Gate::_enter()
{
	for (;;) {
		{
			Lock::Guard guard(_lock);

			if (_ended)
				return false;
			_entrypoint = Thread::myself();
			_inside     = !_closed;
			_waiting    = _closed;
			if (_inside)
				return true;
		}
		_opened.down();
	}
}


void Gate::_leave()
{
	Lock::Guard guard(_lock);

	_inside = false;
}


void Gate::_wake_up(bool Gate::*state, bool value)
{
	{
		Lock::Guard guard(_lock);

		this->*state = value;
		if (!_waiting)
			return;
		_waiting = false;
	}
	_opened.up();
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

	return _closed && !_inside;
}


bool Gate::waiting() const
{
	Lock::Guard guard(_lock);

	return _waiting;
}


void Gate::cancel()
{
	Lock::Guard guard(_lock);

	if (_inside && _entrypoint)
		_entrypoint->cancel_blocking();
}

} /* namespace Caplog */
