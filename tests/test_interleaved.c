/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer that runs between any two loads of the reader, without threads: the
 * same seed gives the same run. What a call returns is the state at an instant
 * within the call.
 */
#include "t_log.h"

#include "t_loads.h"

enum { PAST = 1 << 17 };

static struct {
	struct t_log    log;
	struct t_ref   *ref;
	struct t_random r;
	uint32_t        slots;
	uint32_t        generation;
	uint32_t        per_million;  /* chance of a burst before a load */
	uint32_t        burst;        /* events in it, at most           */
	uint32_t        format_chance;
	uint32_t        burst_at;     /* loads until a burst for sure; 0: none */
	int             running;      /* a reader is at work             */
	/* states since the call began: of all slots, and slot by slot */
	uint64_t        state[PAST];
	struct { uint16_t slot; uint64_t hash; } change[PAST];
	uint32_t        past;
} t;

static struct caplog_space fresh_space, followed_space;

static void remember(uint32_t slot)
{
	if (t.past == PAST)
		fail_msg("the writer runs too much for this test");
	t.state[t.past] = t.ref->hash;
	t.change[t.past].slot = (uint16_t)slot;
	t.change[t.past].hash = t_slot_hash(slot, &t.ref->slot[slot]);
	t.past++;
}

static void write_one(void)
{
	struct t_event const e = t_random_event(&t.r, t.ref, t_below(&t.r, t.slots));

	t_write(&t.log.writer, &e);
	t_ref_apply(t.ref, &e);
	remember(e.slot);
}

static void before_load(void)
{
	if (t.running && t.burst_at && !--t.burst_at) {
		t.running = 0;
		for (uint32_t n = t.burst; n; n--)
			write_one();
		t.running = 1;
	}
	if (!t.running || t_below(&t.r, 1000000) >= t.per_million)
		return;
	t.running = 0;
	for (uint32_t n = 1 + t_below(&t.r, t.burst); n; n--)
		write_one();
	if (t.format_chance && t_chance(&t.r, t.format_chance)) {
		memset(t.ref, 0, sizeof *t.ref);
		t_log_open_generation(&t.log, t.log.size, ++t.generation);
		for (uint32_t i = 0; i < t.slots; i++)
			remember(i);
	}
	t.running = 1;
}

static int slot_had(uint32_t slot, uint64_t hash, uint64_t at_begin)
{
	if (hash == at_begin)
		return 1;
	for (uint32_t i = 0; i < t.past; i++)
		if (t.change[i].slot == slot && t.change[i].hash == hash)
			return 1;
	return 0;
}

static void check_instant(const struct caplog_space *space, const struct t_ref *ref_at_begin)
{
	uint64_t const hash = t_space_hash(space), at_begin = ref_at_begin->hash;

	if (hash == at_begin)
		return;
	for (uint32_t i = 0; i < t.past; i++)
		if (t.state[i] == hash)
			return;
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		struct t_slot const s = t_slot_of(space, i);

		if (!slot_had(i, t_slot_hash(i, &s), t_slot_hash(i, &ref_at_begin->slot[i])))
			fail_msg("slot 0x%x: kind %u badge 0x%x stale %u a 0x%llx: it never had that state "
			         "during the call (%u events)", i, s.kind, s.badge, s.stale,
			         (unsigned long long)s.a, t.past);
	}
	fail_msg("the state is none of the %u that there were during the call", t.past);
}

struct load {
	const char *name;
	size_t      size;
	uint32_t    slots, per_million, burst, format_chance;
	uint64_t    calls;
};

static void run(const struct load *l)
{
	struct t_ref *ref_at_begin = t_alloc(sizeof *ref_at_begin);
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader follower, r;
	uint64_t again = 0, calls = t_turns(l->calls), seen = 0;

	memset(&t, 0, sizeof t);
	t.r = t_seed(l->name);
	t.ref = t_alloc(sizeof *t.ref);
	t.slots = l->slots;
	t.per_million = l->per_million;
	t.burst = l->burst;
	t.format_chance = l->format_chance;
	t.generation = 1;
	t_log_open(&t.log, l->size);
	assert_int_equal(caplog_reader_open(&follower, t.log.bytes, t.log.size, &diag), 0);
	for (uint64_t i = 0; i < calls; i++) {
		int const fresh = t_chance(&t.r, 30);
		struct caplog_reader *use = fresh ? &r : &follower;
		struct caplog_space *space = fresh ? &fresh_space : &followed_space;
		int err;

		if (fresh)
			assert_int_equal(caplog_reader_open(&r, t.log.bytes, t.log.size, &diag), 0);
		for (uint32_t n = t_below(&t.r, 8); n; n--)
			write_one();
		t.past = 0;
		*ref_at_begin = *t.ref;
		t.running = 1;
		err = caplog_reader_update(use, space, NULL, &diag);
		t.running = 0;
		again += err == -EAGAIN;
		if (err && err != -EAGAIN)
			fail_msg("update: %s", diag.text);
		if (!err)
			check_instant(space, ref_at_begin);
		seen += t.past;

		/* at rest the same reader sees everything */
		if ((err = caplog_reader_update(use, space, NULL, &diag)))
			fail_msg("update at rest: %s", diag.text);
		t_assert_equal(t.ref, space, fresh ? "fresh, at rest" : "follower, at rest");
	}
	printf("  %llu calls, %llu events during calls, %llu tried again\n",
	       (unsigned long long)calls, (unsigned long long)seen, (unsigned long long)again);
	if (!l->format_chance && l->burst <= 40)
		t_compare(again * 50, <, calls + 50);
	t_log_close(&t.log);
	free(t.ref);
	free(ref_at_begin);
}

static void test_running(void **state)
{
	static const struct load loads[] = {
		{ "few slots", 65536, 12, 5000, 3, 0, 3000 },
		{ "many slots", 65536, 4000, 10000, 3, 0, 1500 },
		{ "all the time", 131072, 12, 50000, 1, 0, 600 },
		{ "overrun", 57344, 12, 1000, 120, 0, 1000 },
		{ "small log", 20480, 12, 1500, 4, 0, 2000 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		run(&loads[i]);
}

/* The ring is overwritten as a whole before one load, which is each in turn */
static void test_overrun_before_each_load(void **state)
{
	enum { SIZE = 20480, EVENTS = 3 };
	struct caplog_diag diag = { 0, "" };
	struct t_ref *ref_at_begin = t_alloc(sizeof *ref_at_begin);
	struct t_random r0;

	(void)state;
	for (uint32_t at = 1, left = 0; !left; at++) {
		struct caplog_reader r;

		memset(&t, 0, sizeof t);
		t.r = at == 1 ? t_seed("overrun before each load") : r0;
		r0 = t.r;
		t.ref = t_alloc(sizeof *t.ref);
		t.slots = 12;
		t_log_open(&t.log, SIZE);
		assert_int_equal(caplog_reader_open(&r, t.log.bytes, t.log.size, &diag), 0);
		assert_int_equal(caplog_reader_update(&r, &followed_space, NULL, &diag), 0);
		for (uint32_t n = EVENTS; n; n--)
			write_one();
		t.past = 0;
		*ref_at_begin = *t.ref;
		t.burst = t_header(&t.log)->ring_count + EVENTS;
		t.burst_at = at;
		t.running = 1;
		if (caplog_reader_update(&r, &followed_space, NULL, &diag))
			fail_msg("update: %s", diag.text);
		t.running = 0;
		left = t.burst_at; /* there are no more loads */
		check_instant(&followed_space, ref_at_begin);
		t_log_close(&t.log);
		free(t.ref);
	}
	free(ref_at_begin);
}

/* The component formats its log in the middle of a call */
static void test_formatted_meanwhile(void **state)
{
	static const struct load loads[] = {
		{ "formatted meanwhile", 65536, 12, 300, 3, 30, 1500 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		run(&loads[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_running),
		cmocka_unit_test(test_overrun_before_each_load),
		cmocka_unit_test(test_formatted_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
