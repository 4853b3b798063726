/* SPDX-License-Identifier: BSD-2-Clause */
/* Screens of the kernel debugger as serial lines bring them */
#include "t_serial.h"

#define SCREENS "tests/data/screens/"

static struct t_random random_;

/*
 * Screens of the kernel debugger
 */

static void assert_same_space(const struct kernel_space *a, const struct kernel_space *b)
{
	assert_int_equal(a->count, b->count);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_kernel_cap *x = &a->cap[slot], *y = &b->cap[slot];

		if (x->type != y->type || x->has_label != y->has_label || x->label != y->label ||
		    (x->type == CAPLOG_KERNEL_IRQ && x->attached != y->attached))
			fail_msg("slot 0x%x: type %u label %llx attached %x, and type %u label %llx attached %x",
			         slot, x->type, (unsigned long long)x->label, x->attached, y->type,
			         (unsigned long long)y->label, y->attached);
	}
}

static struct caplog_space space_;

static const struct caplog_space *space_of_parent(uint32_t badge)
{
	const struct caplog_flavour *const f = options().flavour;
	struct caplog_event const e = { .kind = CAPLOG_INSERT_AT, .slot = f->parent_slot, .badge = badge };

	caplog_space_init(&space_, f, 8);
	assert_int_equal(caplog_fold(&space_, &e), 0);
	return &space_;
}

static struct kernel_space shown, written;

/* Recorded in QEMU: what the text says was taken from the same bytes by another program */
static void test_recorded_screens(void **state)
{
	static const struct { uint32_t parent; const char *space; } tasks[] = {
		{ 0x268, SCREENS "printf.0x268.space" }, { 0x4f0, SCREENS "printf.0x4f0.space" }
	};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		const struct caplog_space *space = space_of_parent(tasks[i].parent);

		assert_int_equal(kernel_load(&shown, SCREENS "printf.serial", space), 0);
		assert_int_equal(kernel_load(&written, tasks[i].space, space), 0);
		assert_same_space(&shown, &written);
		assert_int_equal(kernel_has_label(&shown, tasks[i].parent), 1);
		assert_int_equal(kernel_has_label(&shown, 0xfffc), 0);
		assert_int_equal(kernel_has_label(&written, tasks[i].parent), -1);
		kernel_free(&shown);
		kernel_free(&written);
	}
	assert_int_equal(kernel_load(&shown, SCREENS "printf.serial", space_of_parent(0x123)),
	                 TOOL_UNUSABLE);
}

/* A gzipped recording, whole */
static const char *recording(const char *gz)
{
	const char *path = t_path("recording.serial");
	char command[512];

	snprintf(command, sizeof command, "gzip -dc " SCREENS "%s >'%s'", gz, path);
	assert_int_equal(system(command), 0);
	return path;
}

/* Likewise of the kernel of 2019, with colours, cells and rights of its own */
static void test_recorded_screens_of_26_02(void **state)
{
	static const struct { uint32_t parent, slots; const char *space; } tasks[] = {
		{ 0xf8, 60, SCREENS "log26.0xf8.space" }, { 0x338, 36, SCREENS "log26.0x338.space" }
	};
	const char *path = recording("log26.serial.gz");

	(void)state;
	flavour = caplog_flavour_by_name(CAPLOG_FOC_26_02_NAME);
	for (unsigned i = 0; i < 2; i++) {
		const struct caplog_space *space = space_of_parent(tasks[i].parent);

		assert_int_equal(kernel_load(&shown, path, space), 0);
		assert_int_equal(kernel_load(&written, tasks[i].space, space), 0);
		assert_int_equal(shown.count, tasks[i].slots);
		assert_same_space(&shown, &written);
		assert_int_equal(kernel_has_label(&shown, tasks[i].parent), 1);
		kernel_free(&shown);
		kernel_free(&written);
	}
	flavour = NULL;
}

/* One recording of a serial line: events of nine components, then the debugger's screens */
static void test_recorded_events_and_screens(void **state)
{
	static const struct { const char *pd, *summary; } components[] = {
		{ "0x614", "live=32 tombstones=1 stale=0 dead=0 kernel=41 leftovers=9 unseen=0 lost=0 "
		           "mismatches=0\n" },
		{ "0x4c8", "live=168 tombstones=0 stale=0 dead=0 kernel=192 leftovers=24 unseen=3 lost=0 "
		           "mismatches=0\n" }
	};
	const char *path = recording("log.serial.gz");
	char command[512];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct t_run r = t_tool("verify", "--pd", components[i].pd, "--space", path, path);

		assert_int_equal(r.status, 0);
		assert_string_equal(r.out, components[i].summary);
		t_run_free(&r);
	}
	char stamped[640];
	snprintf(command, sizeof command, "LC_ALL=C sed 's/^/[16:04:07.120] /' '%s' >'%s.stamped'",
	         path, path);
	assert_int_equal(system(command), 0);
	snprintf(stamped, sizeof stamped, "%s.stamped", path);
	for (unsigned i = 0; i < 2; i++) {
		struct t_run r = t_tool("verify", "--pd", components[i].pd, "--space", stamped, stamped);

		assert_int_equal(r.status, 0);
		assert_string_equal(r.out, components[i].summary);
		t_run_free(&r);
	}
	/* the insertion of a thread's gate is lost */
	static const char insertion[] = "@cap pd=0x614 insert_at badge=0xc4c kcap=0xc000";
	size_t size;
	char *text = t_read(path, &size), *line = memmem(text, size, insertion, sizeof insertion - 1);
	assert_non_null(line);
	memcpy(line, "#cap", 4);
	t_write(path, text, size);
	t_expect(1, "verify", "--pd", "0x614", "--space", path, path);
	free(text);
}

/* The same recordings with what a terminal program puts before each line */
static void test_stamped_screens(void **state)
{
	static const char *const sed[] = {
		"s/^/[16:04:07] /", "s/^/[    1.204312 0.000017] /", "s/^/2026-11-21T16:04:07.120 /",
		"s/^/Nov 21 16:04:07 /", "s/^/board1: /", "s/^/board1> /", "s/^/ttyUSB0|/",
		"s/^/[init -> terminal] /", "s/^/1732204800.123456 /", "s/^/\\x00\\x00/",
		"s/^/half a li\\x00/", "1s/^/\\xef\\xbb\\xbf/", "s/^/\\x1b(B/",
		"s/^/\\x1b]0;board\\x07/", "1s/^/boots \\x00\\x00 and boots/", "s/^/16:04:07\\t/",
	};
	static const uint32_t parents[] = { 0x268, 0x4f0 };

	(void)state;
	for (unsigned i = 0; i < sizeof sed / sizeof sed[0]; i++)
		for (unsigned p = 0; p < 2; p++) {
			const struct caplog_space *space = space_of_parent(parents[p]);
			char command[512];

			snprintf(command, sizeof command, "LC_ALL=C sed '%s' " SCREENS "printf.serial >'%s'",
			         sed[i], t_path("stamped"));
			assert_int_equal(system(command), 0);
			assert_int_equal(kernel_load(&written, SCREENS "printf.serial", space), 0);
			if (kernel_load(&shown, t_path("stamped"), space))
				fail_msg("%s: refused", sed[i]);
			assert_same_space(&shown, &written);
			t_compare(shown.count, ==, written.count);
			kernel_free(&shown);
			kernel_free(&written);
		}
}

enum { TASK_IDENT = 0x80, FIRST_IDENT = 0x100 };

static int hide_parent; /* its gate is in no list */

enum { LISTS = 4, VIEWS = 5 };

static int is_new_kernel(void) { return flavour->user_base == CAPLOG_FOC_26_02_USER_BASE; }

static const char *type_text(unsigned type)
{
	switch (type) {
	case CAPLOG_KERNEL_TASK: return "Task";
	case CAPLOG_KERNEL_GATE: return "Gate";
	case CAPLOG_KERNEL_IRQ:  return is_new_kernel() ? "IRQ ipc" : "IRQ";
	default:                 return "Jdb";
	}
}

/*
 * An object list in which some lines are missing, as in one look at the real
 * one; each line is there in one of LISTS passes at least
 */
static void draw_list(struct t_random *r, FILE *f, const struct kernel_space *k, unsigned missing,
                      unsigned pass)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_kernel_cap *c = &k->cap[slot];
		unsigned const ident = slot + FIRST_IDENT;

		int const left_out = t_chance(r, missing) && slot % LISTS != pass;

		if (c->type == CAPLOG_KERNEL_NONE || left_out || (hide_parent && slot == flavour->parent_slot))
			continue;
		fprintf(f, "\033[%u;1H %8x fffffffff%07x [", slot % 24, ident, ident * 64);
		if (c->type == CAPLOG_KERNEL_GATE)
			fprintf(f, "\033[35mGate\033[m   ]%s", c->has_label ? "" : "\033[K\r\n");
		else
			fprintf(f, "%-7s]", type_text(c->type));
		if (c->type == CAPLOG_KERNEL_GATE && c->has_label)
			fprintf(f, " L=%08llx\033[0m D=%x\033[K\r\n", (unsigned long long)c->label,
			        0x8000 + slot);
		else if (c->type == CAPLOG_KERNEL_IRQ && c->attached != CAPLOG_NO_SLOT)
			fprintf(f, " I= 0 Soft F=1 L=0 T=%x Q=0\r\n", 0x8000 + c->attached);
		else if (c->type != CAPLOG_KERNEL_GATE)
			fprintf(f, " x=1\r\n");
	}
}

static void draw_rows(struct t_random *r, FILE *f, const struct kernel_space *k, unsigned columns,
                      unsigned shift, unsigned missing, unsigned pass)
{
	for (uint32_t row = 0; row < CAPLOG_SLOTS_MAX; row += 4) {
		if (t_chance(r, missing) && row / 4 % VIEWS != pass)
			continue;
		fprintf(f, "\033[%u;1H%06x%s", row / 4 % 24 + 1, row, is_new_kernel() ? ":" : " :");
		for (uint32_t slot = row + shift; slot < row + shift + columns; slot++) {
			unsigned const type = slot < CAPLOG_SLOTS_MAX ? k->cap[slot].type : CAPLOG_KERNEL_NONE;

			if (type == CAPLOG_KERNEL_NONE)
				fprintf(f, is_new_kernel() ? "       --       " : "   --           ");
			else if (is_new_kernel())
				fprintf(f, "%05x%c%c%c \033[35m%s\033[m   ", slot + FIRST_IDENT, "-D"[slot % 2],
				        "-S"[slot / 2 % 2], "-W"[slot / 4 % 2], type_text(type));
			else
				fprintf(f, " %05x%c \033[33m%s\033[m     ", slot + FIRST_IDENT, "-*wx"[slot % 4],
				        type_text(type));
		}
		fputs("\033[K\r\n", f);
	}
}

/* Two tasks, each looked at several times; a narrow screen shows three of four columns */
static void draw(struct t_random *r, const char *path, const struct kernel_space *k, int narrow,
                 unsigned missing)
{
	static struct kernel_space other;
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	memset(&other, 0, sizeof other);
	other.cap[1].type = CAPLOG_KERNEL_TASK;
	other.cap[0x300].type = CAPLOG_KERNEL_GATE;
	fputs("Genode boots\r\n\0and enters the debugger\r\n", f);
	for (unsigned pass = 0; pass < LISTS; pass++)
		draw_list(r, f, k, missing, pass);
	for (unsigned pass = 0; pass < VIEWS; pass++) {
		draw_rows(r, f, k, narrow ? 3 : 4, 0, pass ? missing : 0, pass);
		if (narrow)
			draw_rows(r, f, k, 3, 1, missing, pass);
		/* "s", and then the other task; its numbers differ */
		fprintf(f, "\033[1;1H %8x fffffffff0000000 [Task   ] x\r\n", TASK_IDENT);
		fprintf(f, "000000 :   --      %05x* Task    --\r\n", TASK_IDENT);
		fprintf(f, " %8x fffffffff0000000 [Task   ] x\r\n", TASK_IDENT);
	}
	fclose(f);
}

static void check_drawn(const char *trace, const char *space)
{
	struct tool_log log;

	if (!space)
		return;
	load(&log, trace);
	for (unsigned turn = 0; turn < 5; turn++) {
		const char *path = t_path("drawn");

		assert_int_equal(kernel_load(&written, space, log.space), 0);
		/* then its other capabilities show whose space it is */
		if ((hide_parent = turn == 4)) {
			written.cap[flavour->parent_slot].has_label = 0;
			written.cap[flavour->parent_slot].label = 0;
		}
		draw(&random_, path, &written, turn % 2, turn < 2 || turn == 4 ? 0 : 4);
		assert_int_equal(kernel_load(&shown, path, log.space), 0);
		assert_same_space(&shown, &written);
		t_expect(0, "verify", "--flavour", flavour->name, "--allow-dead", "--space", path, trace);
		kernel_free(&shown);
		kernel_free(&written);
	}
	log_free(&log);
}

/* A character that came twice on the serial line: its cell is lost, and no other takes its slot */
static void test_a_doubled_character(void **state)
{
	static const char *const rows[] = {
		"000000 :   --      00080* Task    00108* Gate    00109* Gate\r\n",
		"000008 : 00201** Gate    00202* IRQ      00203* Gate   --\r\n",
		"00000c : 00204* Gate    002055* Gate    00206* Gate   --\r\n",
		"000300 : 00207* Thread   --      00208* Factory  --\r\n"
	};
	FILE *f = fopen(t_path("doubled"), "w");

	(void)state;
	assert_non_null(f);
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		fputs(rows[i], f);
	fclose(f);
	assert_int_equal(kernel_load(&shown, t_path("doubled"), space_of_parent(0x123)), 0);
	assert_int_equal(shown.cap[0x1].type, CAPLOG_KERNEL_TASK);
	assert_int_equal(shown.cap[0x3].type, CAPLOG_KERNEL_GATE);
	for (uint32_t slot = 0x8; slot < 0xc; slot++)
		assert_int_equal(shown.cap[slot].type, CAPLOG_KERNEL_NONE);
	assert_int_equal(shown.cap[0xc].type, CAPLOG_KERNEL_GATE);
	for (uint32_t slot = 0xd; slot < 0x10; slot++)
		assert_int_equal(shown.cap[slot].type, CAPLOG_KERNEL_NONE);
	assert_int_equal(shown.cap[0x300].type, CAPLOG_KERNEL_THREAD);
	assert_int_equal(shown.cap[0x302].type, CAPLOG_KERNEL_OTHER);
	kernel_free(&shown);
}

static void test_screens_of_recorded_spaces(void **state)
{
	(void)state;
	random_ = t_seed("screens");
	each_trace_of_both(check_drawn);
}

/* Whatever is done to the bytes: no crash, and nothing that takes long */
static void test_damaged_screens(void **state)
{
	struct t_random r = t_seed("damaged screens");
	size_t size, cut;
	char *bytes = t_read(SCREENS "printf.serial", &size);
	const struct caplog_space *space = space_of_parent(0x268);

	(void)state;
	int const before = be_quiet();
	for (uint64_t turn = t_turns(100); turn; turn--) {
		char *copy = damaged_copy(&r, bytes, size, &cut);

		t_write(t_path("damaged"), copy, cut);
		if (!kernel_load(&shown, t_path("damaged"), space)) {
			t_compare(shown.count, <=, CAPLOG_SLOTS_MAX);
			kernel_free(&shown);
		}
		free(copy);
	}
	speak(before);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_screens),
		cmocka_unit_test(test_recorded_screens_of_26_02),
		cmocka_unit_test(test_recorded_events_and_screens),
		cmocka_unit_test(test_stamped_screens),
		cmocka_unit_test(test_a_doubled_character),
		cmocka_unit_test(test_screens_of_recorded_spaces),
		cmocka_unit_test(test_damaged_screens),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
