/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model against the real system: recorded traces drive the hosted kernel
 * and base library; slots and kernel space must be the recorded ones
 *
 * A component's main thread does what the trace says was done. Where the
 * recording is out of order (tests/data/traces), recorded slots are the truth
 * and are only counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <caplog/text.h>

#include "base/base.h"
#include "node.h"

#include "t_compare.h"

enum { LINES_MAX = 32000, BADGES = 65536 };

static struct {
	struct caplog_line *line;
	unsigned            lines, at;
	struct hk_object   *of_badge[BADGES];
	uint8_t             is_irq[LINES_MAX]; /* insert_map: an IRQ object arrives */
	unsigned            checked, differ;
	struct hm_target   *target;
} run;


/*
 * Reading
 */

static unsigned t_slot(const struct caplog_event *e) { return e->slot; }

static void t_load(const char *path)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	FILE *file = fopen(path, "r");
	struct caplog_diag diag;
	char text[256];

	if (!file)
		fail_msg("cannot open %s", path);
	run.lines = 0;
	while (fgets(text, sizeof text, file)) {
		text[strcspn(text, "\n")] = 0;
		if (caplog_parse_line(text, f, &run.line[run.lines], &diag))
			fail_msg("%s: %s", path, diag.text);
		run.lines++;
		t_compare(run.lines, <, LINES_MAX);
	}
	fclose(file);
	/* an object is known to be an IRQ by what happens to it later */
	memset(run.is_irq, 0, sizeof run.is_irq);
	unsigned born[HK_SLOTS] = { 0 };
	for (unsigned i = 0; i < run.lines; i++) {
		const struct caplog_event *e = &run.line[i].event;
		if (run.line[i].kind == CAPLOG_LINE_EVENT && e->kind == CAPLOG_INSERT_MAP)
			born[t_slot(e)] = i;
		if (run.line[i].kind == CAPLOG_LINE_EVENT && e->kind == CAPLOG_IRQ_ATTACH)
			run.is_irq[born[t_slot(e)]] = 1;
	}
}


/*
 * Doing: on the component's main thread
 */

static void t_expect(uint32_t slot, uint32_t recorded)
{
	run.checked++;
	run.differ += slot != recorded;
}

/* What the kernel does when a message with a capability arrives */
static void t_arrive(unsigned at, const struct caplog_event *e, int known)
{
	struct hk_node *k = run.target->node->k;
	struct hk_object **o = &run.of_badge[e->badge];

	if (!known || !*o)
		*o = run.is_irq[at] ? &hk_irq_create(k)->o : &hk_gate_create(k, e->badge, NULL)->o;
	hk_map(run.target->task, e->from, *o);
}

static long t_sys(long op, long a, long b, long c)
{
	struct hk_sys s = { op, a, b, c, 0 };
	return hk_enter(&s);
}

static struct hk_thread *t_thread_in(uint32_t slot)
{
	const struct hk_gate *g = (const void *)hk_slot(run.target->task, slot);
	return g ? g->thread : NULL;
}

static void t_do_event(unsigned at, const struct caplog_event *e)
{
	struct hm_target *t = run.target;
	struct hk_gate *gate = (void *)hk_slot(t->task, e->slot);
	uint32_t slot, badge;

	switch (e->kind) {
	case CAPLOG_INSERT_AT:
		if (caplog_is_thread_slot(caplog_flavours(NULL), e->slot) && e->slot != 0x9) {
			assert_non_null(hm_thread_create(t, &slot, &badge));
			((struct hk_gate *)(void *)hk_slot(t->task, slot))->label = e->badge;
			t_expect(slot, e->slot);
		} else if (e->slot == 0x8) {
			((struct hk_gate *)(void *)hk_slot(t->task, 0x8))->label = e->badge;
		}
		caplog_map_insert_at(&HB->map, e->badge, e->slot);
		break;
	case CAPLOG_THREAD_START:
		caplog_append_thread(&HB->log, e->slot, e->badge, e->a, e->b);
		break;
	case CAPLOG_INSERT_MAP:
		t_arrive(at, e, 0);
		t_expect(hb_insert_map(e->badge, e->from), e->slot);
		break;
	case CAPLOG_RPC_ALLOC:
		if (gate)
			gate->thread = t_thread_in(e->other);
		caplog_append(&HB->log, CAPLOG_RPC_ALLOC, e->slot, e->badge, e->other, 0);
		break;
	case CAPLOG_RPC_FREE:
		if (run.of_badge[e->badge])
			hk_destroy(run.of_badge[e->badge]);
		caplog_append(&HB->log, CAPLOG_RPC_FREE, e->slot, e->badge, 0, 0);
		break;
	case CAPLOG_STALE: /* the map finds out by itself, if the object is dead */
		if (run.of_badge[e->badge])
			hk_destroy(run.of_badge[e->badge]);
		break;
	case CAPLOG_REMOVE:
		caplog_map_remove(&HB->map, e->slot, e->from);
		break;
	case CAPLOG_IRQ_ATTACH:
		assert_int_equal(t_sys(HK_IRQ_ATTACH, e->slot, e->other, (long)e->a), 0);
		caplog_append_irq(&HB->log, e->slot, e->other, e->a);
		break;
	case CAPLOG_IRQ_DETACH:
		t_sys(HK_IRQ_DETACH, e->slot, 0, 0);
		caplog_append(&HB->log, CAPLOG_IRQ_DETACH, e->slot, 0, 0, 0);
		break;
	default:
		break;
	}
}

static void t_actor(uint64_t unused)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	struct caplog_format format = { .flavour = f };

	(void)unused;
	CAPLOG_MAP_BIND(&HB->map, &HB->storage);
	caplog_map_init(&HB->map, HK_SLOTS, f->user_base, 2048, &HB->log);
	caplog_format((void *)HK_LOG, 256 * 1024, &format);
	caplog_writer_attach(&HB->log, (void *)HK_LOG);
	for (run.at = 0; run.at < run.lines; run.at++) {
		const struct caplog_line *l = &run.line[run.at];
		switch (l->kind) {
		case CAPLOG_LINE_RESERVE: t_expect(hb_window_alloc(), l->event.slot); break;
		case CAPLOG_LINE_RELEASE: hb_window_free(l->event.slot); break;
		case CAPLOG_LINE_KNOWN:
			t_arrive(run.at, &l->event, 1);
			t_expect(hb_insert_map(l->event.badge, l->event.from), l->event.slot);
			break;
		case CAPLOG_LINE_EVENT: t_do_event(run.at, &l->event); break;
		default: break;
		}
	}
}


/*
 * Comparing
 */

static void t_check_slot(const char *path, uint32_t slot, const struct caplog_kernel_cap *real,
                         const struct caplog_space *space)
{
	static const enum hk_type type[] = { HK_NONE, HK_TASK, HK_GATE, HK_IRQ };
	const struct caplog_cap *c = &space->cap[slot];
	const struct hk_object *o = hk_slot(run.target->task, slot);
	int const live = c->kind != CAPLOG_EMPTY && c->kind != CAPLOG_TOMBSTONE && !c->stale;

	if (!live && slot >= 0x200)
		return; /* a leftover: whatever the kernel has there */
	if (!o || o->type != type[real->type])
		fail_msg("%s: slot 0x%x: the kernel has type %u, the model %d", path, slot, real->type,
		         o ? (int)o->type : -1);
	if (live && o->type == HK_GATE && real->has_label && slot != 0x9 &&
	    ((const struct hk_gate *)(const void *)o)->label != real->label)
		fail_msg("%s: slot 0x%x: another label", path, slot);
	if (o->type == HK_IRQ && real->attached != CAPLOG_NO_SLOT &&
	    ((const struct hk_irq *)(const void *)o)->thread != t_thread_in(real->attached))
		fail_msg("%s: slot 0x%x: attached to another thread", path, slot);
}

static unsigned t_check_space(const char *path)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	static struct caplog_space space;
	static uint8_t seen[HK_SLOTS];
	struct caplog_reader reader;
	struct caplog_kernel_cap real;
	struct caplog_diag diag;
	FILE *file = fopen(path, "r");
	char text[256];
	uint32_t slot;
	unsigned n = 0;

	if (!file)
		return 0;
	if (caplog_reader_open(&reader, hm_memory(run.target, HK_LOG, 256 * 1024), 256 * 1024,
	                       &diag) || caplog_reader_update(&reader, &space, NULL, &diag))
		fail_msg("%s: %s", path, diag.text);
	memset(seen, 0, sizeof seen);
	for (; fgets(text, sizeof text, file); n++) {
		text[strcspn(text, "\n")] = 0;
		if (caplog_parse_space_line(text, f, &slot, &real, &diag))
			fail_msg("%s: %s", path, diag.text);
		t_check_slot(path, slot, &real, &space);
		seen[slot] = 1;
	}
	fclose(file);
	for (slot = 0; slot < HK_SLOTS; slot++) {
		const struct caplog_cap *c = &space.cap[slot];
		int const live = c->kind != CAPLOG_EMPTY && c->kind != CAPLOG_TOMBSTONE && !c->stale;
		if (live && !seen[slot])
			fail_msg("%s: slot 0x%x: live in the model, empty in the kernel", path, slot);
	}
	return n;
}

static void t_drive(const char *name, int in_order)
{
	static struct caplog_ledger ledger;
	struct hm_node *node = hm_node_create(1, 0x8000, 32 << 20);
	char trace[120], space[120];
	uint32_t slot, badge;

	snprintf(trace, sizeof trace, "tests/data/traces/%s.trace", name);
	snprintf(space, sizeof space, "tests/data/traces/%s.space", name);
	memset(run.of_badge, 0, sizeof run.of_badge);
	run.checked = run.differ = 0;
	t_load(trace);

	caplog_ledger_init(&ledger);
	run.target = hm_target_create(node, "actor", 256 * 1024, &ledger);
	hm_attach_new(run.target, CAPLOG_OBJECT_DATASPACE, HK_BSS, HB_SIZE, "bss");
	hm_attach_new(run.target, CAPLOG_OBJECT_DATASPACE, HK_STACKS,
	              HK_THREADS * HK_STACK_SIZE, "stacks");
	hm_attach_new(run.target, CAPLOG_OBJECT_LOG_DS, HK_LOG, 256 * 1024, "log");
	hk_map(run.target->task, 0x8, &hk_gate_create(node->k, 0, NULL)->o);
	struct hk_thread *main_thread = hm_thread_create(run.target, &slot, &badge);
	hk_thread_start(main_thread, (uint64_t)(uintptr_t)t_actor, 0, 0);
	while (hk_step(node->k))
		;
	assert_int_equal(run.at, run.lines);

	unsigned const slots = t_check_space(space);
	printf("%-24s %5u lines, %5u slots chosen, %u differ, %u kernel slots\n", name, run.lines,
	       run.checked, run.differ, slots);
	if (in_order)
		assert_int_equal(run.differ, 0);
	hm_node_destroy(node);
}

static void test_recorded_traces(void **state)
{
	static const struct { const char *name; int in_order; } traces[] = {
		{ "rom_filter.init", 1 }, { "rom_filter.timer", 1 }, { "rom_filter.rom_filter", 1 },
		{ "rom_filter.dynamic_rom", 1 }, { "rom_filter.rom_logger", 1 }, { "sig.init", 1 },
		{ "report_rom.report_rom", 1 }, { "report_rom.timer", 1 }, { "report_rom.init", 0 },
		{ "sig.timer", 0 }, { "arm_report_rom.init", 0 }, { "arm_report_rom.timer", 0 },
		{ "arm_report_rom.report_rom", 0 },
	};

	(void)state;
	run.line = calloc(LINES_MAX, sizeof *run.line);
	assert_non_null(run.line);
	for (unsigned i = 0; i < sizeof traces / sizeof traces[0]; i++)
		t_drive(traces[i].name, traces[i].in_order);
	free(run.line);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_recorded_traces) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
