/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The main thread: its first steps, and the log
 */
#include "hooks.h"

#include <base/internal/native_utcb.h>

#include <string.h>

void expect_log()
{
	bool const good = core.log == LOG_GOOD || core.log == LOG_ODD || core.log == LOG_TIGHT;

	check(cap_log_writer()->state == (good ? CAPLOG_WRITER_ON : CAPLOG_WRITER_OFF));
	check(core.attached == (good || core.log == LOG_UNALIGNED));
	check(core.detached == (core.log == LOG_UNALIGNED));
	if (!good)
		return;

	open_log();
	compare();

	/* the log contains the place of the map, so that a monitor can rewrite it */
	caplog_map_place place;
	check(caplog_reader_map(&reader, &place) == 0);
	check(place.address == (uintptr_t)cap_space.map.badge);
	check(place.count == HK_SLOTS);
	check(place.epoch_address == (uintptr_t)&cap_space.map.epoch);
}

void test_begin()
{
	prepare_init_main_thread();

	unsigned long const * const words = Foc::l4_utcb_tcr()->user;
	check(words[Foc::UTCB_TCR_BADGE] == (uintptr_t)cap_space.data(MAIN_GATE));
	check(words[Foc::UTCB_TCR_THREAD_OBJ] == 0);
	check(cap_space.map.badge[MAIN_GATE] == 1);
	check(!Thread::myself());

	/* what comes before there is a log is kept */
	Native_capability const early = give(72), dropped = give(64);
	check(cap_log_writer()->state == CAPLOG_WRITER_EARLY);
	check(cap_log_writer()->early_count >= 4);

	Main_thread * const main = new Main_thread;
	check(Thread::myself() == main);
	check(main->gate() == Foc::MAIN_THREAD_CAP);
	check(core.asked_for_log == 1);
	expect_log();
	check_kind(early, CAPLOG_RECEIVED);
}
