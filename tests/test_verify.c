/* SPDX-License-Identifier: BSD-2-Clause */
/* Recorded components against the kernel, and against kernels with one difference */
#include "t_pair.h"

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
		struct caplog_kernel_cap const thread = { CAPLOG_KERNEL_THREAD, 0, CAPLOG_NO_SLOT, 0 };

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
		*k = thread;
		if (kind != CAPLOG_RECEIVED)
			found(slot, "expected", "found a thread");
		else
			assert_int_equal(verify(0), 0);
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
		cmocka_unit_test(test_command_names_the_slot),
		cmocka_unit_test(test_constructor_capability),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
