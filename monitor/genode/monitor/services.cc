/* SPDX-License-Identifier: BSD-2-Clause */
#include "services.h"
#include "target.h"

namespace Caplog {


Services::~Services()
{
	while (Service *s = _services.first()) {
		_services.remove(s);
		destroy(_alloc, s);
	}
}


void Services::_wake_up()
{
	if (!_waits)
		return;
	_waits = false;
	_announced.up();
}


void Services::add(char const *name, Capability<Root> root)
{
	Lock::Guard guard(_group.lock);

	Service *s = _services.first();
	while (s && !(s->name == name))
		s = s->next();
	if (s)
		s->root = root;
	else
		_services.insert(new (_alloc) Service(name, root));

	for (unsigned i = 0; i < _group.count; i++)
		_group.target[i]->services()._wake_up();
}


void Services::cancel()
{
	Lock::Guard guard(_group.lock);

	_canceled = true;
	_wake_up();
}


Capability<Root> Services::root(Services &client, char const *name)
{
	for (;;) {
		{
			Lock::Guard guard(_group.lock);
			for (Service *s = _services.first(); s; s = s->next())
				if (s->name == name)
					return s->root;
			if (client._canceled)
				throw Blocking_canceled();
			client._waits = true;
		}
		client._announced.down();
	}
}

} /* namespace Caplog */
