/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From stop to resume a component's ledger stays as it is: a monitor that
 * serves one of its requests meanwhile gets no image
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
#include "t_compare.h"

static struct caplog_platform real;
static struct caplog_target *victim;
static void (*request)(struct caplog_target *t);
static unsigned after; /* calls of an operation, until the request is served */

static void t_serve(void)
{
	if (after && !--after)
		request(victim);
}

static void *f_bytes(void *ctx, void *target, const struct caplog_object *o)
{
	t_serve();
	return real.bytes(ctx, target, o);
}

static uint64_t f_look(void *ctx, void *target, uint32_t first, uint64_t ask,
                       const struct caplog_owned *what, uint64_t *same)
{
	t_serve();
	return real.look(ctx, target, first, ask, what, same);
}

static int f_save(void *ctx, void *target, const struct caplog_object *o, struct caplog_state *s,
                  uint64_t *pending)
{
	t_serve();
	return real.save(ctx, target, o, s, pending);
}

static void t_open(struct caplog_target *t)
{
	caplog_ledger_give(&t->ledger, CAPLOG_OBJECT_PD, 0x7000, NULL, "PD");
}

static void t_close(struct caplog_target *t)
{
	caplog_ledger_drop(&t->ledger, caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_REGION));
}

static void t_attach(struct caplog_target *t)
{
	caplog_region_add(&t->ledger, CAPLOG_MAP_ADDRESS_SPACE, 0x1000, 0x1000,
	                  caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_DATASPACE), 0, 0);
}

static void t_rebadge(struct caplog_target *t)
{
	caplog_ledger_rebadge(&t->ledger, caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_PARENT), 4);
}

static struct group t_running(const char *scenario)
{
	struct group g = group_empty(1, 0x1000);

	group_start(&g, hosted_scenario_by_name(scenario));
	for (unsigned i = 0; i < 300 && hm_step(g.node) > 0; i++)
		;
	return g;
}

/* A request that is served at the n-th question of a checkpoint, for each n */
static void t_each_time(const char *scenario, void (*serve)(struct caplog_target *t))
{
	unsigned refused = 0;

	for (unsigned n = 1; ; n++) {
		struct group g = t_running(scenario);
		struct stored_image image;
		struct caplog_diag diag = { 0, "" };

		real = g.platform;
		g.platform.bytes = f_bytes;
		g.platform.look = f_look;
		g.platform.save = f_save;
		victim = g.target[g.count - 1];
		request = serve;
		/* until they are stopped they may change */
		uint64_t const before = victim->ledger.changes;
		after = n;
		int const err = group_checkpoint(&g, &image, &diag);
		int const served = !after, late = victim->ledger.changes != victim->changes;
		after = 0;

		if (served && late) {
			assert_int_not_equal(err, 0);
			refused += err == CAPLOG_EBUSY && strstr(diag.text, "while it was stopped") &&
			           strstr(diag.text, victim->name);
		} else if (served) {
			t_compare(victim->ledger.changes, >, before);
		} else {
			assert_int_equal(err, 0);
		}
		image_free(&image);
		group_free(&g);
		if (!served)
			break;
	}
	printf("%s: %u refused\n", scenario, refused);
	t_compare(refused, >, 10);
}

static void test_requests_while_stopped(void **state)
{
	static void (*const requests[])(struct caplog_target *) = { t_open, t_close, t_attach, t_rebadge };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		t_each_time("counter", requests[i]);
		t_each_time("mailbox", requests[i]);
	}
}

/* Between capture and save too; after the next capture all is well */
static void test_request_before_save(void **state)
{
	static uint8_t bytes[2 << 20];
	struct group g = t_running("counter");
	struct caplog_diag diag = { 0, "" };
	struct caplog_image image;

	(void)state;
	assert_int_equal(caplog_capture(&g.platform, g.target, g.count, &diag), 0);
	caplog_region_add(&g.target[0]->ledger, CAPLOG_MAP_ADDRESS_SPACE, 0x1000, 0x1000,
	                  caplog_ledger_first(&g.target[0]->ledger, CAPLOG_OBJECT_DATASPACE), 0, 0);
	caplog_image_begin(&image, bytes, sizeof bytes);
	assert_int_equal(caplog_save(&g.platform, g.target, g.count, &image, &diag), CAPLOG_EBUSY);
	assert_non_null(strstr(diag.text, g.target[0]->name));
	assert_int_not_equal(caplog_image_check(bytes, image.size, NULL), 0);
	caplog_resume(&g.platform, g.target, g.count);
	assert_int_equal(caplog_capture(&g.platform, g.target, g.count, &diag), 0);
	caplog_image_begin(&image, bytes, sizeof bytes);
	assert_int_equal(caplog_save(&g.platform, g.target, g.count, &image, &diag), 0);
	group_free(&g);
}

/* What found no line cannot be recreated: no checkpoint */
static void test_lost_objects(void **state)
{
	struct group g = t_running("counter");
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	g.target[0]->ledger.lost = 3;
	assert_int_equal(group_checkpoint(&g, &image, &diag), CAPLOG_ENOMEM);
	assert_non_null(strstr(diag.text, "3 objects more"));
	image_free(&image);
	group_free(&g);
}

/* Labels that the component wrote into its log: the monitor would start threads there */
static void test_labels(void **state)
{
	struct group g = t_running("counter");
	struct caplog_header *h = hm_memory(group_handle(&g, 0), HK_LOG, GROUP_LOG);
	uint64_t const good[] = { h->stub[0], h->stub[1], h->stub[2], h->stub[3], h->stub[4],
	                          h->stub[5], h->stub[6] };

	(void)state;
	for (unsigned i = 0; i < 7; i++) {
		static const uint64_t bad[] = { 0, HK_STACKS, ~(uint64_t)0 };

		for (unsigned n = 0; n < 3; n++) {
			struct stored_image image;
			struct caplog_diag diag = { 0, "" };

			h->stub[i] = bad[n];
			int const err = group_checkpoint(&g, &image, &diag);
			/* a log without the kernel's label is one that just begins */
			assert_int_equal(err, i == CAPLOG_STUB_KERNEL && !bad[n] ? CAPLOG_EAGAIN
			                 : CAPLOG_EINVAL);
			if (err == CAPLOG_EINVAL)
				assert_non_null(strstr(diag.text, "kernel entry"));
			h->stub[i] = good[i];
			image_free(&image);
		}
	}
	group_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests_while_stopped),
		cmocka_unit_test(test_request_before_save),
		cmocka_unit_test(test_lost_objects),
		cmocka_unit_test(test_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
