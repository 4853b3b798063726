/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log that begins anew under a reader that follows it: nothing that was
 * known of the earlier one may be used
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "group.h"

/* A slot with an object, as the log says */
static uint32_t t_slot(struct group *g, struct caplog_entry **entry)
{
	struct caplog_header *h = hm_memory(group_handle(g, 0), HK_LOG, GROUP_LOG);
	struct caplog_entry *table = (void *)((uint8_t *)h + h->table_offset);

	for (uint32_t slot = caplog_flavours(NULL)->user_base; slot < h->table_count; slot++)
		if (table[slot].badge_kind >> 28 == CAPLOG_RECEIVED &&
		    hk_slot(group_handle(g, 0)->task, slot)) {
			*entry = &table[slot];
			return slot;
		}
	fail_msg("no slot with an object");
	return 0;
}

/*
 * The new generation has another object in a slot under the version that the
 * slot had: versions start over with a log, so the version says nothing
 */
static void test_new_generation(void **state)
{
	struct group g = group_empty(1, 0x1000);
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	struct caplog_entry *entry = NULL;

	(void)state;
	group_start(&g, hosted_scenario_by_name("counter"));
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(hm_step(g.node), 1);
	if (group_checkpoint(&g, &image, &diag))
		fail_msg("%s", diag.text);
	image_free(&image);
	group_resume(&g);

	struct caplog_header *h = hm_memory(group_handle(&g, 0), HK_LOG, GROUP_LOG);
	uint32_t const slot = t_slot(&g, &entry);
	char says[16];

	entry->badge_kind = (uint32_t)CAPLOG_RECEIVED << 28 | 0x7ff8; /* it was never given that */
	h->generation++;
	snprintf(says, sizeof says, "0x%x", slot);
	assert_int_equal(group_checkpoint(&g, &image, &diag), CAPLOG_EACCES);
	assert_non_null(strstr(diag.text, says));
	image_free(&image);
	group_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_generation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
