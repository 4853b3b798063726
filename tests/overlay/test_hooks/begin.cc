/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The main thread: its first steps, the log, and a fork
 */
#include "hooks.h"

#include <base/internal/native_utcb.h>

#include <string.h>

void prepare_init_main_thread();
void prepare_reinit_main_thread();


struct Main : Thread
{
	Main() : Thread(10, "main", 0, MAIN) { }
	void entry() override { }
};

static void expect_log()
{
	bool const good = core.log == LOG_GOOD || core.log == LOG_ODD;

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

	unsigned long const * const words = Fiasco::l4_utcb_tcr()->user;
	check(words[Fiasco::UTCB_TCR_BADGE] == (uintptr_t)cap_space.data(9));
	check(words[Fiasco::UTCB_TCR_THREAD_OBJ] == 0);
	check(cap_space.map.badge[9] == 1);
	check(!Thread::myself());

	/* what comes before there is a log is kept */
	Native_capability const early = give(72), dropped = give(64);
	check(cap_log_writer()->state == CAPLOG_WRITER_EARLY);
	check(cap_log_writer()->early_count >= 4);

	Main * const main = new Main;
	check(Thread::myself() == main);
	check(main->native_thread().kcap == Fiasco::MAIN_THREAD_CAP);
	check(core.asked_for_log == 1);
	expect_log();
	check_kind(early, CAPLOG_RECEIVED);
}

/* A fork: the map is recreated, and so is the log */
void test_reinit()
{
	uint32_t const generation = logged() ? reader.header.generation : 0;

	compare();
	if (core.attached > core.detached)
		env()->rm_session()->detach((void *)HK_LOG);
	core.attached = core.detached = 0;
	::memset(dead, 0, sizeof(dead));

	prepare_reinit_main_thread();
	check(cap_log_writer()->state == CAPLOG_WRITER_EARLY);
	for (uint32_t s = 0; s < HK_SLOTS; s++)
		check(cap_space.map.badge[s] == (s == 9));
	check(!Thread::myself());

	forget_environment();
	new Main;
	expect_log();
	if (logged())
		check(reader.header.generation == generation + 1);
	test_received();
	test_stale();
}
