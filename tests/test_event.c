/* SPDX-License-Identifier: BSD-2-Clause */
/* What the lists say of each event and kind of slot, and the bounds that follow */
#include "t_log.h"

static struct caplog_event t_valid(unsigned kind)
{
	struct caplog_event e = { .kind = (uint8_t)kind, .slot = 0x200, .badge = 8 };

	return e;
}

/* A value of a member that the event has is bounded, of one that it has not is ignored */
static void check_slot_member(struct caplog_event e, unsigned member, const char *name)
{
	const struct caplog_flavour *f = t_flavour();
	int const has = (caplog_event_members(e.kind) & member) != 0;

	if (caplog_event_valid(f, &e) != !has)
		fail_msg("%s: %s is slot 0x%x, valid: %d, expected %d", caplog_event_name(e.kind), name,
		         f->slot_count, has, !has);
}

static void test_bounds(void **state)
{
	const struct caplog_flavour *f = t_flavour();
	unsigned known = 0;

	(void)state;
	for (unsigned kind = 0; kind < CAPLOG_EVENT_KINDS; kind++) {
		struct caplog_event e = t_valid(kind);

		assert_int_equal(caplog_event_valid(f, &e), caplog_event_name(kind) != NULL);
		if (!caplog_event_name(kind))
			continue;
		known++;
		e.slot = (uint16_t)f->slot_count;
		assert_int_equal(caplog_event_valid(f, &e), 0);
		e = t_valid(kind);
		e.badge = 1u << f->badge_bits;
		assert_int_equal(caplog_event_valid(f, &e), 0);
		e = t_valid(kind);
		e.other = (uint16_t)f->slot_count;
		check_slot_member(e, CAPLOG_MEMBER_OTHER, "other");
		e = t_valid(kind);
		e.from = (uint16_t)f->slot_count;
		check_slot_member(e, CAPLOG_MEMBER_FROM, "from");
	}
	assert_int_equal(known, 9);
}

/* As docs/abi.md has them */
static void test_values(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < CAPLOG_EVENT_KINDS; kind++) {
		unsigned const expected = kind == CAPLOG_THREAD_START ? 2 : kind == CAPLOG_IRQ_ATTACH;

		assert_int_equal(caplog_event_ext(kind, 1), expected);
		assert_int_equal(caplog_event_ext(kind, 0), expected == 2 ? 2 : 0);
		assert_int_equal(caplog_begins_life(kind),
		                 kind == CAPLOG_INSERT_AT || kind == CAPLOG_INSERT_MAP);
	}
	for (unsigned kind = 0; kind < CAPLOG_KIND_NUMBERS; kind++)
		assert_int_equal(caplog_has_detail(kind), kind == CAPLOG_THREAD || kind == CAPLOG_IRQ);
	assert_null(caplog_kind_name(7));
	assert_null(caplog_event_name(CAPLOG_EXT));
}

static void test_pack(void **state)
{
	struct t_random r = t_seed("pack");

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		struct caplog_cap const cap = {
			.badge = t_below(&r, CAPLOG_BADGE_MASK + 1), .other = (uint16_t)t_next(&r),
			.kind = (uint8_t)t_below(&r, CAPLOG_KIND_NUMBERS), .stale = (uint8_t)t_below(&r, 2),
			.version = t_next(&r) & CAPLOG_VERSION_MASK
		};
		struct caplog_entry const e = caplog_pack(&cap);
		struct caplog_cap const back = caplog_unpack(e.badge_kind, e.other_version, e.version);

		assert_int_equal(back.badge, cap.badge);
		assert_int_equal(back.other, cap.other);
		assert_int_equal(back.kind, cap.kind);
		assert_int_equal(back.stale, cap.stale);
		assert_int_equal(back.version, cap.version);
	}
}

/* The numbers at compile time are those at run time, which are found by name */
static void test_flavours(void **state)
{
	size_t count;
	const struct caplog_flavour *f = caplog_flavours(&count);

	(void)state;
#define X(p)                                                          \
	assert_ptr_equal(caplog_flavour_by_name(p##_NAME), f);              \
	assert_string_equal(f->name, p##_NAME);                             \
	assert_int_equal(f->slot_count, p##_SLOTS);                         \
	assert_int_equal(f->thread_base, p##_THREAD_BASE);                  \
	assert_int_equal(f->parent_slot, p##_PARENT_SLOT);                  \
	assert_int_equal(f->user_base, p##_USER_BASE);                      \
	assert_int_equal(f->badge_bits, p##_BADGE_BITS);                    \
	assert_int_equal(f->badge_none, (uint32_t)p##_BADGE_NONE);          \
	assert_int_equal(f->threads, p##_THREADS);                          \
	f++;
	CAPLOG_FLAVOURS(X)
#undef X
	assert_int_equal(count, 4);
	assert_ptr_equal(f, caplog_flavours(NULL) + count);
	assert_string_equal(caplog_own_flavour()->name, CAPLOG_OWN(NAME));
	assert_memory_equal(caplog_own_flavour(), caplog_flavour_by_name(CAPLOG_OWN(NAME)),
	                    sizeof *f);
	assert_null(caplog_flavour_by_name("foc-16.0"));
	assert_null(caplog_flavour_by_name("foc-16.080"));
}

/* As many places as there are threads, side by side from the first, and no others */
static void test_thread_slots(void **state)
{
	size_t count;
	const struct caplog_flavour *f = caplog_flavours(&count);

	(void)state;
	for (; count--; f++) {
		uint32_t threads = 0, next = f->thread_base;

		for (uint32_t slot = 0; slot < 0x20000; slot++) {
			if (!caplog_is_thread_slot(f, slot))
				continue;
			assert_int_equal(slot, next);
			next += f->thread_stride;
			threads++;
		}
		assert_int_equal(threads, f->threads);
		t_compare(next, <=, f->user_base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_flavours),
		cmocka_unit_test(test_thread_slots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
