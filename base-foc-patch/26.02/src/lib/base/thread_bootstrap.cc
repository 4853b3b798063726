/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First and last steps of threads
 */
#include <base/sleep.h>
#include <base/thread.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/globals.h>
#include <base/internal/utcb_words.h>

using namespace Genode;


/*
 * The startup code calls this before any constructor runs, in core as well.
 * The main thread was made by somebody else: its gate is at a fixed slot, under
 * a badge that core never hands out, and it gets its Thread object later.
 */
void Genode::prepare_init_main_thread()
{
	addr_t const gate = Cap_space::kcap_of(Cap_space::MAIN_THREAD);

	Utcb_words().set(cap_map().insert(Cap_space::MAIN_BADGE, gate), nullptr);
}


void Thread::_thread_bootstrap() { }


void Thread::_thread_start()
{
	Thread &self = *Thread::myself();

	self._thread_bootstrap();
	self.entry();

	/* from here on 'join' returns, and the object may be destroyed */
	self._join.wakeup();
	sleep_forever();
}
