/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services that components of a group announce to each other
 */
#ifndef CAPLOG_SERVICES_H
#define CAPLOG_SERVICES_H

#include <base/allocator.h>
#include <base/lock.h>
#include <base/semaphore.h>
#include <root/capability.h>
#include <util/list.h>

#include "config.h"
#include "group.h"


/*
 * Those of one component; siblings' entrypoints look here as well, so the lock of
 * the group guards it
 */
class Caplog::Services
{
	private:

		struct Service : List<Service>::Element
		{
			Config::Name const name;
			Capability<Root>   root; /* as announced last */

			Service(char const *name, Capability<Root> root) : name(name), root(root) { }
		};

		Allocator    &_alloc;
		Group        &_group;
		List<Service> _services;
		bool          _waits    = false; /* for a service to be announced */
		bool          _canceled = false;
		Semaphore     _announced;

		void _wake_up();

	public:

		Services(Allocator &alloc, Group &group) : _alloc(alloc), _group(group) { }
		~Services();

		bool any() { return _services.first(); }

		void add(char const *name, Capability<Root>);

		/*
		 * Root of a service; waits until it is announced
		 *
		 * \param client  the caller's
		 * \throw Blocking_canceled
		 */
		Capability<Root> root(Services &client, char const *name);

		/* Its component waits for no service any more */
		void cancel();
};

#endif
