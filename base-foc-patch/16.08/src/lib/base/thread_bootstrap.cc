/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First and last steps of threads
 */
#include <base/sleep.h>
#include <base/thread.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/kept_replies.h>
#include <base/internal/utcb_words.h>

using namespace Genode;


/*
 * The startup code calls this before any constructor runs, in core as well.
 * The main thread was made by somebody else: its gate is at a fixed slot, under
 * a badge that core never hands out, and it gets its Thread object later.
 */
void prepare_init_main_thread()
{
	addr_t const gate = Cap_space::kcap_of(Cap_space::MAIN_THREAD);

	Utcb_words().set(cap_map()->insert(Cap_space::MAIN_BADGE, gate), nullptr);
}


/*
 * After a fork: nothing that the memory says of capabilities is true, so the
 * map and the log start from nothing
 */
void prepare_reinit_main_thread()
{
	cap_log_restart();
	kept_replies.clear();
	cap_space.calls = nullptr;
	cap_idx_alloc()->clear();
	prepare_init_main_thread();
}


void Thread::_thread_start()
{
	Thread &self = *Thread::myself();

	self.entry();

	/* from here on 'join' returns, and the object may be destroyed */
	self._join_lock.unlock();
	sleep_forever();
}
