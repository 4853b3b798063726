/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/rpc_client.h>

#include "pinger.h"

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
		_ping.call<Ping::Rpc_ping>();

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
	_ep.dissolve(&_pong);
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
