/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's operations on Genode (platform.h of the engine)
 */
#ifndef CAPLOG_GENODE_PLATFORM_H
#define CAPLOG_GENODE_PLATFORM_H

#include <timer_session/connection.h>

#include "messenger.h"
#include "target.h"

namespace Caplog { struct Platform; }


struct Caplog::Platform
{
	Messenger          messenger;
	Messenger_env      env;
	Allocator         &alloc;
	Xml_node           config;
	Group             *group = nullptr; /* that a restore fills */
	Timer::Connection &timer;
	Limits             limits { config };
	Timers             timers { env };

	Platform(Env &env, Allocator &alloc, Xml_node config, Timer::Connection &timer)
	:
		messenger(env, alloc, timer), env(env, messenger), alloc(alloc), config(config), timer(timer)
	{ }

	caplog_platform ops();

	/* The operations of one part each */
	static void stop_ops(caplog_platform &);       /* platform_stop.cc       */
	static void checkpoint_ops(caplog_platform &); /* platform_checkpoint.cc */
	static void restore_ops(caplog_platform &);    /* platform_restore.cc    */
	static void track_ops(caplog_platform &);      /* written.cc             */

	static Platform &of(void *ctx)           { return *(Platform *)ctx; }
	static Target   &target_of(void *handle) { return *(Target *)handle; }

	static addr_t kcap(uint32_t slot) {
		return (addr_t)slot << caplog_flavours(nullptr)->slot_shift; }

	/* As core knows an object, if it made it */
	static caplog_badge badge_of(caplog_object const *o)
	{
		caplog_badge const badge = o ? (caplog_badge)o->badge : 0;

		return badge && badge == o->badge ? badge : (caplog_badge)Foc_native_pd::ANY;
	}

	/* Call fn with the configuration's node of a target; false: no such node */
	template <typename FN> bool with_node(char const *name, FN const &fn)
	{
		bool found = false;

		config.for_each_sub_node("target", [&] (Xml_node node) {
			if (found || !node.has_attribute("name")
			 || !node.attribute("name").has_value(name))
				return;
			found = true;
			fn(node);
		});
		return found;
	}
};

#endif
