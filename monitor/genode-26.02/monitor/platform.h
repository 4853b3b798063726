/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's operations on Genode (platform.h of the engine)
 */
#ifndef CAPLOG_GENODE_PLATFORM_H
#define CAPLOG_GENODE_PLATFORM_H

#include "clock.h"
#include "target.h"

namespace Caplog { struct Platform; }


struct Caplog::Platform
{
	/* Who has the sandbox make and end components */
	struct Maker : Interface
	{
		/* The member, empty and ready to be filled; nullptr: the sandbox did not make it */
		virtual Target *make(char const *name) = 0;

		/* All members that there are end */
		virtual bool end_all() = 0;

		virtual bool is_member(char const *name) const = 0;
	};

	/* Blocks for ever; core's pager is asked by way of it */
	struct Idle : Thread
	{
		Blockade blockade { };

		Idle(Env &env) : Thread(env, "idle", Stack_size { 4*1024*sizeof(long) }) { start(); }

		void entry() override { blockade.block(); }
	};

	Maker &maker;
	Clock  clock { };
	Idle   idle;

	Platform(Env &env, Maker &maker) : maker(maker), idle(env) { }

	caplog_platform ops();

	/* The operations of one part each */
	static void stop_ops(caplog_platform &);       /* platform_stop.cc       */
	static void checkpoint_ops(caplog_platform &); /* platform_checkpoint.cc */
	static void restore_ops(caplog_platform &);    /* platform_restore.cc    */

	static Platform &of(void *ctx)           { return *(Platform *)ctx; }
	static Target   &target_of(void *handle) { return *(Target *)handle; }

	static addr_t kcap(uint32_t slot) { return (addr_t)slot << CAPLOG_OWN(SLOT_SHIFT); }

	/* As core knows an object, if it made it */
	static caplog_badge badge_of(caplog_object const *o)
	{
		caplog_badge const badge = o ? (caplog_badge)o->badge : 0;

		return badge && o->badge < CAPLOG_PSEUDO_BADGE ? badge : (caplog_badge)Foc_native_pd::ANY;
	}
};

#endif
