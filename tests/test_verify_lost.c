/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings of which something is missing: lost lines, and objects that died meanwhile */
#include "t_pair.h"

/*
 * Lost lines
 */

/* The trace without one line; \return 1 if verify names anything then */
static int is_named_without(const char *text, const char *line)
{
	const char *path = t_path("cut.trace"), *next = strchr(line, '\n');
	FILE *f = fopen(path, "w");
	int named;

	assert_non_null(f);
	fwrite(text, 1, (size_t)(line - text), f);
	fputs(next ? next + 1 : "", f);
	fclose(f);
	assert_int_equal(log_load(&log_, path, options()), 0);
	named = verify(0) != 0;
	return named;
}

static unsigned deletions, unnamed;

/* Slot that the kernel still has after an insertion, by its line */
static uint32_t inserted_slot(const char *line)
{
	int const known = !!memmem(line, strcspn(line, "\n"), "result=known", 12);
	const char *key = strstr(line, known ? " rcv=" : " kcap=");

	return (uint32_t)(strtoul(strchr(key, '=') + 1, NULL, 16) >> options()->flavour->slot_shift);
}

static void delete_each_insertion(const char *trace, const char *space)
{
	char *text;

	if (!space)
		return;
	text = t_read(trace, NULL);
	load_pair(trace, space);
	assert_int_equal(verify(0), 0);
	log_free(&log_);
	for (const char *line = text; line && *line; line = strchr(line, '\n') + 1) {
		uint32_t slot;

		if (strncmp(line, "insert_", 7) || kernel.cap[slot = inserted_slot(line)].type ==
		    CAPLOG_KERNEL_NONE)
			continue;
		int const named = is_named_without(text, line);

		/* a slot that another life fills is nothing that was left */
		if (log_.space->cap[slot].kind == CAPLOG_EMPTY) {
			deletions++;
			unnamed += !named;
			if (!named)
				print_message("%s: without %.*s\n", trace, (int)strcspn(line, "\n"), line);
		}
		log_free(&log_);
	}
	kernel_free(&kernel);
	free(text);
}

static void test_lost_insertions_are_named(void **state)
{
	(void)state;
	t_each_trace(delete_each_insertion);
	print_message("%u deletions that leave a slot, %u not named\n", deletions, unnamed);
	t_compare(deletions, >, 500);
	t_compare(unnamed * 100, <=, deletions);
	deletions = unnamed = 0;
	flavour = CAPLOG_FOC_26_02_NAME;
	t_each_trace26(delete_each_insertion);
	flavour = CAPLOG_FOC_16_08_NAME;
	print_message("of 26.02: %u deletions that leave a slot, %u not named\n", deletions, unnamed);
	t_compare(deletions, >, 1000);
	t_compare(unnamed * 100, <=, deletions);
}

/* A log in a file has what it takes as well */
static void test_binary_log_explains_leftovers(void **state)
{
	const char *trace = T_TRACES "rom_filter.timer.trace", *space = T_TRACES "rom_filter.timer.space";

	(void)state;
	t_expect(0, "import", trace, "-s", "256K", "-o", t_path("timer.log"));
	struct t_run x = t_tool("verify", "-v", trace, "--space", space);
	struct t_run y = t_tool("verify", "-v", t_path("timer.log"), "--space", space);
	assert_int_equal(x.status, 0);
	assert_string_equal(x.out, y.out);
	t_assert_has(x.out, ": leftover: removed under badge 0x");
	t_assert_has(x.out, ": leftover: core's: below");
	t_assert_has(x.out, ": unseen: ");
	t_run_free(&x);
	t_run_free(&y);

	/* one without receive windows leaves them unjudged, and says so */
	size_t size;
	char *bytes = t_read(t_path("timer.log"), &size);
	((struct caplog_header *)(void *)bytes)->residue_offset = 0;
	caplog_seal(bytes, size);
	t_write(t_path("bare.log"), bytes, size);
	free(bytes);
	x = t_tool("verify", t_path("bare.log"), "--space", space);
	assert_int_equal(x.status, 0);
	t_assert_has(x.err, "counted, not judged");
	t_run_free(&x);
}

/* What `caplog export` and a component's own log leave out is no lost event */
static void check_without_windows(const char *trace, const char *space)
{
	const char *path = t_path("exported.trace");

	if (!space)
		return;
	struct t_run r = t_tool("export", "--flavour", flavour, trace);
	t_write(path, r.out, r.out_size);
	t_run_free(&r);
	r = t_tool("verify", "--flavour", flavour, "--allow-dead", path, "--space", space);
	if (r.status)
		fail_msg("%s", r.out);
	t_assert_has(r.out, " lost=0 ");
	t_run_free(&r);
}

static void test_logs_without_windows(void **state)
{
	(void)state;
	each_trace_of_both(check_without_windows);

	/* an allocation above a free slot: a window was there, or an insertion is lost */
	t_write_text(t_path("some.space"), "slot=0x8 type=gate label=0x840\nslot=0x9 type=gate\n"
	             "slot=0x300 type=gate label=0x10\nslot=0x301 type=gate label=0x14\n");
	for (unsigned windows = 0; windows < 2; windows++) {
		FILE *f = fopen(t_path("some.trace"), "w");

		fprintf(f, "insert_at badge=0x1 kcap=0x9000\ninsert_at badge=0x840 kcap=0x8000\n%s"
		        "insert_map badge=0x10 rcv=0x200000 kcap=0x300000 result=new\n"
		        "remove badge=0x10 kcap=0x300000 mapped=yes\n"
		        "insert_map badge=0x14 rcv=0x200000 kcap=0x301000 result=new\n",
		        windows ? "reserve kcap=0x200000 count=0x4\n" : "");
		fclose(f);
		t_expect((int)windows, "verify", t_path("some.trace"), "--space", t_path("some.space"));
	}
}

/* The thread itself, which a component of 26.02 gets for a moment, may stay in the kernel */
static void test_thread_object_left(void **state)
{
	const char *line = "insert_map badge=0x10 rcv=0x310000 kcap=0x300000 result=new\n"
	                   "remove badge=0x10 kcap=0x300000 mapped=yes\n";
	char text[512];

	(void)state;
	t_write_text(t_path("thread.space"), "slot=0xb type=gate label=0x840\nslot=0xc type=gate\n"
	             "slot=0x300 type=thread\n");
	for (unsigned known = 0; known < 2; known++) {
		snprintf(text, sizeof text, "insert_at badge=0x1 kcap=0xc000\n"
		         "insert_at badge=0x840 kcap=0xb000\nreserve kcap=0x310000 count=0x4\n%s",
		         known ? line : "");
		t_write_text(t_path("thread.trace"), text);
		struct t_run r = t_tool("verify", "-v", "--flavour", "foc-26.02", t_path("thread.trace"),
		                        "--space", t_path("thread.space"));
		assert_int_equal(r.status, !known);
		t_assert_has(r.out, known ? "slot 0x300: leftover: removed under badge 0x10"
		                          : "slot 0x300: lost: no entry, found a thread");
		t_run_free(&r);
	}
}

/* All received capabilities gone is no component's life */
static void check_all_received_gone(void)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (is_live(slot) && log_.space->cap[slot].kind == CAPLOG_RECEIVED)
			kernel.cap[slot].type = CAPLOG_KERNEL_NONE;
	t_compare(verify(1), >, 0);
	t_assert_has(said, "too many to be all dead");
	assert_int_equal(n.dead, 0);
}

static void test_not_everything_is_dead(void **state)
{
	(void)state;
	each_pair(check_all_received_gone);
}

static int is_gate_received(uint32_t slot)
{
	return is_live(slot) && log_.space->cap[slot].kind == CAPLOG_RECEIVED &&
	       kernel.cap[slot].type == CAPLOG_KERNEL_GATE && kernel.cap[slot].has_label;
}

/* What another slot of the kernel still holds is not dead */
static void check_dead_elsewhere(void)
{
	uint32_t slot = 0, spare = CAPLOG_SLOTS_MAX - 1;

	while (!is_gate_received(slot))
		slot++;
	kernel.cap[spare] = kernel.cap[slot];
	kernel.cap[slot].type = CAPLOG_KERNEL_NONE;
	t_compare(verify(1), >, 0);
	assert_int_equal(n.mismatches, 1);
	assert_int_equal(n.dead, 0);
}

/* Nor is what the debugger's list of all objects shows */
static void check_dead_in_the_list(void)
{
	uint64_t label;
	uint32_t slot = 0;

	while (!is_gate_received(slot))
		slot++;
	label = log_.space->cap[slot].badge;
	for (uint32_t other = 0; other < CAPLOG_SLOTS_MAX; other++)
		if (kernel.cap[other].type == CAPLOG_KERNEL_GATE && kernel.cap[other].label == label)
			kernel.cap[other].type = CAPLOG_KERNEL_NONE;
	kernel.cap[slot].type = CAPLOG_KERNEL_NONE;
	kernel.labels_known = 1;
	kernel.label = malloc(sizeof *kernel.label);
	*kernel.label = label;
	kernel.labels = 1;
	verify(1);
	t_compare(n.mismatches, >, 0);
	assert_int_equal(n.dead, 0);
	/* without it, it may be */
	kernel.labels = 0;
	verify(1);
	assert_int_equal(n.mismatches, 0);
	t_compare(n.dead, >, 0);
}

static void test_a_living_object_is_not_dead(void **state)
{
	(void)state;
	each_pair(check_dead_elsewhere);
	each_pair(check_dead_in_the_list);
}

static void test_dead_ones_are_named(void **state)
{
	const char *trace = T_TRACES "rom_filter.timer.trace", *space = T_TRACES "rom_filter.timer.space";
	char *text = t_read(space, NULL), *line = strstr(text, "slot=0x204 ");

	(void)state;
	assert_non_null(line);
	*line = '#';
	t_write_text(t_path("dead.space"), text);
	free(text);

	t_expect(1, "verify", trace, "--space", t_path("dead.space"));
	struct t_run r = t_tool("verify", trace, "--space", t_path("dead.space"), "--allow-dead");
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "slot 0x204: dead: received, badge 0x");
	t_assert_has(r.out, "believed dead: the kernel's slot is empty");
	t_assert_has(r.out, " dead=1 ");
	t_run_free(&r);
	t_expect(0, "verify", trace, "--space", t_path("dead.space"), "--dead-max", "1");
	r = t_tool("verify", trace, "--space", t_path("dead.space"), "--dead-max", "0");
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "(--dead-max 0)");
	t_run_free(&r);
	t_expect(2, "verify", trace, "--space", space, "--dead-max", "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost_insertions_are_named),
		cmocka_unit_test(test_binary_log_explains_leftovers),
		cmocka_unit_test(test_logs_without_windows),
		cmocka_unit_test(test_thread_object_left),
		cmocka_unit_test(test_not_everything_is_dead),
		cmocka_unit_test(test_a_living_object_is_not_dead),
		cmocka_unit_test(test_dead_ones_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
