/* SPDX-License-Identifier: BSD-2-Clause */
#include "pinger.h"
#include "target.h"

namespace Caplog {


void Pinger::entry()
{
	for (;;) {
		unsigned asked;

		_go.down();
		{
			Lock::Guard guard(_lock);
			if (_end)
				return;
			asked = _asked;
		}
		_target.ping();

		Lock::Guard guard(_lock);
		_answered = asked;
	}
}


Pinger::~Pinger()
{
	{
		Lock::Guard guard(_lock);
		_end = true;
	}
	_go.up();
	join();
}


void Pinger::go()
{
	{
		Lock::Guard guard(_lock);
		_asked++;
	}
	_go.up();
}


bool Pinger::answered() const
{
	Lock::Guard guard(_lock);

	return _answered == _asked;
}

} /* namespace Caplog */
