/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_PARENT_PARENT_H
#define GENODE_API_PARENT_PARENT_H

#include <parent/capability.h>
#include <session/capability.h>
#include <thread/capability.h>

namespace Genode {

	struct Parent
	{
		struct Upgrade_args { Upgrade_args(char const *) { } };

		virtual ~Parent() { }

		virtual void              upgrade(Session_capability, Upgrade_args const &) = 0;
		virtual Thread_capability main_thread_cap() const = 0;
	};
}

#endif
