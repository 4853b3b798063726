/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a thread does before its own code runs
 */
#include <base/sleep.h>
#include <base/thread.h>
#include <foc/native_capability.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/native_utcb.h>

using namespace Genode;
using namespace Fiasco;


/*
 * Called before static constructors, by core as well
 */
void prepare_init_main_thread()
{
	/* nobody tells the badge of the main thread's gate: one that core never uses */
	enum { MAIN_THREAD_BADGE = 1 };

	l4_utcb_tcr()->user[UTCB_TCR_BADGE] =
		(addr_t)cap_map()->insert(MAIN_THREAD_BADGE, MAIN_THREAD_CAP);
	l4_utcb_tcr()->user[UTCB_TCR_THREAD_OBJ] = 0;
}


/*
 * Called by a fork: no capability is what it was, and the log starts anew
 */
void prepare_reinit_main_thread()
{
	cap_log_restart();
	cap_idx_alloc()->reinit();
	prepare_init_main_thread();
}


void Genode::Thread::_thread_bootstrap() { }


void Genode::Thread::_thread_start()
{
	Thread * const me = Thread::myself();

	me->_thread_bootstrap();
	me->entry();
	me->_join_lock.unlock();
	sleep_forever();
}
