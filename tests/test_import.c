/* SPDX-License-Identifier: BSD-2-Clause */
/* Text to log and back */
#include "t_import.h"
#include "t_random.h"

/* Same slots, badges, kinds, bindings and addresses; lives may differ */
static void assert_same_space(const struct caplog_space *x, const struct caplog_space *y)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_cap *a = &x->cap[slot], *b = &y->cap[slot];

		if (a->kind != b->kind || a->badge != b->badge || a->other != b->other ||
		    a->stale != b->stale)
			fail_msg("slot 0x%x: %s badge 0x%x other 0x%x stale %d, and %s badge 0x%x other "
			         "0x%x stale %d", slot, caplog_kind_name(a->kind), a->badge, a->other,
			         a->stale, caplog_kind_name(b->kind), b->badge, b->other, b->stale);
		if (a->kind == CAPLOG_THREAD || a->kind == CAPLOG_IRQ) {
			assert_int_equal(x->a[slot], y->a[slot]);
			assert_int_equal(x->b[slot], y->b[slot]);
		}
	}
}

static unsigned count(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

static void check_round_trip(const char *trace, const char *space)
{
	char *changes = changes_of(trace), *text = t_read(trace, NULL);
	const char *log = t_path("log");
	struct tool_log loaded;

	(void)space;
	t_expect(0, "import", "--flavour", flavour, trace, "-o", log);

	struct t_run export = t_tool("export", log);
	assert_int_equal(export.status, 0);
	assert_string_equal(export.out, changes);
	assert_string_equal(export.err, "");

	load(&loaded, log);
	assert_int_equal(loaded.stat.records, loaded.stat.kept);
	assert_int_equal(loaded.stat.windows, count(text, "reserve "));
	assert_int_equal(loaded.stat.known, count(text, "result=known"));
	t_compare(loaded.size, >=, 256 * 1024);
	log_free(&loaded);
	t_run_free(&export);
	free(changes);
	free(text);
}

static void test_every_trace_comes_back(void **state)
{
	(void)state;
	each_trace_of_both(check_round_trip);
}

/* A log that keeps no more than the state: the state comes back */
static void check_small(const char *trace, const char *space)
{
	const char *log = t_path("small"), *again = t_path("again");
	struct tool_log whole, small, back;
	char size[16];

	(void)space;
	snprintf(size, sizeof size, "%u", caplog_log_size(options()->flavour, 0));
	t_expect(0, "import", "--flavour", flavour, "--size", size, trace, "-o", log);
	load(&whole, trace);
	load(&small, log);
	assert_same_space(whole.space, small.space);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		assert_int_equal(whole.space->cap[slot].version, small.space->cap[slot].version);
	assert_int_equal(small.stat.windows, whole.stat.windows);

	struct t_run export = t_tool("export", log);
	assert_int_equal(export.status, 0);
	if (small.stat.kept < small.stat.records)
		t_assert_has(export.err, "is the state");
	t_write(again, export.out, export.out_size);
	load(&back, again);
	assert_same_space(whole.space, back.space);
	assert_int_equal(back.trace.late, 0);
	assert_int_equal(back.trace.unmatched, 0);

	t_run_free(&export);
	log_free(&whole);
	log_free(&small);
	log_free(&back);
}

static void test_every_trace_in_a_small_log(void **state)
{
	(void)state;
	each_trace_of_both(check_small);
}


/*
 * State of every kind
 */

/* A random component: events that can happen, in order */
struct component {
	struct t_random      *r;
	struct caplog_space   space;
	uint32_t              next_badge;
	FILE                 *out;
};

static void emit(struct component *c, unsigned kind, uint32_t slot, uint32_t badge,
                 uint32_t other, uint64_t a, uint64_t b)
{
	struct caplog_event const e = { .kind = (uint8_t)kind, .slot = (uint16_t)slot,
	                                .badge = badge, .other = (uint16_t)other, .a = a, .b = b };
	char line[128];

	assert_int_equal(caplog_fold(&c->space, &e), 0);
	caplog_format_event(line, sizeof line, c->space.flavour, &e);
	fprintf(c->out, "%s\n", line);
}

static uint32_t new_badge(struct component *c)
{
	c->next_badge = c->next_badge < 0xff00 ? c->next_badge + 4 : 8;
	return c->next_badge;
}

static void begin(struct component *c, uint32_t slot)
{
	if (slot < 0x200)
		emit(c, CAPLOG_INSERT_AT, slot, new_badge(c), 0, 0, 0);
	else
		emit(c, CAPLOG_INSERT_MAP, slot, new_badge(c), 0, 0, 0);
}

static void change(struct component *c, uint32_t slot)
{
	const struct caplog_cap *cap = &c->space.cap[slot];
	uint32_t const badge = cap->badge;
	uint32_t const pick = t_below(c->r, 10);

	if (pick == 0 && !cap->stale)
		emit(c, CAPLOG_STALE, slot, badge, 0, 0, 0);
	else if (pick == 1 && cap->kind == CAPLOG_RPC)
		emit(c, CAPLOG_RPC_FREE, slot, badge, 0, 0, 0);
	else if (pick == 2 && cap->kind == CAPLOG_IRQ)
		emit(c, CAPLOG_IRQ_DETACH, slot, 0, 0, 0, 0);
	else if (pick == 3 && cap->kind == CAPLOG_RECEIVED)
		emit(c, CAPLOG_RPC_ALLOC, slot, badge, 9 + 3 * t_below(c->r, 100), 0, 0);
	else if (pick == 4 && cap->kind == CAPLOG_RECEIVED)
		emit(c, CAPLOG_IRQ_ATTACH, slot, 0, 9, 0, 0);
	else if (pick == 5 && cap->kind == CAPLOG_PLACED)
		emit(c, CAPLOG_THREAD_START, slot, badge, 0, t_next(c->r), t_next(c->r));
	else if (pick > 5)
		emit(c, CAPLOG_REMOVE, slot, badge, 0, 0, 0);
}

static void write_random_trace(struct component *c, const char *path, unsigned events)
{
	caplog_space_init(&c->space, caplog_flavours(NULL), 8);
	c->next_badge = 8;
	assert_non_null(c->out = fopen(path, "w"));
	while (events--) {
		uint32_t const slot = t_chance(c->r, 20) ? 9 + 3 * t_below(c->r, 150)
		                                         : 0x200 + t_below(c->r, 3000);
		if (c->space.cap[slot].kind == CAPLOG_EMPTY)
			begin(c, slot);
		else
			change(c, slot);
	}
	assert_int_equal(fclose(c->out), 0);
}

static void test_random_components(void **state)
{
	static struct component c;
	struct t_random r = t_seed("random components");

	(void)state;
	c.r = &r;
	for (uint64_t n = t_turns(10); n; n--) {
		const char *trace = t_path("random.trace");
		struct tool_log log;

		write_random_trace(&c, trace, 1 + t_below(&r, 30000));
		load(&log, trace);
		assert_same_space(&c.space, log.space);
		assert_int_equal(log.trace.late + log.trace.unmatched, 0);
		log_free(&log);
		check_small(trace, NULL);
		check_round_trip(trace, NULL);
	}
}


/*
 * Options of import
 */

static void test_sizes(void **state)
{
	const char *log = t_path("sized"), *trace = T_TRACES "rom_filter.init.trace";
	struct tool_log loaded;

	(void)state;
	t_expect(0, "import", trace, "-o", log, "--size", "1M");
	load(&loaded, log);
	assert_int_equal(loaded.size, 1 << 20);
	log_free(&loaded);

	/* too small to cover the slots of this trace: nothing is written */
	struct t_run r = t_tool("import", trace, "-o", t_path("none"), "--size", "4096");
	assert_int_equal(r.status, 2);
	t_assert_has(r.err, "does not cover: give it --size");
	assert_int_not_equal(access(t_path("none"), F_OK), 0);
	t_run_free(&r);

	t_expect(2, "import", trace, "-o", log, "--size", "4095");
	t_expect(2, "import", trace, "-o", log, "--size", "2048M");
	t_expect(2, "import", trace, "-o", log, "--size", "-1");
	t_expect(2, "import", trace, "-o", log, "--size", "17179869184M");
	t_expect(2, "import", trace, "-o", log, "--size", "64Kx");
	t_expect(2, "import", trace, "-o", log, "--size", "");
}

/* Events that take up more than one record: all of them are kept nevertheless */
static void test_all_history_fits(void **state)
{
	FILE *f = fopen(t_path("threads.trace"), "w");

	(void)state;
	for (unsigned i = 0; i < 2000; i++)
		fprintf(f, "insert_at badge=0x10 kcap=0xc000\n"
		        "thread_start badge=0x10 kcap=0xc000 utcb=0x48000400 obj=0x%x\n"
		        "remove badge=0x10 kcap=0xc000 mapped=yes\n", i);
	fclose(f);
	check_round_trip(t_path("threads.trace"), NULL);

	f = fopen(t_path("irqs.trace"), "w");
	for (unsigned i = 0; i < 2500; i++)
		fprintf(f, "insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=new\n"
		        "irq_attach irq=0x204000 thread=0xc000 label=0x%x\n"
		        "remove badge=0x10 kcap=0x204000 mapped=yes\n", i + 1);
	fclose(f);
	check_round_trip(t_path("irqs.trace"), NULL);
}

static void test_word_size_and_pipes(void **state)
{
	const char *trace = T_TRACES "arm_report_rom.timer.trace", *log = t_path("piped");
	struct tool_log loaded;

	(void)state;
	struct t_run r = t_tool_input(trace, (const char *const[]){ "import", "--word", "4", "-", NULL });
	assert_int_equal(r.status, 0);
	t_write(log, r.out, r.out_size);
	load(&loaded, log);
	assert_int_equal(loaded.space->word_bytes, 4);
	log_free(&loaded);
	t_run_free(&r);

	char *changes = changes_of(trace);
	r = t_tool_input(log, (const char *const[]){ "export", "-", NULL });
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, changes);
	free(changes);
	t_run_free(&r);
}

static void test_summary(void **state)
{
	const char *trace = t_path("late.trace");

	(void)state;
	t_write_text(trace,
	             "# a comment\n\n"
	             "reserve kcap=0x200000 count=0x4\r\n"
	             "insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=new\n"
	             "release kcap=0x200000 count=0x4\n"
	             "insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=known\n"
	             "insert_map badge=0x10 rcv=0x200000 kcap=0x204000 result=conflict\n"
	             "insert_map badge=0x14 rcv=0x200000 kcap=0x204000 result=new\n"
	             "remove badge=0x10 kcap=0x204000 mapped=yes\n"
	             "remove badge=0x99 kcap=0x205000 mapped=yes");

	struct t_run r = t_tool("import", trace, "-o", t_path("late.log"));
	assert_int_equal(r.status, 0);
	t_assert_has(r.err, "events=2 windows=1 known=1 conflicts=1 late=1 overwritten=0 size=262144");
	t_assert_has(r.err, "1 lines fit no insertion");
	t_run_free(&r);
}


/* A trace of another release is named by where its main thread's entry is */
static void test_another_release(void **state)
{
	static const struct { const char *flavour, *trace, *line, *flavours; } wrong[] = {
		{ "foc-16.08", T_TRACES26 "sub_rm.init.trace", ":1: the main thread's entry is at slot 0xc, and "
		  "foc-16.08 has it at 0x9", "--flavour: foc-17.05, foc-19.05, foc-26.02\n" },
		{ "foc-26.02", T_TRACES "sig.timer.trace", ":1: the main thread's entry is at slot 0x9, and "
		  "foc-26.02 has it at 0xc", "--flavour: foc-16.08\n" }
	};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct t_run r = t_tool("show", "--flavour", wrong[i].flavour, wrong[i].trace);

		assert_int_equal(r.status, 2);
		t_assert_has(r.err, wrong[i].line);
		t_assert_has(r.err, wrong[i].flavours);
		assert_string_equal(r.out, "");
		t_run_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_trace_comes_back),
		cmocka_unit_test(test_every_trace_in_a_small_log),
		cmocka_unit_test(test_random_components),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_all_history_fits),
		cmocka_unit_test(test_word_size_and_pipes),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_another_release),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
