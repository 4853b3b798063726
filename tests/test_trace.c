/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flat map driven by what real components did, receive windows included:
 * it chooses the slot that the stock allocator chose
 *
 * Runs from the top of the repository. Where a thread was preempted between an
 * act and its line, lines are out of order; there the recorded slot is the
 * truth, and the map continues with it.
 */
#include <glob.h>

#include "t_log.h"

#include <caplog/map.h>

enum { SLOTS = 4096, BUCKETS = 2048 };

static CAPLOG_MAP_STORAGE(SLOTS, BUCKETS) storage;

/* Traces without a line out of order, by traces/README.md */
static const char *in_order[] = {
	"rom_filter.", "sig.init", "report_rom.report_rom", "report_rom.timer"
};

struct line {
	char     name[32], result[16];
	uint32_t badge, slot, from, count, other;
	uint64_t a, b;
};

static struct {
	struct caplog_map map;
	struct t_log      log;
	struct caplog_map_ops ops;
	uint32_t object[SLOTS];   /* kernel: object in a slot, 0: none          */
	uint32_t objects;         /* handed out so far                          */
	uint16_t badge[SLOTS];    /* the trace's own word: badge of a live entry */
	uint32_t chosen, different;
	uint32_t stale_told, stale_done;
} t;

static struct caplog_space space;

static int equal(void *ctx, uint32_t slot, uint32_t other)
{
	(void)ctx;
	return t.object[slot] && t.object[slot] == t.object[other];
}

static int valid(void *ctx, uint32_t slot)
{
	(void)ctx;
	return t.object[slot] != 0;
}

static void grant(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx;
	t.object[to] = t.object[from];
}

static uint64_t value(const char *line, const char *key)
{
	char pattern[16];
	const char *at;

	snprintf(pattern, sizeof pattern, " %s=", key);
	at = strstr(line, pattern);
	return at ? strtoull(at + strlen(pattern), NULL, 0) : 0;
}

static void parse(const char *text, struct line *l)
{
	const char *result = strstr(text, " result=");

	memset(l, 0, sizeof *l);
	assert_int_equal(sscanf(text, "%31s", l->name), 1);
	if (result)
		assert_int_equal(sscanf(result, " result=%15s", l->result), 1);
	l->badge = (uint32_t)value(text, "badge");
	l->slot  = (uint32_t)(value(text, strstr(text, " irq=") ? "irq" : "kcap") >> 12);
	l->from  = (uint32_t)(value(text, "rcv") >> 12);
	l->count = (uint32_t)value(text, "count");
	l->other = (uint32_t)(value(text, strstr(text, " ep=") ? "ep" : "thread") >> 12);
	l->a = strstr(text, " utcb=") ? value(text, "utcb") : value(text, "label");
	l->b = value(text, "obj");
	t_compare(l->slot, <, SLOTS);
	t_compare(l->from, <, SLOTS);
	t_compare(l->slot + l->count, <=, SLOTS);
}

static void compare(uint32_t got, uint32_t recorded)
{
	t.chosen++;
	t.different += got != recorded;
}

static void on_insert_map(const struct line *l)
{
	uint32_t const old = caplog_map_find(&t.map, l->badge);
	uint32_t slot;

	/* what arrived: the object that we have, or another one */
	t.object[l->from] = ++t.objects;
	if (old != CAPLOG_NONE && strcmp(l->result, "known") == 0)
		t.object[l->from] = t.object[old];
	if (old != CAPLOG_NONE && strcmp(l->result, "new") == 0) {
		t.stale_done += t.object[old] != 0;
		t.object[old] = 0; /* else it would be known or a forgery */
	}
	slot = caplog_map_insert_map(&t.map, l->badge, l->from, &t.ops, NULL);
	if (strcmp(l->result, "conflict") == 0) {
		compare(slot, CAPLOG_NONE);
		return;
	}
	compare(slot, l->slot);
	if (slot != l->slot) {
		if (slot != CAPLOG_NONE && slot != old)
			caplog_map_remove(&t.map, slot, 1);
		caplog_map_insert_at(&t.map, l->badge, l->slot);
		t.object[l->slot] = t.object[l->from];
	}
	for (uint32_t i = 0; i < SLOTS; i++)
		if (t.badge[i] == l->badge)
			t.badge[i] = 0;
	t.badge[l->slot] = (uint16_t)l->badge;
}

static void on_window(const struct line *l)
{
	uint32_t const slot = caplog_map_alloc(&t.map, l->count);

	compare(slot, l->slot);
	if (slot == l->slot)
		return;
	if (slot != CAPLOG_NONE)
		caplog_map_free(&t.map, slot, l->count);
	for (uint32_t i = l->slot; i < l->slot + l->count; i++)
		if (!t.badge[i])
			caplog_map_set_badge(&t.map, i, 0xffff);
}

static void on_release(const struct line *l)
{
	for (uint32_t i = l->slot; i < l->slot + l->count; i++)
		if (!t.badge[i])
			assert_int_equal(caplog_map_free(&t.map, i, 1), 0);
}

static void on_line(const struct line *l)
{
	struct caplog_writer *w = &t.log.writer;

	if (strcmp(l->name, "insert_at") == 0) {
		assert_int_equal(caplog_map_insert_at(&t.map, l->badge, l->slot), 0);
		t.object[l->slot] = ++t.objects;
		t.badge[l->slot] = (uint16_t)l->badge;
	} else if (strcmp(l->name, "insert_map") == 0) {
		on_insert_map(l);
	} else if (strcmp(l->name, "remove") == 0) {
		assert_int_equal(caplog_map_remove(&t.map, l->slot, 1), 0);
		t.badge[l->slot] = 0;
	} else if (strcmp(l->name, "reserve") == 0) {
		on_window(l);
	} else if (strcmp(l->name, "release") == 0) {
		on_release(l);
	} else if (strcmp(l->name, "stale") == 0) {
		t.stale_told++; /* the map does it by itself, with the line behind this one */
	} else if (strcmp(l->name, "rpc_alloc") == 0) {
		caplog_append(w, CAPLOG_RPC_ALLOC, l->slot, l->badge, l->other, 0);
	} else if (strcmp(l->name, "rpc_free") == 0) {
		caplog_append(w, CAPLOG_RPC_FREE, l->slot, l->badge, 0, 0);
	} else if (strcmp(l->name, "thread_start") == 0) {
		caplog_append_thread(w, l->slot, l->badge, l->a, l->b);
	} else if (strcmp(l->name, "irq_attach") == 0) {
		caplog_append_irq(w, l->slot, l->other, l->a);
	} else if (strcmp(l->name, "irq_detach") == 0) {
		caplog_append(w, CAPLOG_IRQ_DETACH, l->slot, 0, 0, 0);
	} else {
		fail_msg("unknown line: %s", l->name);
	}
}

/* What the trace says is live, the map finds, and the log knows by its badge */
static void check_end(const char *path)
{
	struct caplog_diag diag = { 0, "" };
	uint32_t live = 0;

	if (t_read_fresh(t.log.bytes, t.log.size, &space, &diag))
		fail_msg("%s: %s", path, diag.text);
	for (uint32_t i = 0; i < SLOTS; i++) {
		if (!t.badge[i])
			continue;
		live++;
		if (caplog_map_find(&t.map, t.badge[i]) != i)
			fail_msg("%s: badge 0x%x is not found in slot 0x%x", path, t.badge[i], i);
		if (space.cap[i].badge != t.badge[i] || space.cap[i].stale)
			fail_msg("%s: slot 0x%x has badge 0x%x in the log, expected 0x%x", path, i,
			         space.cap[i].badge, t.badge[i]);
	}
	printf("  %-48s %6u slots chosen, %u different, %u live, %u stale\n", path, t.chosen,
	       t.different, live, t.stale_done);
}

static void run_trace(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	FILE *f = fopen(path, "r");
	struct line line;
	char text[256];

	assert_non_null(f);
	memset(&t, 0, sizeof t);
	t.ops = (struct caplog_map_ops){ equal, valid, grant, NULL };
	t_log_open(&t.log, 262144);
	CAPLOG_MAP_BIND(&t.map, &storage);
	caplog_map_init(&t.map, SLOTS, t_flavour()->user_base, BUCKETS, &t.log.writer);
	while (fgets(text, sizeof text, f)) {
		parse(text, &line);
		on_line(&line);
	}
	fclose(f);
	check_end(path);
	for (unsigned i = 0; i < sizeof in_order / sizeof *in_order; i++)
		if (strncmp(base, in_order[i], strlen(in_order[i])) == 0) {
			assert_int_equal(t.different, 0);
			assert_int_equal(t.stale_done, t.stale_told);
		}
	/* a handful elsewhere; more would mean another allocator */
	t_compare(t.different * 20, <=, t.chosen);
	t_log_close(&t.log);
}

static void test_recorded_traces(void **state)
{
	glob_t g;

	(void)state;
	assert_int_equal(glob("tests/data/traces/*.trace", 0, NULL, &g), 0);
	t_compare(g.gl_pathc, >=, 14);
	for (size_t i = 0; i < g.gl_pathc; i++)
		run_trace(g.gl_pathv[i]);
	globfree(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_traces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
