/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_PARENT_PARENT_H
#define GENODE_API26_PARENT_PARENT_H

#include <base/capability.h>
#include <cpu_session/cpu_session.h>
#include <util/string.h>

namespace Genode {

	struct Parent
	{
		struct Client { struct Id { unsigned long value; }; };

		/* Sessions that a component has from its start on */
		struct Env { static Client::Id pd() { return { 1 }; } };

		enum class Upgrade_result { OK, PENDING, OUT_OF_RAM, OUT_OF_CAPS };

		struct Upgrade_args { Upgrade_args(char const *) { } };

		virtual ~Parent() { }

		virtual Upgrade_result    upgrade(Client::Id, Upgrade_args const &) = 0;
		virtual Thread_capability main_thread_cap() const = 0;
	};
}

#endif
