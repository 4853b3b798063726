/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a component says its cap map is: accepted only if it can be there */
#include "t_log.h"

/* Where the badges lie is passed on only if it can be */
static void test_map_place(void **state)
{
	static const struct caplog_map_place good = { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 };
	struct { struct caplog_map_place p; uint8_t word; int err; } const c[] = {
		{ good, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 32, 26, 2, 4096, 8, 0 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 32, 28, 4, 4096, 8, 0 }, 4, 0 },
		{ { 0, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, -ENOENT },
		{ { 0x1001, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x802, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 0, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 1, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 4, 3, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 4, 4, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 4, 0xffffffff, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 1, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 8, 0, 8, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4097, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 0xffffffff, 8, 0 }, 8, -EINVAL },
		{ { 0xfffff000, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 }, 4, -EINVAL },
		{ { 0xfffff000, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, 0 },
		{ { 0x100000000ull, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 }, 4, -EINVAL },
		{ { 0xfffffffffffff000ull, 0x800, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0xfffffffffffffffcull, 0x900, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0xfffffffcu, 0x900, 2, 0, 2, 4096, 8, 0 }, 4, -EINVAL },
		{ { 0x1000, 0x800, 0, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x902, 2, 0, 2, 4096, 8, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 0, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 4096, 0 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 4097, 0 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0xffffffe0, 2, 0, 2, 4096, 8, 0 }, 4, -EINVAL },
		{ { 0x1000, 0x800, 0xffffffe0, 2, 0, 2, 4096, 8, 0 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 0xfffffffe, 0, 2, 4096, 8, 0 }, 4, -EINVAL },
		/* the word that asks threads to rest lies behind those of the holders */
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 8, 7 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 8, 8 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 8, 4096 }, 8, 0 },
		{ { 0x1000, 0x800, 0x900, 2, 0, 2, 4096, 8, 4097 }, 8, -EINVAL },
		{ { 0x1000, 0x800, 0xffffffd8, 2, 0, 2, 4096, 8, 8 }, 4, 0 },
		{ { 0x1000, 0x800, 0xffffffd8, 2, 0, 2, 4096, 8, 9 }, 4, -EINVAL },
	};
	static uint8_t bytes[65536] __attribute__((aligned(64)));
	struct caplog_diag diag = { 0, "" };
	struct caplog_map_place p;
	struct caplog_reader r;

	(void)state;
	for (unsigned i = 0; i < sizeof c / sizeof *c; i++) {
		struct caplog_format f;

		memset(&f, 0, sizeof f);
		f.flavour = t_flavour();
		f.map = c[i].p;
		f.word_bytes = c[i].word;
		assert_int_equal(caplog_format(bytes, sizeof bytes, &f), 0);
		assert_int_equal(caplog_reader_open(&r, bytes, sizeof bytes, &diag), 0);
		if (caplog_reader_map(&r, &p) != c[i].err)
			fail_msg("map place %u: expected %d", i, c[i].err);
		if (!c[i].err)
			assert_memory_equal(&p, &c[i].p, offsetof(struct caplog_map_place, rest_word) + 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
