/* SPDX-License-Identifier: BSD-2-Clause */
/* The flat map where a random load seldom comes: full, rewritten, silent */
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "t_model.h"

static struct caplog_map map;

static void empty_map(uint32_t count, uint32_t first)
{
	memset(&storage, 0, sizeof storage);
	CAPLOG_MAP_BIND(&map, &storage);
	caplog_map_init(&map, count, first, BUCKETS, NULL);
}

/* The last slot is never handed out by a scan, and full is full */
static void test_exhausted(void **state)
{
	(void)state;
	empty_map(4096, 0x200);
	for (uint32_t slot = 0x200; slot < 4095; slot++)
		assert_int_equal(caplog_map_alloc(&map, 1), slot);
	assert_int_equal(caplog_map_alloc(&map, 1), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4), CAPLOG_NONE);
	assert_int_equal(caplog_map_insert(&map, 0x40), CAPLOG_NONE);
	assert_int_equal(caplog_map_find(&map, 0x40), CAPLOG_NONE);
	assert_int_equal(caplog_map_insert_at(&map, 0x40, 4095), 0);
	assert_int_equal(caplog_map_find(&map, 0x40), 4095);
	assert_int_equal(caplog_map_free(&map, 4091, 4), 0);
	assert_int_equal(caplog_map_alloc(&map, 4), 4091);

	/* sizes that wrap */
	empty_map(4096, 0x200);
	assert_int_equal(caplog_map_alloc(&map, 0), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4096), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 0xffffffff), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4095 - 0x200 + 1), CAPLOG_NONE);
	assert_int_equal(caplog_map_alloc(&map, 4095 - 0x200), 0x200);
	assert_int_equal(caplog_map_free(&map, 0x200, 0xffffffff), -EINVAL);
	assert_int_equal(caplog_map_free(&map, 4096, 1), -EINVAL);
	assert_int_equal(caplog_map_free(&map, 4000, 97), -EINVAL);
	assert_int_equal(caplog_map_free(&map, 0x200, 0), -EINVAL);
	assert_int_equal(t_map_used(&map), 4095 - 0x200);
}

/* Windows and repeated receptions write nothing */
static void test_quiet(void **state)
{
	struct model *m = t_alloc(sizeof *m);
	struct caplog_map_ops const ops = { equal, valid, grant, m };
	struct t_log log;

	(void)state;
	t_log_open(&log, 65536);
	CAPLOG_MAP_BIND(&map, &storage);
	caplog_map_init(&map, 4096, 0x200, BUCKETS, &log.writer);
	m->object[0x300] = 7;
	assert_int_equal(caplog_map_insert_map(&map, 0x40, 0x300, &ops, NULL), 0x200);
	assert_int_equal(t_head(&log)->head_lo, 1);
	for (unsigned i = 0; i < 1000; i++) {
		uint32_t const window = caplog_map_alloc(&map, 4);

		m->object[window] = 7;
		assert_int_equal(caplog_map_insert_map(&map, 0x40, window, &ops, NULL), 0x200);
		m->object[window] = 9; /* a forgery */
		assert_int_equal(caplog_map_insert_map(&map, 0x40, window, &ops, NULL), CAPLOG_NONE);
		assert_int_equal(caplog_map_free(&map, window, 4), 0);
	}
	assert_int_equal(t_head(&log)->head_lo, 1);
	t_log_close(&log);
	free(m);
}

/* A badge that core never hands out, another one for each slot */
static void test_dead_badges(void **state)
{
	uint8_t *taken = t_alloc(0x10000);
	size_t count;
	const struct caplog_flavour *f = caplog_flavours(&count);

	(void)state;
	for (; count--; f++) {
		memset(taken, 0, 0x10000);
		for (uint32_t slot = 0; slot < f->slot_count; slot++) {
			uint32_t const badge = caplog_dead_badge(f, slot);

			assert_in_range(badge, 2, f->badge_none - 1);
			assert_int_not_equal(badge % f->badge_step, 0);
			assert_in_range(badge, 0, 0xffff);
			assert_false(taken[badge]);
			taken[badge] = 1;
		}
	}
	free(taken);
}

/* As many entries as core has: each is found, and each slot comes again */
static void test_all_of_core(void **state)
{
	uint32_t const count = CAPLOG_OWN(CORE_SLOTS), first = CAPLOG_OWN(USER_BASE);
	uint32_t const step = CAPLOG_OWN(BADGE_STEP);

	(void)state;
	empty_map(count, first);
	for (uint32_t slot = first; slot < count - 1; slot++)
		assert_int_equal(caplog_map_insert(&map, step * slot), slot);
	assert_int_equal(caplog_map_insert(&map, step), CAPLOG_NONE);
	for (uint32_t slot = first; slot < count - 1; slot++)
		assert_int_equal(caplog_map_find(&map, step * slot), slot);
	for (uint32_t slot = first; slot < count - 1; slot += 2)
		assert_int_equal(caplog_map_remove(&map, slot, 0), 0);
	for (uint32_t slot = first; slot < count - 1; slot++)
		assert_int_equal(caplog_map_find(&map, step * slot),
		                 (slot - first) % 2 ? slot : CAPLOG_NONE);
	for (uint32_t slot = first; slot < count - 1; slot += 2)
		assert_int_equal(caplog_map_insert(&map, step * slot), slot);
}

/* After a rewriting any call may be the first, and finds entries by their new badges */
static void test_first_call_after_rewriting(void **state)
{
	struct model *m = t_alloc(sizeof *m);
	struct caplog_map_ops const ops = { equal, valid, grant, m };

	(void)state;
	for (unsigned call = 0; call < 8; call++) {
		uint32_t slot = 0x240, badge = 0x4000 + 8 * 0x40, live = 0x80, removed = CAPLOG_NONE;

		empty_map(4096, 0x200);
		for (uint32_t i = 0; i < live; i++)
			assert_int_equal(caplog_map_insert(&map, 8 * (i + 1)), 0x200 + i);
		for (uint32_t i = 0; i < live; i++)
			map.badge[0x200 + i] = (caplog_badge)(0x4000 + 8 * i);
		map.epoch++;
		memset(m->object, 0, sizeof m->object);
		switch (call) {
		case 0: assert_int_equal(caplog_map_remove(&map, slot, 1), 0); removed = slot; break;
		case 1: assert_int_equal(caplog_map_free(&map, slot, 1), 0); removed = slot; break;
		case 2: caplog_map_set_badge(&map, slot, 0); removed = slot; break;
		case 3:
			caplog_map_set_badge(&map, slot, 0x9000);
			assert_int_equal(caplog_map_find(&map, 0x9000), slot);
			removed = slot;
			break;
		case 4:
			assert_int_equal(caplog_map_insert_at(&map, badge, 0x300), 0);
			assert_int_equal(caplog_map_find(&map, badge), 0x300);
			/* the one before is stale: it does not come back */
			assert_int_equal(caplog_map_remove(&map, 0x300, 1), 0);
			removed = slot;
			break;
		case 5:
			assert_int_equal(caplog_map_insert_at(&map, 0x9000, slot), 0);
			assert_int_equal(caplog_map_find(&map, 0x9000), slot);
			removed = slot;
			break;
		case 6:
			m->object[slot] = m->object[0x400] = 7;
			assert_int_equal(caplog_map_insert_map(&map, badge, 0x400, &ops, NULL), slot);
			break;
		case 7:
			assert_int_equal(caplog_map_insert(&map, 0x9000), 0x200 + live);
			assert_int_equal(caplog_map_find(&map, 0x9000), 0x200 + live);
			break;
		}
		assert_int_equal(caplog_map_find(&map, 0), CAPLOG_NONE);
		for (uint32_t i = 0; i < live; i++) {
			assert_int_equal(caplog_map_find(&map, 8 * (i + 1)), CAPLOG_NONE);
			if (0x200 + i != removed)
				assert_int_equal(caplog_map_find(&map, 0x4000 + 8 * i), 0x200 + i);
			else
				assert_int_equal(caplog_map_find(&map, 0x4000 + 8 * i), CAPLOG_NONE);
		}
		/* and so it is once the index is built again */
		map.epoch++;
		assert_int_equal(caplog_map_find(&map, 0), CAPLOG_NONE);
		assert_int_equal(caplog_map_find(&map, 8), CAPLOG_NONE);
	}
	free(m);
}

/* The epoch is a number that comes round, and nothing else */
static void test_epoch_wraps(void **state)
{
	(void)state;
	empty_map(4096, 0x200);
	map.epoch = map.indexed_epoch = 0xffffffff;
	assert_int_equal(caplog_map_insert(&map, 0x40), 0x200);
	map.badge[0x200] = 0x48;
	map.epoch++;
	assert_int_equal(caplog_map_find(&map, 0x40), CAPLOG_NONE);
	assert_int_equal(caplog_map_find(&map, 0x48), 0x200);
}

/*
 * A restore in the middle of rebuild: all badges are others when it reads one of
 * the last page of badges
 */
enum { EARLY = 0x300, LATE = 0xff0, PLACE = 65536 };

static void rewrite(int signal)
{
	size_t const page = (size_t)sysconf(_SC_PAGESIZE);

	(void)signal;
	mprotect((char *)(map.badge + 4096) - page, page, PROT_READ | PROT_WRITE);
	map.badge[EARLY] = 0x4000;
	map.badge[LATE]  = 0x4008;
	map.epoch++;
}

static void test_rewritten_meanwhile(void **state)
{
	size_t const page = (size_t)sysconf(_SC_PAGESIZE);
	void *place = mmap(NULL, PLACE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void (*before)(int);

	(void)state;
	assert_ptr_not_equal(place, MAP_FAILED);
	CAPLOG_MAP_BIND(&map, &storage);
	map.badge = (caplog_badge *)place;
	caplog_map_init(&map, 4096, 0x200, BUCKETS, NULL);
	assert_int_equal(caplog_map_insert_at(&map, 0x40, EARLY), 0);
	assert_int_equal(caplog_map_insert_at(&map, 0x48, LATE), 0);
	map.badge[EARLY] = 0x2000;
	map.badge[LATE]  = 0x2008;
	map.epoch++;
	before = signal(SIGSEGV, rewrite);
	assert_int_equal(mprotect((char *)(map.badge + 4096) - page, page, PROT_NONE), 0);
	assert_int_equal(caplog_map_find(&map, 0x4000), EARLY);
	signal(SIGSEGV, before);
	assert_int_equal(caplog_map_find(&map, 0x4008), LATE);
	assert_int_equal(caplog_map_find(&map, 0x2000), CAPLOG_NONE);
	assert_int_equal(caplog_map_find(&map, 0x2008), CAPLOG_NONE);
	munmap(place, PLACE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exhausted),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_dead_badges),
		cmocka_unit_test(test_all_of_core),
		cmocka_unit_test(test_first_call_after_rewriting),
		cmocka_unit_test(test_epoch_wraps),
		cmocka_unit_test(test_rewritten_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
