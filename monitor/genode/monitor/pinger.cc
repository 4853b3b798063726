/* SPDX-License-Identifier: BSD-2-Clause */
#include "pinger.h"
#include "target.h"

namespace Caplog {


void Pinger::entry()
{
	for (;;) {
		_go.down();
		for (unsigned i = 0; i < _count; i++)
			_targets[i]->ping();
		_done = true;
	}
}


void Pinger::go(Target * const *targets, unsigned count)
{
	_targets = targets;
	_count   = count;
	_done    = false;
	_go.up();
}

} /* namespace Caplog */
