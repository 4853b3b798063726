/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger: lines by badge, by id and by kind, held against a plain list */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger.h"
#include "t_random.h"

static struct caplog_ledger *t_ledger(void)
{
	struct caplog_ledger *l = calloc(1, sizeof *l);

	assert_non_null(l);
	caplog_ledger_init(l);
	return l;
}

static void test_lines(void **state)
{
	struct caplog_ledger *l = t_ledger();
	union caplog_words const w = { .thread = { 0x9 } };

	(void)state;
	assert_null(caplog_ledger_by_badge(l, 8));
	assert_null(caplog_ledger_by_id(l, 1));
	assert_null(caplog_ledger_first(l, CAPLOG_OBJECT_THREAD));
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_THREAD, 8, &w, "a name of 16 char"), 1);
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 12, NULL, "PD"), 2);
	assert_int_equal(caplog_ledger_by_badge(l, 8)->thread.slot, 0x9);
	assert_string_equal(caplog_ledger_by_id(l, 1)->name, "a name of 16 ch");
	assert_int_equal(caplog_ledger_by_id(l, 2)->words.word[0], 0);
	assert_null(caplog_ledger_by_id(l, 3));
	assert_null(caplog_ledger_by_id(l, (uint64_t)1 << 32 | 1));
	assert_non_null(caplog_ledger_of(l, 2, CAPLOG_OBJECT_PD));
	assert_null(caplog_ledger_of(l, 2, CAPLOG_OBJECT_CPU));
	caplog_ledger_drop(l, caplog_ledger_by_badge(l, 12));
	assert_null(caplog_ledger_by_badge(l, 12));
	assert_null(caplog_ledger_of(l, 2, CAPLOG_OBJECT_PD));
	assert_int_equal(caplog_ledger_by_id(l, 2)->gone, 1);
	free(l);
}

/* Lines without a capability are found by id and kind, never by badge */
static void test_lines_without_a_capability(void **state)
{
	struct caplog_ledger *l = t_ledger();

	(void)state;
	caplog_ledger_give(l, CAPLOG_OBJECT_SERVICE, CAPLOG_PSEUDO_BADGE, NULL, "one");
	caplog_ledger_give(l, CAPLOG_OBJECT_SERVICE, CAPLOG_NO_BADGE, NULL, "two");
	assert_null(caplog_ledger_by_badge(l, CAPLOG_PSEUDO_BADGE));
	assert_null(caplog_ledger_by_badge(l, CAPLOG_NO_BADGE));
	caplog_ledger_rebadge(l, caplog_ledger_by_id(l, 2), 16);
	assert_string_equal(caplog_ledger_by_badge(l, 16)->name, "two");
	free(l);
}

static void test_kinds_of_no_list_are_unknown(void **state)
{
	struct caplog_ledger *l = t_ledger();

	(void)state;
	caplog_ledger_give(l, CAPLOG_OBJECT_NUMBERS - 1, 8, NULL, "a");
	caplog_ledger_give(l, CAPLOG_OBJECT_NUMBERS + 5, 12, NULL, "b");
	caplog_ledger_give(l, UINT32_MAX, 16, NULL, "c");
	for (uint32_t id = 1; id <= 3; id++)
		assert_int_equal(caplog_ledger_by_id(l, id)->kind, CAPLOG_OBJECT_UNKNOWN);
	caplog_ledger_drop(l, caplog_ledger_by_id(l, 3));
	caplog_ledger_drop(l, caplog_ledger_by_id(l, 3)); /* gone already: changes nothing */
	assert_int_equal(l->destroyed, 1);
	assert_int_equal(caplog_ledger_first(l, CAPLOG_OBJECT_UNKNOWN)->id, 2);
	free(l);
}

static void test_a_full_ledger_counts_what_it_lost(void **state)
{
	struct caplog_ledger *l = t_ledger();

	(void)state;
	for (uint32_t i = 0; i < CAPLOG_LEDGER_MAX; i++) {
		assert_int_equal(caplog_ledger_room(l), 1);
		assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 4 * i, NULL, ""), i + 1);
	}
	assert_int_equal(caplog_ledger_room(l), 0);
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 1, NULL, ""), 0);
	assert_int_equal(l->lost, 1);
	caplog_ledger_drop(l, caplog_ledger_by_badge(l, 40)); /* makes room */
	assert_int_equal(caplog_ledger_room(l), 1);
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_CPU, 40, NULL, ""), CAPLOG_LEDGER_MAX + 1);
	assert_int_equal(caplog_ledger_room(l), 0);
	assert_int_equal(caplog_ledger_first(l, CAPLOG_OBJECT_CPU)->badge, 40);
	assert_null(caplog_ledger_next(l, caplog_ledger_first(l, CAPLOG_OBJECT_CPU)));
	free(l);
}


/*
 * Random operations, against a plain list
 */

enum { LIVE = 400, TURNS = 60000, KINDS = 5 };

struct t_line { uint32_t id, kind, badge; int alive; };

static void t_compare(struct caplog_ledger *l, const struct t_line *line, uint32_t count)
{
	for (uint32_t kind = 1; kind <= KINDS; kind++) {
		struct caplog_object *o = caplog_ledger_first(l, kind);

		for (uint32_t i = count; i--; )
			if (line[i].alive && line[i].kind == kind) {
				if (!o || o->id != line[i].id || o->badge != line[i].badge)
					fail_msg("kind %u: line %u expected, %u found", kind, line[i].id, o ? o->id : 0);
				o = caplog_ledger_next(l, o);
			}
		assert_null(o);
	}
	for (uint32_t i = 0; i < count; i++)
		if (line[i].alive)
			assert_int_equal(caplog_ledger_by_badge(l, line[i].badge)->id, line[i].id);
}

static void test_random_operations(void **state)
{
	struct t_random random = t_seed("test_random_operations");
	uint32_t const turns = (uint32_t)t_turns(TURNS);
	struct t_line *line = calloc(turns, sizeof *line);
	struct caplog_ledger *l = t_ledger();
	uint32_t count = 0, alive = 0, badge = 4;

	(void)state;
	for (uint32_t turn = 0; turn < turns; turn++) {
		if (alive < LIVE && t_chance(&random, 55)) {
			struct t_line const fresh = { 0, 1 + t_below(&random, KINDS), badge += 4, 1 };
			line[count] = fresh;
			line[count].id = caplog_ledger_give(l, fresh.kind, fresh.badge, NULL, "");
			assert_int_not_equal(line[count++].id, 0);
			alive++;
		} else if (count) {
			struct t_line *one = &line[count - 1 - t_below(&random, count < LIVE ? count : LIVE)];
			if (one->alive && t_chance(&random, 70)) {
				caplog_ledger_drop(l, caplog_ledger_by_id(l, one->id));
				one->alive = 0;
				alive--;
			} else if (one->alive) {
				caplog_ledger_rebadge(l, caplog_ledger_by_id(l, one->id), one->badge = badge += 4);
			}
		}
		if (turn % 1000 == 0 || turn + 1 == turns)
			t_compare(l, line, count);
	}
	free(line);
	free(l);
}

/* An id that came again would name another object in an image: the ledger refuses before */
static void test_ids_do_not_come_again(void **state)
{
	struct caplog_ledger *l = t_ledger();

	(void)state;
	l->next_id = UINT32_MAX - 1;
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 8, NULL, "last"), UINT32_MAX - 1);
	for (unsigned i = 1; i < 4; i++) {
		assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 12, NULL, "more"), 0);
		assert_int_equal(l->lost, i);
	}
	assert_int_equal(l->count, 1);
	assert_null(caplog_ledger_by_badge(l, 12));
	assert_string_equal(caplog_ledger_by_id(l, UINT32_MAX - 1)->name, "last");
	/* nor does the number of those without a line */
	l->lost = UINT32_MAX;
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 12, NULL, "more"), 0);
	assert_int_equal(l->lost, UINT32_MAX);
	free(l);
}

/* A full ledger drops what is gone; what is left is found by badge, by id and by kind */
static void test_compaction(void **state)
{
	struct caplog_ledger *l = t_ledger();
	uint32_t living = 0;

	(void)state;
	for (uint32_t i = 0; i < CAPLOG_LEDGER_MAX; i++)
		caplog_ledger_give(l, i % 2 ? CAPLOG_OBJECT_PD : CAPLOG_OBJECT_CPU, 4 * i + 8, NULL, "");
	for (uint32_t i = 0; i < CAPLOG_LEDGER_MAX; i += 3)
		caplog_ledger_drop(l, caplog_ledger_by_id(l, i + 1));
	assert_int_equal(caplog_ledger_give(l, CAPLOG_OBJECT_PD, 4, NULL, ""), CAPLOG_LEDGER_MAX + 1);
	assert_int_equal(l->lost, 0);
	for (uint32_t i = 0; i < CAPLOG_LEDGER_MAX; i++) {
		const struct caplog_object *o = caplog_ledger_by_badge(l, 4 * i + 8);

		assert_int_equal(o ? o->id : 0, i % 3 ? i + 1 : 0);
		assert_ptr_equal(caplog_ledger_by_id(l, i + 1), o);
	}
	for (uint32_t kind = CAPLOG_OBJECT_PD; kind <= CAPLOG_OBJECT_CPU; kind++)
		for (struct caplog_object *o = caplog_ledger_first(l, kind); o; o = caplog_ledger_next(l, o)) {
			assert_int_equal(o->kind, kind);
			assert_in_range(living++, 0, l->count - 1);
		}
	assert_int_equal(living, l->count);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lines_without_a_capability),
		cmocka_unit_test(test_kinds_of_no_list_are_unknown),
		cmocka_unit_test(test_a_full_ledger_counts_what_it_lost),
		cmocka_unit_test(test_random_operations),
		cmocka_unit_test(test_compaction),
		cmocka_unit_test(test_ids_do_not_come_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
