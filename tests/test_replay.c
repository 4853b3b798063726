/* SPDX-License-Identifier: BSD-2-Clause */
/* Restore in memory: every trace comes back; what is not as it was, is found */
#include "t_files.h"

#include <jansson.h>

#include "tool.h"

enum { FIRST_BADGE = 0x4000 };

static struct tool_log log_;
static struct memspace mem, good;
static struct caplog_plan plan;
static struct check_counts counts;
static uint32_t reported;

static void report(void *ctx, uint32_t slot, const char *text)
{
	(void)ctx;
	(void)text;
	reported = slot;
}

static uint32_t failures(void)
{
	reported = CAPLOG_NO_SLOT;
	check_restored(log_.space, &mem, &counts, report, NULL);
	return counts.failures;
}

/* Of the traces in work */
static const char *flavour = CAPLOG_FOC_16_08_NAME;

static void load(const char *trace)
{
	struct load_options o;

	memset(&o, 0, sizeof o);
	o.flavour = caplog_flavour_by_name(flavour);
	o.word_bytes = 8;
	assert_int_equal(log_load(&log_, trace, &o), 0);
}

static void restore(const char *trace)
{
	struct caplog_ops ops;
	struct caplog_diag diag;

	load(trace);
	memspace_init(&mem, log_.space, FIRST_BADGE);
	memspace_ops(&mem, &ops);
	assert_int_equal(caplog_plan(&plan, log_.space, &ops, &diag), 0);
	assert_int_equal(caplog_execute(&plan, &ops, NULL, &diag), 0);
}

static void check_restore(const char *trace, const char *space)
{
	(void)space;
	restore(trace);
	assert_int_equal(failures(), 0);
	log_free(&log_);
}

static void test_every_trace_is_restored(void **state)
{
	(void)state;
	t_each_trace(check_restore);
	flavour = CAPLOG_FOC_26_02_NAME;
	t_each_trace26(check_restore);
	flavour = CAPLOG_FOC_16_08_NAME;
}


/*
 * The check finds what is wrong
 */

static void found(uint32_t slot)
{
	assert_int_not_equal(failures(), 0);
	assert_int_equal(reported, slot);
	mem = good;
}

static void damage_live(uint32_t slot, const struct caplog_cap *c)
{
	struct mem_object *o = &mem.object[mem.slot[slot]];
	int const is_thread = o->is_thread;

	mem.slot[slot] = NO_OBJECT;
	assert_int_not_equal(failures(), 0);
	mem = good;

	o->type = o->type == CAPLOG_KERNEL_GATE ? CAPLOG_KERNEL_IRQ : CAPLOG_KERNEL_GATE;
	found(slot);
	mem.badge[slot] += 4;
	found(slot);
	if (slot != log_.space->flavour->thread_base) {
		o->label += 4;
		found(slot);
		mem.badge[slot] = c->badge; /* the one of the old node */
		found(slot);
	}
	if (c->kind == CAPLOG_RPC || c->kind == CAPLOG_IRQ) {
		o->bound = mem.slot[log_.space->flavour->thread_base];
		found(slot);
		o->bound = NO_OBJECT;
		found(slot);
	}
	if (c->kind == CAPLOG_IRQ) {
		o->irq_label++;
		found(slot);
	}
	if (is_thread) {
		o->started ^= 1;
		found(slot);
		o->is_set ^= 1;
		found(slot);
	}
	if (c->kind == CAPLOG_THREAD) {
		o->user_word++;
		found(slot);
		o->utcb++;
		found(slot);
	}
}

static void check_damage(const char *trace, const char *space)
{
	(void)space;
	restore(trace);
	good = mem;
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_cap *c = &log_.space->cap[slot];

		if (c->kind != CAPLOG_EMPTY && !c->stale && c->kind != CAPLOG_TOMBSTONE) {
			damage_live(slot, c);
			continue;
		}
		/* something where nothing may be */
		mem.slot[slot] = mem.slot[0x8];
		found(slot);
		mem.badge[slot] = mem.badge[0x8];
		found(slot);
		if (c->kind == CAPLOG_EMPTY)
			continue;
		for (uint32_t badge = 0; badge < 0x10000; badge += 4) {
			mem.badge[slot] = badge;
			assert_int_not_equal(failures(), 0);
			badge += badge ? 0xff0 : 0; /* a few of them */
		}
		mem = good;
		mem.badge[slot] = 1;
		found(slot);
		mem.badge[slot] = 0xffff;
		found(slot);
	}
	log_free(&log_);
}

static void test_every_damage_is_found(void **state)
{
	(void)state;
	check_damage(T_TRACES "rom_filter.rom_filter.trace", NULL);
	check_damage(T_TRACES "sig.timer.trace", NULL);
	check_damage(T_TRACES "arm_report_rom.timer.trace", NULL);
}


/*
 * Operations that fail, or lie
 */

static struct caplog_ops real;
static unsigned calls, at;  /* the call that is not done, from 1 */
static int      answer;     /* what is answered instead          */

static int is_turn(void)
{
	return ++calls == at;
}

#define STEP(name) \
	static int bad_##name(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *d) \
	{ return is_turn() ? answer : real.name(ctx, s, d); }
#define MAKE(name) \
	static int bad_##name(void *ctx, const struct caplog_plan_step *s, uint32_t *badge, \
	                      struct caplog_diag *d) \
	{ \
		*badge = 0x20; \
		return is_turn() ? answer : real.name(ctx, s, badge, d); \
	}
#define DONE(name) \
	static int bad_##name(void *ctx, struct caplog_diag *d) \
	{ return is_turn() ? answer : real.name(ctx, d); }

MAKE(thread)
MAKE(object)
MAKE(gate)
STEP(install)
STEP(attach)
STEP(badge)
STEP(registers)
STEP(start)
DONE(threads_done)
DONE(badges_done)

static int execute(unsigned n, int error)
{
	struct caplog_ops ops;
	struct caplog_diag diag;

	memspace_init(&mem, log_.space, FIRST_BADGE);
	memspace_ops(&mem, &real);
	ops = real;
	ops.thread = bad_thread;
	ops.threads_done = bad_threads_done;
	ops.object = bad_object;
	ops.gate = bad_gate;
	ops.install = bad_install;
	ops.attach = bad_attach;
	ops.badge = bad_badge;
	ops.badges_done = bad_badges_done;
	ops.registers = bad_registers;
	ops.start = bad_start;
	calls = 0;
	at = n;
	answer = error;
	assert_int_equal(caplog_plan(&plan, log_.space, &ops, &diag), 0);
	return caplog_execute(&plan, &ops, NULL, &diag);
}

/* A trace with a hole in the thread area, and all kinds of entries */
static const char *with_hole(void)
{
	const char *path = t_path("hole.trace");

	t_write_text(path,
	             "insert_at badge=0x1 kcap=0x9000\n"
	             "insert_at badge=0x840 kcap=0x8000\n"
	             "insert_at badge=0x848 kcap=0x12000\n"
	             "thread_start badge=0x848 kcap=0x12000 utcb=0x1000 obj=0x2000\n"
	             "insert_at badge=0x84c kcap=0x15000\n"
	             "insert_map badge=0x850 rcv=0x200000 kcap=0x204000 result=new\n"
	             "insert_map badge=0x858 rcv=0x200000 kcap=0x205000 result=new\n"
	             "rpc_alloc badge=0x858 kcap=0x205000 ep=0x12000\n"
	             "insert_map badge=0x860 rcv=0x200000 kcap=0x206000 result=new\n"
	             "irq_attach irq=0x206000 thread=0x12000 label=0x77\n"
	             "insert_map badge=0x868 rcv=0x200000 kcap=0x207000 result=new\n"
	             "rpc_alloc badge=0x868 kcap=0x207000 ep=0x12000\n"
	             "rpc_free badge=0x868 kcap=0x207000\n"
	             "insert_map badge=0x870 rcv=0x200000 kcap=0x208000 result=new\n"
	             "stale badge=0x870 kcap=0x208000\n");
	return path;
}

/* After a failure at any step all is as before */
static void test_failure_at_every_step_is_undone(void **state)
{
	unsigned n = 1;

	(void)state;
	load(with_hole());
	for (; execute(n, -EIO) == -EIO; n++) {
		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
			assert_int_equal(mem.slot[slot], NO_OBJECT);
			assert_int_equal(mem.made[slot], NO_OBJECT);
			assert_int_equal(mem.badge[slot], log_.space->cap[slot].badge);
		}
		for (uint32_t i = 1; i < mem.objects; i++)
			assert_int_equal(mem.object[i].type, CAPLOG_KERNEL_NONE);
	}
	/* 5 threads, 3 objects, 1 gate, 4 slots, 1 IRQ, 9 badges, 2 x 2 threads, 2 ends */
	t_compare(n, >, 25);
	assert_int_equal(failures(), 0);
	log_free(&log_);
}

/* A step that says it did, and did not, is noticed in the end if not before */
static void test_no_step_can_be_left_out(void **state)
{
	(void)state;
	load(with_hole());
	assert_int_equal(execute(0, 0), 0);
	unsigned const all = calls;
	unsigned harmless = 0;

	good = mem;
	for (unsigned n = 1; n <= all; n++) {
		if (execute(n, 0))
			continue;
		if (memcmp(&mem, &good, sizeof mem))
			assert_int_not_equal(failures(), 0);
		else
			harmless++;
	}
	/* the main thread's badge, which stays as it is */
	assert_int_equal(harmless, 1);
	log_free(&log_);
}


/*
 * As a command
 */

static void test_command(void **state)
{
	const char *trace = T_TRACES "rom_filter.rom_filter.trace";

	(void)state;
	struct t_run r = t_tool("replay", "--badges-from", "0x8000", trace);
	assert_int_equal(r.status, 0);
	assert_string_equal(r.err, "");
	t_assert_has(r.out, "threads: 3\n  0x9    thread     badge 0x1     -> 0x8000   serial 1\n");
	t_assert_has(r.out, "never matches");
	t_assert_has(r.out, "slots=34 gates=4 irqs=1 freed=1 failures=0\n");
	t_run_free(&r);

	r = t_tool("replay", "--json", trace);
	assert_int_equal(r.status, 0);
	json_t *j = json_loads(r.out, 0, NULL);
	assert_non_null(j);
	assert_int_equal(json_array_size(json_object_get(j, "phases")), CAPLOG_PHASE_COUNT);
	assert_int_equal(json_integer_value(json_object_get(j, "restored")), 34);
	assert_int_equal(json_array_size(json_object_get(j, "failures")), 0);
	json_decref(j);
	t_run_free(&r);
}

static void refuse(const char *text, const char *why)
{
	t_write_text(t_path("refused"), text);
	struct t_run r = t_tool("replay", t_path("refused"));
	assert_int_equal(r.status, 2);
	assert_string_equal(r.out, "");
	t_assert_has(r.err, why);
	t_run_free(&r);
}

static void test_what_cannot_be_restored_is_refused(void **state)
{
	(void)state;
	refuse("insert_at badge=0x1 kcap=0x9000\ninsert_at badge=0x1 kcap=0x300000\n",
	       "slot 0x300: has badge 0x1");
	refuse("insert_map badge=0x10 rcv=0x200000 kcap=0xc000 result=new\n", "slot 0xc: holds what");
	refuse("insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=new\n"
	       "rpc_alloc badge=0x10 kcap=0x204000 ep=0xc000\n", "slot 0x204");
	refuse("insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=new\n"
	       "irq_attach irq=0x204000 thread=0xc000 label=0x0\n", "slot 0x204");
	refuse("insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=new\n"
	       "insert_map badge=0x10 rcv=0x200000 kcap=0x205000 result=new\n", "0x205");
	/* a node without enough badges */
	struct t_run r = t_tool("replay", "--badges-from", "0xfff0", T_TRACES "sig.init.trace");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "no badge left");
	t_run_free(&r);
	t_expect(2, "replay", "--badges-from", "0x4001", T_TRACES "sig.init.trace");
	t_expect(2, "replay", "--badges-from", "0", T_TRACES "sig.init.trace");
	t_expect(2, "replay", "--badges-from", "0x10000", T_TRACES "sig.init.trace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_trace_is_restored),
		cmocka_unit_test(test_every_damage_is_found),
		cmocka_unit_test(test_failure_at_every_step_is_undone),
		cmocka_unit_test(test_no_step_can_be_left_out),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_what_cannot_be_restored_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
