/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes that headers state beside the structures, for callers who allocate them */
#include "t_log.h"

#include <engine.h>

static void test_sizes(void **state)
{
	(void)state;
	/* "About 570 KiB", "about 1.7 MiB" */
	assert_in_range(sizeof(struct caplog_ledger) >> 10, 560, 580);
	assert_in_range(sizeof(struct caplog_target) * 10 >> 20, 16, 17);
	assert_in_range(sizeof(struct caplog_writer), 1, 4096);
	assert_in_range(sizeof(struct caplog_reader), 1, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sizes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
