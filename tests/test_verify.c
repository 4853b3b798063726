/* SPDX-License-Identifier: BSD-2-Clause */
/* Recorded components against the kernel, and against kernels with one difference */
#include "t_files.h"

#include "kernel.h"

/* One pair, and what verify said last */
static struct tool_log log_;
static struct kernel_space kernel;
static struct verify_counts n;
static uint32_t reported;       /* slot of the last mismatch */
static char     said[256];

/* Of the pairs in work */
static const char *flavour = CAPLOG_FOC_16_08_NAME;

static const struct load_options *options(void)
{
	static struct load_options o;

	o.flavour = caplog_flavour_by_name(flavour);
	o.word_bytes = 8;
	return &o;
}

static void report(void *ctx, const struct finding *f)
{
	(void)ctx;
	if (f->verdict != VERDICT_MISMATCH && f->verdict != VERDICT_LOST)
		return;
	reported = f->slot;
	snprintf(said, sizeof said, "%s", f->text);
}

static uint32_t verify(int allow_dead)
{
	reported = CAPLOG_NO_SLOT;
	said[0] = 0;
	struct verify_options const o = { .allow_dead = allow_dead };
	verify_space(&log_, &kernel, &o, &n, report, NULL);
	return n.mismatches + n.lost;
}

static int is_live(uint32_t slot)
{
	const struct caplog_cap *c = &log_.space->cap[slot];

	return c->kind != CAPLOG_EMPTY && c->kind != CAPLOG_TOMBSTONE && !c->stale;
}

/* Exactly this slot is found, with these words */
static void found(uint32_t slot, const char *expected, const char *instead)
{
	assert_int_equal(verify(0), 1);
	assert_int_equal(reported, slot);
	t_assert_has(said, expected);
	t_assert_has(said, instead);
}

/* Fill the slots of dead objects, so that a pair has no mismatch. \return how many there were */
static unsigned revive_dead(void)
{
	unsigned dead = 0;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		if (!is_live(slot) || log_.space->cap[slot].kind != CAPLOG_RECEIVED ||
		    kernel.cap[slot].type != CAPLOG_KERNEL_NONE)
			continue;
		kernel.cap[slot] = (struct caplog_kernel_cap){
			CAPLOG_KERNEL_GATE, 1, CAPLOG_NO_SLOT, log_.space->cap[slot].badge };
		kernel.count++;
		dead++;
	}
	return dead;
}

/* For every pair, with the pair loaded */
static void (*check_pair)(void);
static unsigned dead_objects;

static void load_pair(const char *trace, const char *space)
{
	assert_int_equal(log_load(&log_, trace, options()), 0);
	assert_int_equal(kernel_load(&kernel, space, log_.space), 0);
	/* as it was recorded, no bug is in it */
	if (verify(1))
		fail_msg("%s: %s", trace, said);

	unsigned const dead = revive_dead();
	assert_int_equal(dead, n.dead);
	dead_objects += dead;
}

static void with_pair(const char *trace, const char *space)
{
	if (!space)
		return;
	load_pair(trace, space);
	check_pair();
	kernel_free(&kernel);
	log_free(&log_);
}

static void each_trace_of_both(void (*check)(const char *trace, const char *space))
{
	t_each_trace(check);
	flavour = CAPLOG_FOC_26_02_NAME;
	t_each_trace26(check);
	flavour = CAPLOG_FOC_16_08_NAME;
}

static void each_pair(void (*check)(void))
{
	check_pair = check;
	each_trace_of_both(with_pair);
}


static unsigned pairs, tombstones;

static void check_match(void)
{
	struct caplog_census census;

	assert_int_equal(verify(0), 0);
	caplog_space_census(log_.space, &census);
	assert_int_equal(n.live, census.live);
	assert_int_equal(n.dead, 0);
	t_compare(n.live, >, 20);
	assert_int_equal(n.kernel, n.live + n.leftovers);
	pairs++;
	tombstones += n.tombstones;
	assert_int_equal(verify(1), 0);
	assert_int_equal(n.dead, 0);
}

static void test_every_pair_matches(void **state)
{
	(void)state;
	each_pair(check_match);
	assert_int_equal(pairs, 13 + 28);
	/* the other four of 16.08 are init, whose construction never ends; 26.02 removes all */
	assert_int_equal(tombstones, 9);
	/* of children that exited, at resource_yield.init of 26.02 */
	assert_int_equal(dead_objects, 6);
}

/* A slot missing: of a live entry a mismatch, else one leftover less */
static void check_missing(void)
{
	assert_int_equal(verify(0), 0);
	uint32_t const leftovers = n.leftovers;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		struct caplog_kernel_cap const before = kernel.cap[slot];

		if (before.type == CAPLOG_KERNEL_NONE)
			continue;
		kernel.cap[slot].type = CAPLOG_KERNEL_NONE;
		if (is_live(slot)) {
			int const received = log_.space->cap[slot].kind == CAPLOG_RECEIVED;

			found(slot, received ? "a capability" : log_.space->cap[slot].kind == CAPLOG_IRQ
			      ? "an IRQ" : "a gate", "found nothing");
			assert_int_equal(verify(1), !received);
			assert_int_equal(n.dead, received);
		} else {
			assert_int_equal(verify(0), 0);
			assert_int_equal(n.leftovers, leftovers - 1);
		}
		kernel.cap[slot] = before;
	}
}

static void test_every_slot_missing(void **state)
{
	(void)state;
	each_pair(check_missing);
}

static unsigned labels;

static void check_label(void)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		struct caplog_kernel_cap *k = &kernel.cap[slot];
		uint64_t const label = k->label;
		char instead[64];

		if (!k->has_label)
			continue;
		for (unsigned bit = 0; bit < 64; bit++) {
			k->label = label ^ 1ull << bit;
			snprintf(instead, sizeof instead, "found a gate with label 0x%llx",
			         (unsigned long long)k->label);
			if (is_live(slot) && slot != options()->flavour->thread_base) {
				found(slot, "expected a gate with label", instead);
				labels++;
			} else if (slot >= options()->flavour->user_base) {
				found(slot, "no entry", instead);
			} else {
				assert_int_equal(verify(0), 0);
			}
		}
		k->label = label;
	}
}

static void test_every_label_wrong(void **state)
{
	(void)state;
	each_pair(check_label);
	t_compare(labels, >, 64 * 400);
}

/* The main thread's label is free only because of its made-up badge */
static void check_main_thread(void)
{
	struct caplog_cap *main_thread = &log_.space->cap[options()->flavour->thread_base];

	assert_int_equal(main_thread->badge, options()->flavour->main_badge);
	main_thread->badge = 0xfff0;
	if (kernel.cap[options()->flavour->thread_base].has_label)
		found(options()->flavour->thread_base, "label 0xfff0", "found a gate");
}

static void test_main_thread(void **state)
{
	(void)state;
	each_pair(check_main_thread);
}

static unsigned attached;

static void check_irq_thread(void)
{
	const struct caplog_flavour *f = options()->flavour;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		struct caplog_kernel_cap *k = &kernel.cap[slot];
		struct caplog_kernel_cap const before = *k;

		if (log_.space->cap[slot].kind != CAPLOG_IRQ)
			continue;
		for (uint32_t thread = f->thread_base; caplog_is_thread_slot(f, thread);
		     thread += f->thread_stride) {
			k->attached = (uint16_t)thread;
			if (thread == log_.space->cap[slot].other)
				assert_int_equal(verify(0), 0);
			else
				found(slot, "expected an IRQ attached to the thread of slot 0x",
				      "found an IRQ attached to the thread of slot");
		}
		*k = before;
		attached++;
	}
}

static void test_every_irq_at_another_thread(void **state)
{
	(void)state;
	each_pair(check_irq_thread);
	assert_int_equal(attached, 13 + 28);
}

/* Another kind of object in the slot */
static void check_type(void)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		struct caplog_kernel_cap *k = &kernel.cap[slot];
		struct caplog_kernel_cap const before = *k;
		unsigned const kind = log_.space->cap[slot].kind;
		struct caplog_kernel_cap const task = { CAPLOG_KERNEL_TASK, 0, CAPLOG_NO_SLOT, 0 };
		struct caplog_kernel_cap const gate = { CAPLOG_KERNEL_GATE, 0, CAPLOG_NO_SLOT, 0 };
		struct caplog_kernel_cap const irq = { CAPLOG_KERNEL_IRQ, 0, 0xfff, 0 };
		struct caplog_kernel_cap const jdb = { CAPLOG_KERNEL_JDB, 0, CAPLOG_NO_SLOT, 0 };

		if (!is_live(slot))
			continue;
		*k = irq;
		if (kind == CAPLOG_RECEIVED)
			found(slot, "an IRQ attached to no thread", "attached to the thread of slot 0xfff");
		else if (kind != CAPLOG_IRQ)
			found(slot, "expected a gate", "found an IRQ");
		*k = gate;
		if (kind == CAPLOG_IRQ)
			found(slot, "expected an IRQ", "found a gate");
		else
			assert_int_equal(verify(0), 0); /* a gate that the debugger did not show */
		*k = task;
		if (kind != CAPLOG_RECEIVED)
			found(slot, "expected", "found a task");
		*k = jdb;
		if (kind != CAPLOG_RECEIVED)
			found(slot, "expected", "found the kernel debugger");
		*k = before;
	}
}

static void test_every_slot_of_another_type(void **state)
{
	(void)state;
	each_pair(check_type);
}

/* What was freed is back; what is in the kernel was freed */
static void check_life(void)
{
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		struct caplog_cap *c = &log_.space->cap[slot];
		struct caplog_cap const cap = *c;
		struct caplog_kernel_cap const before = kernel.cap[slot];

		if (c->kind == CAPLOG_EMPTY)
			continue;
		if (is_live(slot)) {
			c->kind = CAPLOG_TOMBSTONE;
			found(slot, "tombstone", "expected nothing, found");
			*c = cap;
			c->stale = 1;
			found(slot, "stale", "expected nothing, found");
		} else {
			kernel.cap[slot].type = CAPLOG_KERNEL_GATE;
			found(slot, "expected nothing", "found a gate");
			kernel.cap[slot] = before;
			c->kind = CAPLOG_RPC;
			c->stale = 0;
			found(slot, "expected a gate", "found nothing");
			assert_int_equal(verify(1), 1); /* one's own objects do not just die */
		}
		*c = cap;
		kernel.cap[slot] = before;
	}
}

static void test_freed_and_alive_told_apart(void **state)
{
	(void)state;
	each_pair(check_life);
}


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

static void test_a_living_object_is_not_dead(void **state)
{
	(void)state;
	each_pair(check_dead_elsewhere);
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

/*
 * As a command
 */

/* A file without its line `at`; what the line was goes to `line` */
static int write_without(const char *path, const char *from, unsigned at, char *line)
{
	FILE *in = fopen(from, "r"), *out = fopen(path, "w");
	char text[128];
	unsigned i = 0;

	assert_true(in && out);
	for (; fgets(text, sizeof text, in); i++)
		if (i == at)
			strcpy(line, text);
		else
			fputs(text, out);
	fclose(in);
	fclose(out);
	return at < i;
}

static void test_command_names_the_slot(void **state)
{
	const char *trace = T_TRACES "rom_filter.timer.trace", *space = T_TRACES "rom_filter.timer.space";
	char line[128], name[64];

	(void)state;
	struct t_run r = t_tool("verify", trace, "--space", space);
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, "live=31 tombstones=1 stale=0 dead=0 kernel=41 leftovers=10 "
	                           "unseen=1 lost=0 mismatches=0\n");
	t_run_free(&r);
	assert_int_equal(log_load(&log_, trace, options()), 0);

	for (unsigned i = 0; write_without(t_path("less.space"), space, i, line); i++) {
		uint32_t const slot = (uint32_t)strtoul(line + strlen("slot="), NULL, 16);

		snprintf(name, sizeof name, "slot 0x%x: ", slot);
		r = t_tool("verify", "--space", t_path("less.space"), trace);
		assert_int_equal(r.status, is_live(slot));
		if (is_live(slot))
			assert_int_equal(strncmp(r.out, name, strlen(name)), 0);
		t_assert_has(r.out, is_live(slot) ? "mismatches=1\n" : "mismatches=0\n");
		t_run_free(&r);
		if (log_.space->cap[slot].kind != CAPLOG_RECEIVED)
			continue;
		r = t_tool("verify", "--space", t_path("less.space"), "--allow-dead", trace);
		assert_int_equal(r.status, 0);
		t_assert_has(r.out, " dead=1 ");
		t_run_free(&r);
	}
	log_free(&log_);
}

/* Without the line that frees it, the constructor's capability is alive */
static void check_cap4(const char *trace, const char *space)
{
	char line[128];
	char *text = t_read(trace, NULL), *freed = strstr(text, "rpc_free");

	if (space && freed) {
		unsigned before = 0;
		for (const char *p = text; p < freed; p++)
			before += *p == '\n';
		write_without(t_path("alive.trace"), trace, before, line);
		assert_int_equal(strncmp(line, "rpc_free", 8), 0);

		struct t_run r = t_tool("verify", "--space", space, t_path("alive.trace"));
		/* if its badge is in use again, a stale line shows that it is gone */
		assert_int_equal(r.status, !strstr(freed, "stale"));
		if (r.status)
			t_assert_has(r.out, "expected a gate with label");
		t_run_free(&r);
	}
	free(text);
}

static void test_constructor_capability(void **state)
{
	(void)state;
	t_each_trace(check_cap4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair_matches),
		cmocka_unit_test(test_every_slot_missing),
		cmocka_unit_test(test_every_label_wrong),
		cmocka_unit_test(test_main_thread),
		cmocka_unit_test(test_every_irq_at_another_thread),
		cmocka_unit_test(test_every_slot_of_another_type),
		cmocka_unit_test(test_freed_and_alive_told_apart),
		cmocka_unit_test(test_lost_insertions_are_named),
		cmocka_unit_test(test_binary_log_explains_leftovers),
		cmocka_unit_test(test_logs_without_windows),
		cmocka_unit_test(test_not_everything_is_dead),
		cmocka_unit_test(test_a_living_object_is_not_dead),
		cmocka_unit_test(test_dead_ones_are_named),
		cmocka_unit_test(test_command_names_the_slot),
		cmocka_unit_test(test_constructor_capability),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
