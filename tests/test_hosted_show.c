/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images as the tool shows them: checkpoints of every scenario, whole and
 * damaged, against what the model knows
 */
#include "t_files.h"
#include "t_random.h"
#include "t_schema.h"

#include "base/base.h"
#include "t_scenario.h"

static struct t_schema schema;

static const struct hb_env *env(const struct group *g, uint32_t i)
{
	return hm_memory(group_handle(g, i), HK_BSS, sizeof(struct hb_env));
}

/* The line of a slot that has this name */
static void expect_name(const struct group *g, uint32_t i, const char *out, uint32_t slot,
                        unsigned kind, const char *name)
{
	char line[64];

	if (!slot || g->target[i]->space.cap[slot].kind != kind)
		return;
	snprintf(line, sizeof line, "\n0x%-4x  0x%-7x", slot, g->target[i]->space.cap[slot].badge);
	for (const char *at = out; (at = strstr(at, line)); at++) {
		char *text = strndup(at + 1, strcspn(at + 1, "\n"));
		int const found = strstr(text, name) != NULL;

		free(text);
		if (found)
			return;
	}
	fail_msg("slot 0x%x of %s is not called %s", slot, g->target[i]->name, name);
}

static void check_names(const struct group *g, const char *out)
{
	for (uint32_t i = 0; i < g->count; i++) {
		const struct hb_env *e = env(g, i);

		expect_name(g, i, out, e->ep.exit_object.cap, CAPLOG_RPC, "  exit handler");
		expect_name(g, i, out, e->proxy.cap, CAPLOG_RPC, "  signal proxy");
		expect_name(g, i, out, e->semaphore, CAPLOG_IRQ, "  signal semaphore");
		expect_name(g, i, out, e->constructor.cap, CAPLOG_TOMBSTONE, "constructor");
	}
}

/* A checkpoint at each of some points of each scenario's life; look() looks at it */
static void each_image(void (*look)(const struct group *, const struct stored_image *))
{
	static const uint64_t points[] = { 0, 10, 40, 100, 250, 600 };
	unsigned images = 0;

	for (unsigned s = 0; hosted_scenario(s); s++)
		for (unsigned i = 0; i < sizeof points / sizeof points[0]; i++) {
			struct group g = started(hosted_scenario(s));
			struct caplog_diag diag = { 0, "" };
			struct stored_image image;

			if (!run_to(&g, points[i]) && !group_checkpoint(&g, &image, &diag)) {
				t_write(t_path("image"), image.data, image.size);
				look(&g, &image);
				image_free(&image);
				images++;
			}
			group_free(&g);
		}
	print_message("%u images\n", images);
	t_compare(images, >, 20);
}

/* Each thread with where it stands, and its registers unless it never ran */
static void check_threads(const struct group *g, const char *out)
{
	for (uint32_t i = 0; i < g->count; i++)
		for (uint32_t n = 0; n < g->target[i]->threads; n++) {
			const struct caplog_image_thread *t = &g->target[i]->thread[n];
			char line[96];

			if (t->state == CAPLOG_THREAD_NEW)
				snprintf(line, sizeof line, "\t0x%-4x  made, not started\n", t->slot);
			else
				snprintf(line, sizeof line, ", registers at 0x%llx\n", (unsigned long long)t->frame);
			t_assert_has(out, line);
		}
}

static void look_show(const struct group *g, const struct stored_image *image)
{
	char line[96];

	(void)image;
	struct t_run r = t_tool("show", t_path("image"));
	if (r.status)
		print_message("%s%s", r.out, r.err);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "platform \"hosted\"");
	t_assert_has(r.out, "\tchecksum holds, 0 problems\n");
	for (uint32_t i = 0; i < g->count; i++) {
		struct caplog_census n;

		caplog_space_census(&g->target[i]->space, &n);
		snprintf(line, sizeof line, "component %u: %s\n", i, g->target[i]->name);
		t_assert_has(r.out, line);
		snprintf(line, sizeof line, "\nlive=%u tombstones=%u stale=%u\n", n.live, n.tombstones,
		         n.stale);
		t_assert_has(r.out, line);
	}
	check_names(g, r.out);
	check_threads(g, r.out);
	t_run_free(&r);
}

static void test_show(void **state)
{
	(void)state;
	each_image(look_show);
}

/* As the schema has it */
static void check_json(void)
{
	struct t_run r = t_tool("show", "--json", t_path("image"));
	json_t *j = json_loads(r.out, JSON_REJECT_DUPLICATES, NULL);

	assert_int_equal(r.status, 0);
	if (!t_schema_fits(&schema, j))
		fail_msg("%s", schema.why);
	assert_int_equal(json_array_size(json_object_get(j, "problems")), 0);
	json_decref(j);
	t_run_free(&r);
}

/* The other commands take images as they take logs */
static void look_others(const struct group *g, const struct stored_image *image)
{
	(void)g;
	(void)image;
	t_expect(0, "dump", t_path("image"));
	check_json();
	t_expect(0, "show", "--kind", "rpc", t_path("image"));
	t_expect(0, "diff", t_path("image"), t_path("image"));
	t_expect(0, "graph", t_path("image"));
	struct t_run r = t_tool("spec", t_path("image"));
	assert_int_equal(r.status, 0);
	t_write_text(t_path("spec"), r.out);
	t_expect(0, "check", "-s", t_path("spec"), t_path("image"));
	t_run_free(&r);

	static const char *const logs[] = { "export", "stat", "replay" };
	for (unsigned i = 0; i < sizeof logs / sizeof logs[0]; i++) {
		r = t_tool(logs[i], t_path("image"));
		assert_int_equal(r.status, 2);
		t_assert_has(r.err, "is an image: show, dump");
		t_run_free(&r);
	}
	t_expect(2, "history", "--slot", "0x213", t_path("image"));
}

static void test_other_commands(void **state)
{
	(void)state;
	t_schema_open(&schema, "docs/caplog.schema.json");
	each_image(look_others);
	json_decref(schema.root);
}

/* A restored copy differs in badges only */
static void test_diff_of_a_restored_copy(void **state)
{
	struct group a = started(hosted_scenario_by_name("counter")), b = group_empty(2, 0x5000);
	struct stored_image first, second;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	assert_int_equal(run_to(&a, 50), 0);
	assert_int_equal(group_checkpoint(&a, &first, &diag), 0);
	assert_int_equal(group_restore(&b, &first, &diag), 0);
	if (group_checkpoint(&b, &second, &diag))
		fail_msg("%s", diag.text);
	t_write(t_path("first"), first.data, first.size);
	t_write(t_path("second"), second.data, second.size);
	t_expect(0, "diff", "--ignore-badges", t_path("first"), t_path("second"));
	struct t_run r = t_tool("diff", t_path("first"), t_path("second"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "0 slots added, 0 slots gone, 0 slots of another kind, 0 slots rebound, ");
	t_run_free(&r);
	image_free(&first);
	image_free(&second);
	group_free(&a);
	group_free(&b);
}

static void damaged(const uint8_t *bytes, size_t size)
{
	t_write(t_path("bad"), bytes, size);
	struct t_run r = t_tool("show", t_path("bad"));
	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	t_assert_has(r.err, "caplog: ");
	t_run_free(&r);
	r = t_tool("dump", t_path("bad"));
	if (size >= 8) {
		assert_int_equal(r.status, 1);
		t_assert_has(r.out, "! 0x");
	} else {
		assert_in_range(r.status, 1, 2);
	}
	t_run_free(&r);
}

/* Cut anywhere, or changed anywhere: show refuses, dump prints the rest and says where */
static void test_damaged(void **state)
{
	struct t_random random = t_seed("test_damaged");
	struct group g = started(hosted_scenario_by_name("counter"));
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;

	(void)state;
	assert_int_equal(run_to(&g, 50), 0);
	assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
	uint8_t *bytes = image.data;

	for (size_t cut = 1; cut < image.size; cut += cut < 200 ? 11 : 4001)
		damaged(bytes, cut);
	for (unsigned i = 0; i < t_turns(100); i++) {
		/* headers and lists come first, memory after them */
		uint32_t const at = t_below(&random, i % 2 ? 4096 : (uint32_t)image.size);
		uint8_t const before = bytes[at];

		bytes[at] ^= (uint8_t)(1 + t_below(&random, 255));
		damaged(bytes, image.size);
		bytes[at] = before;
	}

	/* what is before the damage and after it is still shown */
	struct t_run whole;
	t_write(t_path("bad"), bytes, image.size);
	whole = t_tool("dump", t_path("bad"));
	assert_int_equal(whole.status, 0);
	t_run_free(&whole);
	memset(bytes + sizeof(struct caplog_image_header), 0xff, 8);
	t_write(t_path("bad"), bytes, image.size);
	struct t_run r = t_tool("dump", t_path("bad"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "! 0x40: no chunk: ");
	t_assert_has(r.out, "ledger of component 0");
	t_assert_has(r.out, "memory of component 0");
	t_run_free(&r);
	image_free(&image);
	group_free(&g);
}

/* Services stand in the ledger: each is described, and each deviation found */
static void test_services(void **state)
{
	struct group g = started(hosted_scenario_by_name("counter"));
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };

	(void)state;
	assert_int_equal(run_to(&g, 100), 0);
	assert_int_equal(group_checkpoint(&g, &image, &diag), 0);
	t_write(t_path("image"), image.data, image.size);
	struct t_run spec = t_tool("spec", t_path("image"));
	char *at = strstr(spec.out, "given 1 \"Timer session\"");
	assert_non_null(at);
	at[6] = '2';
	t_write_text(t_path("spec"), spec.out);
	struct t_run r = t_tool("check", "-s", t_path("spec"), t_path("image"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "Timer session Timer given: expected 2, found 1");
	t_run_free(&r);
	memset(at, '#', 1);
	t_write_text(t_path("spec"), spec.out);
	r = t_tool("check", "-s", t_path("spec"), t_path("image"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "Timer session \"Timer\" is not in the spec");
	t_run_free(&r);
	t_run_free(&spec);

	r = t_tool("graph", t_path("image"));
	t_assert_has(r.out, "\\n1 Timer session\\n");
	t_run_free(&r);
	image_free(&image);
	group_free(&g);
}

static void test_neither(void **state)
{
	(void)state;
	t_write_text(t_path("text"), "insert_at badge=0x1 kcap=0x9000\n");
	struct t_run r = t_tool("dump", t_path("text"));
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "neither a log nor an image");
	t_run_free(&r);
	t_write_text(t_path("empty"), "");
	t_expect(2, "dump", t_path("empty"));
	t_expect(2, "dump", t_path("missing"));
}

/*
 * A child image and its parents
 */

/* Two images of one run: the second is the child of the first */
static void write_family(const char *whole, const char *child)
{
	struct group g = started(hosted_scenario_by_name("counter"));
	struct caplog_diag diag = { 0, "" };
	struct stored_image first, second;
	struct caplog_image i;

	assert_int_equal(run_to(&g, 20), 0);
	assert_int_equal(group_checkpoint(&g, &first, &diag), 0);
	t_write(whole, first.data, first.size);
	group_resume(&g);
	assert_int_equal(run_to(&g, 3), 0);
	assert_int_equal(group_checkpoint(&g, &second, &diag), 0);
	t_write(t_path("second"), second.data, second.size);
	caplog_image_begin(&i, second.data, second.size);
	assert_int_equal(caplog_image_child(&i, first.data, first.size, &diag), 0);
	assert_int_equal(caplog_save(&g.platform, g.target, g.count, &i, &diag), 0);
	t_write(child, i.data, i.size);
	t_compare(i.size, <, second.size);
	image_free(&first);
	image_free(&second);
	group_free(&g);
}

static void test_parents(void **state)
{
	const char *const whole = t_path("whole"), *const child = t_path("child");
	const char *const merged = t_path("merged");
	char number[24];
	size_t size, other_size;

	(void)state;
	write_family(whole, child);
	char *const bytes = t_read(whole, &size);
	snprintf(number, sizeof number, "0x%016llx",
	         (unsigned long long)((const struct caplog_image_header *)(const void *)bytes)->checksum);

	struct t_run r = t_tool("show", child);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, ", child of image ");
	t_assert_has(r.out, number);
	t_assert_has(r.out, " in its parents, ");
	t_assert_has(r.out, "0 problems; pages of its parents were not looked at");
	t_run_free(&r);
	r = t_tool("show", "--parent", whole, child);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "0 problems, with 1 parent\n");
	t_run_free(&r);
	r = t_tool("show", "--json", "-p", whole, child);
	json_t *j = json_loads(r.out, JSON_REJECT_DUPLICATES, NULL);
	if (!t_schema_fits(&schema, j))
		fail_msg("%s", schema.why);
	assert_non_null(json_object_get(j, "parent"));
	json_decref(j);
	t_run_free(&r);
	t_expect(0, "dump", child);

	/* what is merged is the image that was taken whole, and needs no parent */
	t_expect(0, "merge", "-o", merged, child, whole);
	char *const one = t_read(merged, &size), *const other = t_read(t_path("second"), &other_size);
	assert_int_equal(size, other_size);
	assert_memory_equal(one, other, size);
	t_expect(0, "show", merged);
	t_expect(0, "diff", merged, child);
	t_expect(0, "merge", "-o", t_path("again"), merged);
	free(one);
	free(other);
	free(bytes);
}

static void test_wrong_parents(void **state)
{
	const char *const whole = t_path("whole"), *const child = t_path("child");
	const char *const out = t_path("out");
	struct t_run r;
	size_t size;

	(void)state;
	write_family(whole, child);
	r = t_tool("merge", "-o", out, child);
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "which is missing: give its parents as well");
	t_run_free(&r);
	r = t_tool("merge", "-o", out, whole, child);
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "is whole: leave out those that follow it");
	t_run_free(&r);
	r = t_tool("merge", "-o", out, child, child);
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "but the one before it is the child of");
	t_run_free(&r);
	assert_int_not_equal(access(out, F_OK), 0);
	r = t_tool("show", "--parent", child, child);
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "\tchain: image 1 of the chain is ");
	t_run_free(&r);
	char *const bytes = t_read(whole, &size);
	bytes[size - 9] ^= 1;
	t_write(t_path("altered"), bytes, size);
	free(bytes);
	for (unsigned i = 0; i < 2; i++) { /* the file is named */
		r = i ? t_tool("show", "-p", t_path("altered"), child)
		      : t_tool("merge", "-o", out, child, t_path("altered"));
		assert_int_equal(r.status, 2);
		t_assert_has(r.err, "altered: image is damaged");
		t_run_free(&r);
	}
	r = t_tool("show", "-p", whole, T_TRACES "sig.timer.trace");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "is no image: it has no parents");
	t_run_free(&r);
	t_expect(2, "show", "-p", t_path("missing"), child);
	t_expect(2, "merge", "-o", out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_wrong_parents),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_other_commands),
		cmocka_unit_test(test_diff_of_a_restored_copy),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_neither),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
