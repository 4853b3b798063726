/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of exit handler, signal proxy, semaphore and constructor, on all recorded traces */
#include "t_files.h"

#include <caplog/text.h>

#include "names.h"


/* What the lines of a trace say, found as text */
struct expected {
	uint32_t slot[NAME_CONSTRUCTOR + 1]; /* by enum slot_name; 0: not there (any more) */
	uint32_t others;                     /* exit handlers of further entrypoints       */
};

static struct slot_names by_event, by_slot;
static struct caplog_space space;
static unsigned long judged, wrong, missing;

static uint32_t slot_of(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	assert_non_null(at);
	return (uint32_t)strtoul(at + strlen(key), NULL, 16) >> 12;
}

/* The slot was emptied, or begins another life, in one of the lines that follow */
static int is_over(const char *after, uint32_t slot)
{
	char insert[64], removal[64];

	snprintf(insert, sizeof insert, "kcap=0x%x000 result=new", slot);
	snprintf(removal, sizeof removal, "kcap=0x%x000 mapped=", slot);
	return strstr(after, insert) || strstr(after, removal);
}

static void expect(struct expected *x, const char *text)
{
	const char *exit = strstr(text, "rpc_alloc"), *proxy = strstr(exit + 1, "rpc_alloc");
	const char *irq = strstr(proxy, "irq_attach"), *constructor = strstr(irq, "rpc_alloc");
	const char *const line[] = { NULL, exit, proxy, irq, constructor };

	for (unsigned name = NAME_EXIT; name <= NAME_CONSTRUCTOR; name++) {
		x->slot[name] = slot_of(line[name], name == NAME_SEMAPHORE ? "irq=" : "kcap=");
		const char *end = strchr(line[name], '\n');
		if (end && is_over(end, x->slot[name]))
			x->slot[name] = 0;
	}
}

static uint32_t find(const struct slot_names *n, enum slot_name name, uint32_t *count)
{
	uint32_t found = 0;

	*count = 0;
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (n->name[slot] == name && !(*count)++)
			found = slot;
	return found;
}

/* Slots alone, at any moment: a name that is given must be the right one */
static void compare(void)
{
	names_by_slots(&by_slot, &space);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		if (by_slot.name[slot] == NAME_NONE) {
			missing += by_event.name[slot] != NAME_NONE && !by_event.believed[slot];
			continue;
		}
		judged++;
		wrong += by_slot.name[slot] != by_event.name[slot];
		assert_int_equal(by_slot.believed[slot], by_slot.name[slot] != NAME_SEMAPHORE);
	}
}

static void replay(const char *path, const struct caplog_flavour *flavour, char *text)
{
	char *line, *rest = text;
	unsigned number = 0;

	names_init(&by_event, flavour);
	caplog_space_init(&space, flavour, 8);
	while ((line = strsep(&rest, "\n"))) {
		struct caplog_line parsed;
		struct caplog_diag diag;

		number++;
		if (!*line || strstr(line, "badge=0x0 "))
			continue; /* a second removal, a race of stock: no event of ours */
		if (caplog_parse_line(line, flavour, &parsed, &diag))
			fail_msg("%s:%u: %s", path, number, diag.text);
		if (parsed.kind != CAPLOG_LINE_EVENT)
			continue;
		if (caplog_begins_life(parsed.event.kind))
			parsed.event.version = caplog_next_version(space.cap[parsed.event.slot].version,
			                                           parsed.event.kind);
		else
			parsed.event.version = space.cap[parsed.event.slot].version + 1;
		names_event(&by_event, &parsed.event);
		assert_int_equal(caplog_fold(&space, &parsed.event), 0);
		compare();
	}
}

static void check_trace(const char *path, const struct caplog_flavour *flavour)
{
	char *text = t_read(path, NULL);
	struct expected x;
	uint32_t count;

	expect(&x, text);
	replay(path, flavour, text);
	free(text);
	for (unsigned name = NAME_EXIT; name <= NAME_CONSTRUCTOR; name++) {
		uint32_t const found = find(&by_event, (enum slot_name)name, &count);

		if (found != x.slot[name])
			fail_msg("%s: %s: slot 0x%x, expected 0x%x", path,
			         name_text((enum slot_name)name), found, x.slot[name]);
		if (name >= NAME_SEMAPHORE)
			t_compare(count, <=, 1);
		if (found)
			assert_false(by_event.believed[found]);
	}
}

static void each(const char *pattern, size_t at_least, const struct caplog_flavour *flavour)
{
	glob_t g;

	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	t_compare(g.gl_pathc, >=, at_least);
	judged = wrong = missing = 0;
	for (size_t i = 0; i < g.gl_pathc; i++)
		check_trace(g.gl_pathv[i], flavour);
	globfree(&g);
	print_message("%s: slots alone: %lu names after each event, %lu wrong, %lu not given\n",
	              pattern, judged, wrong, missing);
}

static void test_traces_of_16_08(void **state)
{
	(void)state;
	each(T_TRACES "*.trace", 14, caplog_flavour_by_name("foc-16.08"));
	t_compare(judged, >, 1000);
	assert_int_equal(wrong, 0);
}

static void test_traces_of_26_02(void **state)
{
	(void)state;
	each(T_TRACES26 "*.trace", 29, caplog_flavour_by_name("foc-26.02"));
	t_compare(judged, >, 1000);
	assert_int_equal(wrong, 0);
}

/* Freed and not removed, in 16.08: the constructor and nothing else */
static void check_tombstone(const char *trace, const char *unused)
{
	char *text = t_read(trace, NULL);

	(void)unused;
	replay(trace, caplog_flavour_by_name("foc-16.08"), text);
	free(text);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (space.cap[slot].kind == CAPLOG_TOMBSTONE)
			assert_int_equal(by_event.name[slot], NAME_CONSTRUCTOR);
}

static void test_tombstone_is_the_constructor(void **state)
{
	(void)state;
	t_each_trace(check_tombstone);
}

/* A slot that is used again loses its name; a new thread's entrypoint has a new exit handler */
static void test_names_end(void **state)
{
	static const struct { uint8_t kind; uint16_t slot, other; } events[] = {
		{ CAPLOG_THREAD_START, 0xc, 0 },
		{ CAPLOG_INSERT_MAP, 0x213, 0 }, { CAPLOG_RPC_ALLOC, 0x213, 0xc },
		{ CAPLOG_RPC_FREE, 0x213, 0 }, { CAPLOG_REMOVE, 0x213, 0 },
		{ CAPLOG_INSERT_AT, 0x12, 0 }, { CAPLOG_THREAD_START, 0x12, 0 },
		{ CAPLOG_INSERT_MAP, 0x220, 0 }, { CAPLOG_RPC_ALLOC, 0x220, 0x12 },
		{ CAPLOG_INSERT_MAP, 0x221, 0 }, { CAPLOG_RPC_ALLOC, 0x221, 0x12 },
		{ CAPLOG_THREAD_START, 0x15, 0 },
		{ CAPLOG_INSERT_AT, 0x12, 0 },
		{ CAPLOG_INSERT_MAP, 0x230, 0 }, { CAPLOG_RPC_ALLOC, 0x230, 0x12 },
		{ CAPLOG_IRQ_ATTACH, 0x240, 0x15 }, { CAPLOG_IRQ_DETACH, 0x240, 0 },
	};

	(void)state;
	names_init(&by_event, caplog_flavours(NULL));
	for (unsigned i = 0; i < sizeof events / sizeof events[0]; i++) {
		struct caplog_event const e = { .kind = events[i].kind, .slot = events[i].slot,
		                                .other = events[i].other };
		names_event(&by_event, &e);
		if (i == 2)
			assert_int_equal(by_event.name[0x213], NAME_EXIT);
		if (i == 15)
			assert_int_equal(by_event.name[0x240], NAME_SEMAPHORE);
	}
	assert_int_equal(by_event.name[0x213], NAME_NONE);
	assert_int_equal(by_event.name[0x220], NAME_EXIT);
	assert_int_equal(by_event.name[0x221], NAME_PROXY);
	assert_true(by_event.believed[0x221]);
	assert_int_equal(by_event.name[0x230], NAME_EXIT);
	assert_int_equal(by_event.name[0x240], NAME_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traces_of_16_08),
		cmocka_unit_test(test_traces_of_26_02),
		cmocka_unit_test(test_tombstone_is_the_constructor),
		cmocka_unit_test(test_names_end),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
