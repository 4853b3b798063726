/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that components of a group share: whose it is, that it is there once,
 * what a restore makes of it, and what is refused
 */
#include "t_files.h"
#include "t_schema.h"

#include "pages.h"
#include "t_compare.h"
#include "t_scenario.h"

/* A scenario of two components, stopped by a checkpoint where both have attached of each other */
static struct group t_sharing(struct stored_image *image)
{
	struct group g = started(hosted_scenario_by_name("ring"));
	struct caplog_diag diag = { 0, "" };

	for (uint64_t shared = 0; shared < 2;) {
		assert_int_equal(run_to(&g, 1), 0);
		shared = 0;
		for (uint32_t i = 0; i < g.count; i++)
			shared += caplog_ledger_first(&g.target[i]->ledger,
			                              CAPLOG_OBJECT_SHARED_REGION) != NULL;
	}
	assert_int_equal(run_to(&g, 40), 0);
	if (group_checkpoint(&g, image, &diag))
		fail_msg("%s", diag.text);
	return g;
}

/* Where in the node's memory an address of a component lies */
static uint64_t t_offset_at(const struct hm_target *t, uint64_t address)
{
	for (unsigned i = 0; i < t->task->regions; i++) {
		const struct hk_region *r = &t->task->region[i];

		if (address - r->address < r->size)
			return r->offset + (address - r->address);
	}
	fail_msg("nothing is attached at %llx", (unsigned long long)address);
	return 0;
}

/* Each shared region of a group is memory of its owner in that group, at the line's offset */
static unsigned t_check_shared(const struct group *g, uint32_t first)
{
	unsigned count = 0;

	for (uint32_t i = first; i < first + 2; i++) {
		const struct caplog_object *o = caplog_ledger_first(&g->target[i]->ledger,
		                                                    CAPLOG_OBJECT_SHARED_REGION);

		for (; o; o = caplog_ledger_next(&g->target[i]->ledger, o), count++) {
			struct hm_target *const owner = group_handle(g, first + o->shared_region.owner);
			const struct hm_object *ds = hm_object_by_id(owner, o->shared_region.dataspace);

			assert_int_not_equal(first + o->shared_region.owner, i);
			assert_non_null(ds);
			assert_int_equal(t_offset_at(group_handle(g, i), o->shared_region.address),
			                 ds->memory + o->shared_region.offset);
		}
	}
	return count;
}

/* Pages of all lines of a kind that an image holds, and the lines */
static uint64_t t_memory(const void *image, uint32_t target, uint64_t *dataspaces)
{
	const struct caplog_image_header *const h = image;
	struct caplog_pages_walk walk;
	const struct caplog_pages *p;
	uint64_t bytes = 0;

	caplog_pages_begin(&walk, image, h->size, target);
	for (*dataspaces = 0; (p = caplog_pages_next(&walk)); ++*dataspaces)
		bytes += p->size;
	return bytes;
}

static void test_uninterrupted(void **state)
{
	struct group g = started(hosted_scenario_by_name("ring"));

	(void)state;
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	for (uint32_t i = 0; i < g.count; i++)
		if (!strstr(group_handle(&g, i)->trace, "sent 15, acknowledged 15, received 15, sum 240015, "
		                                        "wrong 0"))
			fail_msg("%s", group_handle(&g, i)->trace);
	group_free(&g);
}

/* The bytes are with the owner, and there is nothing of them with the others */
static void test_is_in_the_image_once(void **state)
{
	struct stored_image image;
	struct group g = t_sharing(&image);

	(void)state;
	t_compare(t_check_shared(&g, 0), >=, 2);
	for (uint32_t i = 0; i < g.count; i++) {
		uint64_t own = 0, bytes = 0, dataspaces;
		struct caplog_ledger *l = &g.target[i]->ledger;

		for (uint32_t n = 0; n < l->count; n++) {
			own += !l->line[n].gone && caplog_object_bytes(&l->line[n]);
			bytes += l->line[n].gone ? 0 : caplog_object_bytes(&l->line[n]);
		}
		assert_int_equal(t_memory(image.data, i, &dataspaces), bytes);
		assert_int_equal(dataspaces, own);
	}
	image_free(&image);
	group_free(&g);
}

/* Copies beside each other share among themselves, and not with each other */
static void test_copies(void **state)
{
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	struct group g = t_sharing(&image), b = group_empty(3, 0x5000);
	unsigned const count = t_check_shared(&g, 0);
	uint32_t const copies[] = { 0, 2 };
	struct caplog_target *all[4];
	uint64_t place[2];

	(void)state;
	for (unsigned c = 0; c < 2; c++) {
		if (group_restore(&b, &image, &diag))
			fail_msg("%s", diag.text);
		all[copies[c]]     = b.target[0];
		all[copies[c] + 1] = b.target[1];
		assert_int_equal(b.count, 2);
		assert_int_equal(t_check_shared(&b, 0), count);

		const struct caplog_object *o = caplog_ledger_first(&b.target[0]->ledger,
		                                                    CAPLOG_OBJECT_SHARED_REGION);
		place[c] = t_offset_at(group_handle(&b, 0), o->shared_region.address);
		b.count = 0;
	}
	assert_int_not_equal(place[0], place[1]);
	assert_int_equal(hm_run(b.node, ~0ull), 1);
	for (unsigned i = 0; i < 4; i++) {
		const struct hm_target *t = all[i]->handle;

		assert_non_null(strstr(t->trace, "received 15, sum 240015, wrong 0"));
		free(all[i]);
	}
	image_free(&image);
	group_free(&b);
	group_free(&g);
}

/* What its owner freed is attached nowhere, whoever has its badge now */
static void test_freed_by_its_owner(void **state)
{
	struct stored_image image, after;
	struct caplog_diag diag = { 0, "" };
	struct group g = t_sharing(&image), b = group_empty(3, 0x5000);
	struct caplog_object *o = caplog_ledger_first(&g.target[0]->ledger, CAPLOG_OBJECT_SHARED_REGION);
	struct hm_target *const owner = group_handle(&g, 1);
	struct hm_object *ds = hm_object_by_id(owner, o->shared_region.dataspace);
	uint64_t const size = caplog_object_bytes(hm_line(ds)), address = o->shared_region.address;
	uint32_t const badge = ds->badge, id = ds->id;

	(void)state;
	group_resume(&g);
	hm_dataspace_free(ds);
	ds = hm_dataspace(owner, CAPLOG_OBJECT_DATASPACE, size, "another");
	assert_int_equal(ds->badge, badge);
	if (group_checkpoint(&g, &after, &diag))
		fail_msg("%s", diag.text);
	for (o = caplog_ledger_first(&g.target[0]->ledger, CAPLOG_OBJECT_SHARED_REGION); o;
	     o = caplog_ledger_next(&g.target[0]->ledger, o))
		assert_int_not_equal(o->shared_region.dataspace, id);
	assert_null(caplog_region_at(&g.target[0]->ledger, CAPLOG_MAP_ADDRESS_SPACE, address));
	if (group_restore(&b, &after, &diag))
		fail_msg("%s", diag.text);
	t_check_shared(&b, 0);
	assert_int_equal(hk_attach_region(((struct hm_target *)group_handle(&b, 0))->task, address, 4096,
	                                  0), 0);
	image_free(&image);
	image_free(&after);
	group_free(&b);
	group_free(&g);
}

/* The component that attached it is given what it attached, wherever the owner stands in the group */
static void test_owner_before_and_after(void **state)
{
	struct stored_image image;
	struct group g = t_sharing(&image);

	(void)state;
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(caplog_ledger_first(&g.target[i]->ledger, CAPLOG_OBJECT_SHARED_REGION)
		                 ->shared_region.owner, 1 - i);
	image_free(&image);
	group_free(&g);
}


/*
 * What is refused
 */

static struct caplog_object *t_line(struct stored_image *image, uint32_t target, uint32_t kind)
{
	uint64_t size;
	const char *list = caplog_image_find(image->data, CAPLOG_CHUNK_OBJECTS, target, 64, &size);

	for (uint64_t at = 0; at < size; at += 64) {
		struct caplog_object *o = (void *)((char *)image->data + (list - (char *)image->data) + at);

		if (o->kind == kind)
			return o;
	}
	fail_msg("no line of kind %u", kind);
	return NULL;
}

/* The first shared region of the first component, in an image whose checksum is right again */
static void t_change(struct stored_image *image, void (*change)(struct caplog_words_SHARED_REGION *))
{
	const struct caplog_image_header *const h = image->data;
	struct caplog_image again = { .data = image->data, .capacity = h->size, .size = h->size,
	                              .chunks = h->chunks };

	change(&t_line(image, 0, CAPLOG_OBJECT_SHARED_REGION)->shared_region);
	assert_int_equal(caplog_image_commit(&again, CAPLOG_PLATFORM_HOSTED, h->targets, NULL), 0);
}

/* Refused before anything is made, or without anything left */
static void t_refused(void (*change)(struct caplog_words_SHARED_REGION *), const char *word)
{
	struct stored_image image;
	struct caplog_diag diag = { 0, "" };
	struct group g = t_sharing(&image), b = group_empty(3, 0x5000);

	t_change(&image, change);
	if (group_restore(&b, &image, &diag) != CAPLOG_EINVAL)
		fail_msg("not refused (%s): %s", word, diag.text);
	if (!strstr(diag.text, word) || !strstr(diag.text, "left"))
		fail_msg("%s", diag.text);
	assert_int_equal(b.node->targets, 0);
	image_free(&image);
	group_free(&b);
	group_free(&g);
}

static void change_owner(struct caplog_words_SHARED_REGION *r)   { r->owner = 2; }
static void change_to_self(struct caplog_words_SHARED_REGION *r) { r->owner = 0; }
static void change_map(struct caplog_words_SHARED_REGION *r)     { r->map = CAPLOG_MAPS; }
static void change_exec(struct caplog_words_SHARED_REGION *r)    { r->executable = 2; }
static void change_id(struct caplog_words_SHARED_REGION *r)      { r->dataspace = 9999; }
static void change_kind(struct caplog_words_SHARED_REGION *r)    { r->dataspace = 2; } /* a region */
static void change_size(struct caplog_words_SHARED_REGION *r)    { r->size *= 1000; }
static void change_offset(struct caplog_words_SHARED_REGION *r)  { r->offset = ~0ull << 12; }
static void change_address(struct caplog_words_SHARED_REGION *r) { r->address = HK_BSS; }

static void test_bad_images(void **state)
{
	(void)state;
	t_refused(change_owner, "words in the image are invalid");
	t_refused(change_to_self, "words in the image are invalid");
	t_refused(change_map, "words in the image are invalid");
	t_refused(change_exec, "words in the image are invalid");
	t_refused(change_id, "a dataspace of a sibling that does not exist");
	t_refused(change_kind, "a dataspace of a sibling that does not exist");
	t_refused(change_size, "memory cannot be attached where it was");
	t_refused(change_offset, "memory cannot be attached where it was");
	t_refused(change_address, "memory cannot be attached where it was");
}

/* Not a RAM dataspace: its owner and its name are in the message; the components run on */
static void test_other_memory_of_a_sibling(void **state)
{
	struct stored_image image, none;
	struct caplog_diag diag = { 0, "" };
	struct group g = t_sharing(&image);
	struct caplog_ledger *l = &g.target[0]->ledger;
	const struct caplog_object *log = caplog_ledger_first(&g.target[1]->ledger, CAPLOG_OBJECT_LOG_DS);
	uint32_t const id = caplog_region_add(l, CAPLOG_MAP_ADDRESS_SPACE, 0x7000000, 4096, NULL, 0, 0);

	(void)state;
	group_resume(&g);
	caplog_ledger_by_id(l, id)->foreign_region.badge = log->badge;
	assert_int_equal(group_checkpoint(&g, &none, &diag), CAPLOG_ENOTSUP);
	assert_string_equal(diag.text, "left: at 117440512 it attached \"log\" (log dataspace) of right: "
	                    "only RAM dataspaces can be shared: no checkpoint while it is there");
	assert_int_equal(hm_run(g.node, ~0ull), 1);
	image_free(&image);
	image_free(&none);
	group_free(&g);
}

/* A session that cannot be kept is named, though it is a sibling that attached its memory */
static void test_session_comes_before_its_memory(void **state)
{
	struct stored_image image, none;
	struct caplog_diag diag = { 0, "" };
	struct group g = t_sharing(&image);

	(void)state;
	group_resume(&g);
	caplog_region_add(&g.target[0]->ledger, CAPLOG_MAP_ADDRESS_SPACE, 0x7000000, 4096, NULL, 0, 0);
	caplog_ledger_give(&g.target[1]->ledger, CAPLOG_OBJECT_UNKNOWN, 0x7000, NULL, "Framebuffer");
	assert_int_equal(group_checkpoint(&g, &none, &diag), CAPLOG_ENOTSUP);
	assert_non_null(strstr(diag.text, "right: "));
	assert_non_null(strstr(diag.text, "Framebuffer"));
	image_free(&image);
	image_free(&none);
	group_free(&g);
}


/*
 * The tool
 */

/* Both sides of each attachment, in a list and as an edge */
static void test_tool_shows_both_sides(void **state)
{
	struct stored_image image;
	struct group g = t_sharing(&image);
	struct t_schema schema;
	unsigned edges = 0;

	(void)state;
	t_write(t_path("image"), image.data, image.size);
	struct t_run show = t_tool("show", t_path("image")), graph = t_tool("graph", t_path("image"));
	struct t_run json = t_tool("show", "--json", t_path("image"));

	assert_int_equal(show.status, 0);
	assert_int_equal(graph.status, 0);
	for (uint32_t i = 0; i < g.count; i++) {
		const struct caplog_object *o = caplog_ledger_first(&g.target[i]->ledger,
		                                                    CAPLOG_OBJECT_SHARED_REGION);

		for (; o; o = caplog_ledger_next(&g.target[i]->ledger, o), edges++) {
			struct caplog_words_SHARED_REGION const r = o->shared_region;
			unsigned long long const at = r.address;
			char text[160];

			snprintf(text, sizeof text, "  0x%08llx  %-8s  line %u, RAM dataspace of component %u \"%s\"",
			         at, r.size == 4096 ? "4K" : "8K", r.dataspace, r.owner, g.target[r.owner]->name);
			t_assert_has(show.out, text);
			snprintf(text, sizeof text, "\tshared: line %u, %s bytes from 0x%llx on, with component %u "
			         "\"%s\" at 0x%llx\n", r.dataspace, r.size == 4096 ? "4K" : "8K",
			         (unsigned long long)r.offset, i, g.target[i]->name, at);
			t_assert_has(show.out, text);
			snprintf(text, sizeof text, "\tc%u_r -> c%u_m%u [color=\"#2e7d32\", style=dashed, "
			         "label=\"0x%llx\"];\n", i, r.owner, r.dataspace, at);
			t_assert_has(graph.out, text);
			snprintf(text, sizeof text, "\t\tc%u_m%u [label=\"memory, 8K bytes\\nline %u\"", r.owner,
			         r.dataspace, r.dataspace);
			t_assert_has(graph.out, text);
		}
	}
	t_compare(edges, >=, 2);
	t_assert_has(show.out, "checksum holds, 0 problems");

	json_t *j = json_loads(json.out, JSON_REJECT_DUPLICATES, NULL);
	t_schema_open(&schema, "docs/caplog.schema.json");
	if (!t_schema_fits(&schema, j))
		fail_msg("%s", schema.why);
	json_decref(schema.root);
	json_decref(j);
	t_assert_has(json.out, "\"shared_with\": [");
	t_run_free(&json);
	t_run_free(&show);
	t_run_free(&graph);
	image_free(&image);
	group_free(&g);
}

/* What a restore would refuse */
static void t_problem(void (*change)(struct caplog_words_SHARED_REGION *), const char *text)
{
	struct stored_image image;
	struct group g = t_sharing(&image);

	t_change(&image, change);
	t_write(t_path("bad"), image.data, image.size);
	struct t_run r = t_tool("show", t_path("bad"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, text);
	t_run_free(&r);
	t_expect(0, "graph", t_path("bad"));
	image_free(&image);
	group_free(&g);
}

static void test_tool_checks(void **state)
{
	(void)state;
	t_problem(change_owner, "shared region: its owner cannot be component 2");
	t_problem(change_to_self, "shared region: its owner cannot be component 0");
	t_problem(change_id, "shared region: line 9999 of component 1 is no RAM dataspace");
	t_problem(change_kind, "shared region: line 2 of component 1 is no RAM dataspace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uninterrupted),
		cmocka_unit_test(test_is_in_the_image_once),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_freed_by_its_owner),
		cmocka_unit_test(test_owner_before_and_after),
		cmocka_unit_test(test_bad_images),
		cmocka_unit_test(test_other_memory_of_a_sibling),
		cmocka_unit_test(test_session_comes_before_its_memory),
		cmocka_unit_test(test_tool_shows_both_sides),
		cmocka_unit_test(test_tool_checks),
	};
	return cmocka_run_group_tests(tests, NULL, t_clean);
}
