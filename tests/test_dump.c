/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog dump of logs: whole, cut, changed, overwritten, live */
#include "t_files.h"
#include "t_random.h"

#include "tool.h"

#define TRACE T_TRACES "rom_filter.rom_filter.trace"

static unsigned count(const char *text, const char *part)
{
	unsigned n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

/* All events of a log whose ring holds them, and all slots */
static void whole(const char *trace, const char *unused)
{
	(void)unused;
	t_expect(0, "import", trace, "-o", t_path("log"));
	struct t_run r = t_tool("dump", t_path("log")), events = t_tool("export", t_path("log"));
	struct t_run slots = t_tool("show", t_path("log"));

	assert_int_equal(r.status, 0);
	t_assert_has(r.out, ", sealed\n");
	t_assert_has(r.out, "\n0 problems\n");
	assert_int_equal(count(r.out, " kcap=") + count(r.out, " irq="), count(events.out, "\n"));
	assert_int_equal(count(r.out, "\n\t0x"), count(slots.out, "\n0x"));
	assert_int_equal(count(r.out, ": utcb="), count(slots.out, "  utcb="));
	t_run_free(&slots);
	t_run_free(&events);
	t_run_free(&r);
}

static void test_each_trace(void **state)
{
	(void)state;
	t_each_trace(whole);
}

/* The newest events, when the ring is too small for all */
static void test_overwritten(void **state)
{
	(void)state;
	t_expect(0, "import", "-s", "60K", "-o", t_path("log"), T_TRACES "sig.test-signal.trace");
	struct t_run r = t_tool("dump", t_path("log"));
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "\n0 problems\n");
	t_run_free(&r);
}

static struct t_run dump_of(const void *bytes, size_t size)
{
	t_write(t_path("bad"), bytes, size);
	return t_tool("dump", t_path("bad"));
}

static void test_damaged(void **state)
{
	struct t_random random = t_seed("test_damaged");
	size_t size;

	(void)state;
	t_expect(0, "import", TRACE, "-s", "60K", "-o", t_path("log"));
	char *bytes = t_read(t_path("log"), &size);

	for (size_t cut = 8; cut < size; cut += cut < 300 ? 13 : 5003) {
		struct t_run r = dump_of(bytes, cut);

		assert_int_equal(r.status, 1);
		t_assert_has(r.out, "\n! 0x");
		t_run_free(&r);
	}
	for (unsigned i = 0; i < t_turns(150); i++) {
		uint32_t const at = t_below(&random, i % 2 ? 512 : (uint32_t)size);
		char const before = bytes[at];

		bytes[at] ^= (char)(1 + t_below(&random, 255));
		struct t_run r = dump_of(bytes, size);
		assert_int_equal(r.status, 1);
		t_assert_has(r.out, "! 0x");
		t_run_free(&r);
		bytes[at] = before;
	}
	free(bytes);
}

/* Where the damage is, and that the rest is printed */
static void test_place_of_damage(void **state)
{
	size_t size;
	char where[64];

	(void)state;
	t_expect(0, "import", TRACE, "-s", "60K", "-o", t_path("log"));
	char *bytes = t_read(t_path("log"), &size);
	struct caplog_header h;

	memcpy(&h, bytes, sizeof h);
	uint32_t const entry = h.table_offset + 0x213 * h.entry_size;
	bytes[entry + 3] = 0x70; /* no such kind of slot */
	bytes[h.ring_offset + 5 * h.record_size + 3] = (char)0xe0; /* nor such an event */
	struct t_run r = dump_of(bytes, size);
	assert_int_equal(r.status, 1);
	snprintf(where, sizeof where, "! 0x%x: slot 0x213: kind 7, ", entry);
	t_assert_has(r.out, where);
	snprintf(where, sizeof where, "! 0x%x: record 5: event 14 ", h.ring_offset + 5 * h.record_size);
	t_assert_has(r.out, where);
	t_assert_has(r.out, "\n\t0x214   0xb90      rpc");
	t_assert_has(r.out, "rpc_alloc badge=0xb90 kcap=0x214000 ep=0xc000\n");
	t_run_free(&r);

	/* without its magic it is known by the rest of the header */
	bytes[0] = 'x';
	r = dump_of(bytes, size);
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "the magic of a log is damaged");
	t_assert_has(r.out, "\n\t0x214   0xb90      rpc");
	t_run_free(&r);
	free(bytes);
}

/* The sections beside table and ring: values of threads and IRQs, and what the kernel still holds */
static void test_details_and_leftovers(void **state)
{
	size_t size;
	struct caplog_header h;

	(void)state;
	t_expect(0, "import", TRACE, "-o", t_path("log"));
	char *bytes = t_read(t_path("log"), &size);
	memcpy(&h, bytes, sizeof h);
	struct t_run r = dump_of(bytes, size), slots = t_tool("show", t_path("log"));
	char *line = strstr(slots.out, "\n0xc ");
	assert_non_null(line);
	char *const utcb = strstr(line, "utcb=");
	assert_non_null(utcb);
	*strchr(utcb, '\n') = 0;
	char expected[160];
	snprintf(expected, sizeof expected, "\tslot 0xc: life 1, change 1: %s\n", utcb);
	t_assert_has(r.out, expected);
	t_compare(h.residue_count, >, 0);
	assert_int_equal(count(r.out, ": its entry was removed") +
	                 count(r.out, ": it came into a receive window"), h.residue_count);
	t_run_free(&slots);
	t_run_free(&r);

	struct caplog_detail detail = { .slot_change = 0x1fff, .serial = 3 };
	memcpy(bytes + h.detail_offset + 20 * sizeof detail, &detail, sizeof detail);
	struct caplog_residue *const leftover = (void *)(bytes + h.residue_offset);
	leftover->how = 9;
	r = dump_of(bytes, size);
	assert_int_equal(r.status, 1);
	snprintf(expected, sizeof expected, "! 0x%x: detail 20: word 0x1fff names no slot",
	         (unsigned)(h.detail_offset + 20 * sizeof detail));
	t_assert_has(r.out, expected);
	snprintf(expected, sizeof expected, "! 0x%x: leftover 0: slot 0x", h.residue_offset);
	t_assert_has(r.out, expected);
	t_run_free(&r);
	free(bytes);
}

static void test_copy_of_a_live_log(void **state)
{
	size_t size;

	(void)state;
	t_expect(0, "import", TRACE, "-s", "60K", "-o", t_path("log"));
	char *bytes = t_read(t_path("log"), &size);
	memset(bytes + offsetof(struct caplog_header, seal), 0, 8);
	struct t_run r = dump_of(bytes, size);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "no seal (the copy of a live log)");
	t_run_free(&r);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_trace),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_place_of_damage),
		cmocka_unit_test(test_details_and_leftovers),
		cmocka_unit_test(test_copy_of_a_live_log),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
