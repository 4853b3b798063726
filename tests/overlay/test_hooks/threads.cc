/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Start and end of a thread
 */
#include "hooks.h"

#include <base/internal/native_utcb.h>


static bool go;
static unsigned slept;

void test_thread()
{
	/* the CPU session's capability stays */
	{ Worker w([] () { }); w.join(); }
	uint32_t const used = t_used();
	go = false;

	Worker *w = new Worker([] () { wait_for([] () { return go; }); });

	check(w->gate() == Cap_space::kcap_of(GATE));
	check(w->thread() == core_thread(1));
	check((addr_t)w->utcb()->foc_utcb == HK_UTCBS + HK_PAGE + UTCB_OFFSET);
	check(core.stack_top[1]);
	compare();
	if (logged())
		check(space.cap[GATE].kind == CAPLOG_THREAD);
	if (logged())
		check(space.b[GATE] == (uintptr_t)w);

	/* its function is over, and the thread does not run on into nothing */
	slept = sleepers;
	go = true;
	w->join();
	wait_for([] () { return sleepers == slept + 1; });
	delete w;
	compare();
	check(!core_thread(1));
	check(t_used() == used);
	if (logged())
		check(space.cap[GATE].kind == CAPLOG_EMPTY);
}
