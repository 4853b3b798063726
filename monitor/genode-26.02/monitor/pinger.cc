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
			Mutex::Guard guard(_lock);
			if (_end)
				return;
			asked = _asked;
		}
		_ping.call<Ping::Rpc_ping>();

		Mutex::Guard guard(_lock);
		_answered = asked;
	}
}


Pinger::~Pinger()
{
	{
		Mutex::Guard guard(_lock);
		_end = true;
	}
	_go.up();
	join();
	_ep.dissolve(&_pong);
}


void Pinger::go()
{
	{
		Mutex::Guard guard(_lock);
		_asked++;
	}
	_go.up();
}


bool Pinger::answered() const
{
	Mutex::Guard guard(_lock);

	return _answered == _asked;
}

} /* namespace Caplog */
