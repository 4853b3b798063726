/* SPDX-License-Identifier: BSD-2-Clause */
/* The text form: strict reading, exact writing */
#include "t_files.h"
#include "t_random.h"

#include <caplog/text.h>

static const struct caplog_flavour *flavour(void)
{
	return caplog_flavours(NULL);
}

static int parse(const char *text, struct caplog_line *line)
{
	struct caplog_diag diag;

	return caplog_parse_line(text, flavour(), line, &diag);
}

/* Refused, with this said about it */
static void refuse(const char *text, const char *why)
{
	struct caplog_line line;
	struct caplog_diag diag = { 0, "" };

	assert_int_equal(caplog_parse_line(text, flavour(), &line, &diag), -EINVAL);
	assert_int_equal(diag.error, -EINVAL);
	t_assert_has(diag.text, why);
}

static const char *const good[] = {
	"insert_at badge=0x840 kcap=0x8000",
	"insert_map badge=0xffff rcv=0x200000 kcap=0xfff000 result=new",
	"stale badge=0xce0 kcap=0x219000",
	"remove badge=0x728 kcap=0x209000 mapped=yes",
	"remove badge=0x728 kcap=0x209000 mapped=no",
	"rpc_alloc badge=0xce8 kcap=0x210000 ep=0xc000",
	"rpc_free badge=0xce0 kcap=0x219000",
	"thread_start badge=0x138 kcap=0xc000 utcb=0xffffffffffffffff obj=0x105a900",
	"irq_attach irq=0x218000 thread=0xf000 label=0x0",
	"irq_attach irq=0x218000 thread=0xf000 label=0x8000000000000000",
	"irq_detach irq=0x218000",
};

enum { GOOD = sizeof good / sizeof good[0] };

static void test_event_reads_and_writes_the_same(void **state)
{
	(void)state;
	for (unsigned i = 0; i < GOOD; i++) {
		struct caplog_line line;
		char text[128];

		assert_int_equal(parse(good[i], &line), 0);
		assert_int_equal(line.kind, CAPLOG_LINE_EVENT);
		assert_int_equal(caplog_format_event(text, sizeof text, flavour(), &line.event),
		                 strlen(good[i]));
		assert_string_equal(text, good[i]);
	}
}

static void test_fields_land_where_they_belong(void **state)
{
	struct caplog_line l;

	(void)state;
	assert_int_equal(parse("insert_map result=new kcap=0x21a000 rcv=0x204000 badge=0x30", &l), 0);
	assert_int_equal(l.event.kind, CAPLOG_INSERT_MAP);
	assert_int_equal(l.event.badge, 0x30);
	assert_int_equal(l.event.slot, 0x21a);
	assert_int_equal(l.event.from, 0x204);

	assert_int_equal(parse("rpc_alloc badge=0x30 kcap=0x21a000 ep=0xc000", &l), 0);
	assert_int_equal(l.event.other, 0xc);

	assert_int_equal(parse("thread_start badge=0x30 kcap=0xc000 utcb=0x1122334455 obj=0x66", &l), 0);
	assert_int_equal(l.event.a, 0x1122334455);
	assert_int_equal(l.event.b, 0x66);

	assert_int_equal(parse("irq_attach irq=0x218000 thread=0xf000 label=0x77", &l), 0);
	assert_int_equal(l.event.slot, 0x218);
	assert_int_equal(l.event.other, 0xf);
	assert_int_equal(l.event.a, 0x77);

	assert_int_equal(parse("remove badge=0x30 kcap=0x21a000 mapped=yes", &l), 0);
	assert_int_equal(l.event.from, 1);

	assert_int_equal(parse("  reserve\tkcap=0x200000  count=0x4 ", &l), 0);
	assert_int_equal(l.kind, CAPLOG_LINE_RESERVE);
	assert_int_equal(l.event.slot, 0x200);
	assert_int_equal(l.count, 4);
	assert_int_equal(parse("release kcap=0xfff000 count=0x1", &l), 0);
	assert_int_equal(l.kind, CAPLOG_LINE_RELEASE);
	assert_int_equal(parse("insert_map badge=0x30 rcv=0x0 kcap=0x0 result=known", &l), 0);
	assert_int_equal(l.kind, CAPLOG_LINE_KNOWN);
	assert_int_equal(parse("insert_map badge=0x30 rcv=0x0 kcap=0x0 result=conflict", &l), 0);
	assert_int_equal(l.kind, CAPLOG_LINE_CONFLICT);
}

static void test_digits(void **state)
{
	struct caplog_line l;

	(void)state;
	assert_int_equal(parse("irq_attach irq=0x218000 thread=0xf000 label=0x0123456789abcdef", &l), 0);
	assert_int_equal(l.event.a, 0x0123456789abcdefull);
	assert_int_equal(parse("irq_attach irq=0x218000 thread=0xf000 label=0x0FEDCBA987654321", &l), 0);
	assert_int_equal(l.event.a, 0x0fedcba987654321ull);
	for (const char *c = "/:@G`g"; *c; c++) {
		char text[] = "irq_attach irq=0x218000 thread=0xf000 label=0x1?2";

		*strchr(text, '?') = *c;
		assert_int_equal(parse(text, &l), -EINVAL);
	}
}

static void test_bounds_of_the_flavour(void **state)
{
	(void)state;
	refuse("insert_at badge=0x10000 kcap=0x8000", "badge is wider than the 16 bits");
	refuse("insert_at badge=0x840 kcap=0x1000000", "kcap is slot 0x1000");
	refuse("insert_at badge=0x840 kcap=0xfffffffffffff000", "kcap is slot above");
	refuse("insert_at badge=0x840 kcap=0x8001", "multiple of 0x1000");
	refuse("insert_at badge=0x840 kcap=0x8", "multiple of 0x1000");
	refuse("rpc_alloc badge=0xce8 kcap=0x210000 ep=0x1000000", "ep is slot");
	refuse("insert_map badge=0x1 rcv=0x1000000 kcap=0x0 result=new", "rcv is slot");
	refuse("irq_attach irq=0x1000000 thread=0xf000 label=0x0", "irq is slot");
	refuse("irq_attach irq=0x218000 thread=0xf800 label=0x0", "thread ends in bits");
	refuse("reserve kcap=0x200000 count=0x0", "count does not fit");
	refuse("reserve kcap=0xfff000 count=0x2", "count does not fit");
	refuse("release kcap=0x200000 count=0xffffffffffffffff", "count does not fit");
}

static void test_words_are_named(void **state)
{
	(void)state;
	refuse("", "unknown event \"\"");
	refuse("insert", "unknown event \"insert\"");
	refuse("insert_atx badge=0x840 kcap=0x8000", "unknown event \"insert_atx\"");
	refuse("INSERT_AT badge=0x840 kcap=0x8000", "unknown event");
	refuse("\x1b[31mboo", "unknown event \"?[31mboo\"");
	refuse("remove badge=0x1 kcap=0x8000 mapped=maybe", "mapped is \"maybe\", expected no or yes");
	refuse("insert_map badge=0x1 rcv=0x0 kcap=0x0 result=old", "new, known or conflict");
	refuse("insert_at badge=0x840 kcap=0x8000 more", "\"more\" is not of the form key=value");
	refuse("insert_at badge=0x840 kcap=0x8000 ep=0x1000", "key \"ep\" does not belong here");
}

/* Write the words of a line again, word `at` replaced; NULL leaves it out */
static void replace_word(char *to, const char *line, unsigned at, const char *by)
{
	char copy[160];
	unsigned i = 0;

	snprintf(copy, sizeof copy, "%s", line);
	*to = 0;
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "), i++) {
		const char *use = i == at ? by : word;
		if (!use)
			continue;
		if (*to)
			strcat(to, " ");
		strcat(to, use);
	}
}

static unsigned words(const char *line)
{
	unsigned n = 1;

	for (; *line; line++)
		n += *line == ' ';
	return n;
}

/* Of every event, every key: missing, twice, misspelt, or with what is no number */
static void test_every_key_of_every_event(void **state)
{
	static const char *const bad[] = { "", "12", "0x", "x12", "0xg", "0x1g", "-0x1", "0x-1",
	                                   "0x1ffffffffffffffff", "0x 1", "0X1", "1000h" };

	(void)state;
	for (unsigned i = 0; i < GOOD; i++)
		for (unsigned w = 1; w < words(good[i]); w++) {
			char key[64], line[256], text[300], copy[160];

			snprintf(copy, sizeof copy, "%s", good[i]);
			char *word = strtok(copy, " ");
			for (unsigned n = 0; n < w; n++)
				word = strtok(NULL, " ");
			snprintf(key, sizeof key, "%.*s", (int)strcspn(word, "="), word);

			replace_word(line, good[i], w, NULL);
			snprintf(text, sizeof text, "key %s is missing", key);
			refuse(line, text);

			snprintf(line, sizeof line, "%s %s", good[i], word);
			snprintf(text, sizeof text, "key %s is given twice", key);
			refuse(line, text);

			snprintf(text, sizeof text, "x%s", word);
			replace_word(line, good[i], w, text);
			refuse(line, "does not belong here");

			for (unsigned b = 0; b < sizeof bad / sizeof bad[0]; b++) {
				snprintf(text, sizeof text, "%s=%s", key, bad[b]);
				replace_word(line, good[i], w, text);
				refuse(line, key);
			}
		}
}

static void check_recorded(const char *trace, const char *space)
{
	char *text = t_read(trace, NULL);

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		struct caplog_line parsed;
		char again[128];

		assert_int_equal(parse(line, &parsed), 0);
		if (parsed.kind != CAPLOG_LINE_EVENT)
			continue;
		caplog_format_event(again, sizeof again, flavour(), &parsed.event);
		assert_string_equal(again, line);
	}
	free(text);
	if (!space)
		return;

	text = t_read(space, NULL);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		struct caplog_kernel_cap cap;
		struct caplog_diag diag;
		uint32_t slot;

		assert_int_equal(caplog_parse_space_line(line, flavour(), &slot, &cap, &diag), 0);
		assert_int_not_equal(cap.type, CAPLOG_KERNEL_NONE);
	}
	free(text);
}

static void test_recorded_lines(void **state)
{
	(void)state;
	t_each_trace(check_recorded);
}

static void test_space_lines(void **state)
{
	static const char *const bad[][2] = {
		{ "slot=0x1000 type=gate", "slot is slot 0x1000" },
		{ "slot=0x100000001 type=gate", "above" },
		{ "slot=0x10", "key type is missing" },
		{ "type=irq", "key slot is missing" },
		{ "slot=0x10 type=factory",
		  "type is \"factory\", expected task, gate, irq, jdb or thread" },
		{ "slot=0x10 slot=0x10 type=gate", "twice" },
		{ "slot=0x10 type=irq label=0x10", "only a gate has a label" },
		{ "slot=0x10 type=thread label=0x10", "only a gate has a label" },
		{ "slot=0x10 type=gate attached=0x9", "only an irq is attached" },
		{ "slot=0x10 type=irq attached=0x1000", "attached is slot" },
		{ "slot=0x10 type=gate badge=0x1", "does not belong here" },
		{ "slot 0x10", "key=value" },
	};
	struct caplog_kernel_cap cap;
	struct caplog_diag diag;
	uint32_t slot;

	(void)state;
	assert_int_equal(caplog_parse_space_line("slot=0xfff type=gate label=0x12345678", flavour(),
	                                         &slot, &cap, &diag), 0);
	assert_int_equal(slot, 0xfff);
	assert_int_equal(cap.type, CAPLOG_KERNEL_GATE);
	assert_int_equal(cap.has_label, 1);
	assert_int_equal(cap.label, 0x12345678);
	assert_int_equal(cap.attached, CAPLOG_NO_SLOT);
	assert_int_equal(caplog_parse_space_line("slot=0x0 type=irq attached=0x0", flavour(), &slot,
	                                         &cap, &diag), 0);
	assert_int_equal(cap.attached, 0);
	assert_int_equal(cap.has_label, 0);

	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(caplog_parse_space_line(bad[i][0], flavour(), &slot, &cap, &diag),
		                 -EINVAL);
		t_assert_has(diag.text, bad[i][1]);
	}
}

static void test_format_bears_small_buffers(void **state)
{
	struct caplog_event const none = { .kind = CAPLOG_EXT };

	(void)state;
	for (unsigned i = 0; i < GOOD; i++) {
		struct caplog_line line;
		size_t const len = strlen(good[i]);

		assert_int_equal(parse(good[i], &line), 0);
		assert_int_equal(caplog_format_event(NULL, 0, flavour(), &line.event), len);
		for (size_t size = 1; size <= len + 1; size++) {
			char buf[128];

			memset(buf, '!', sizeof buf);
			assert_int_equal(caplog_format_event(buf, size, flavour(), &line.event), len);
			assert_int_equal(strlen(buf), size - 1);
			assert_memory_equal(buf, good[i], size - 1);
			assert_int_equal(buf[size], '!');
		}
	}
	assert_int_equal(caplog_format_event(NULL, 0, flavour(), &none), -EINVAL);
}

/* What is accepted can be written and means the same when read again */
static void test_random_damage(void **state)
{
	struct t_random r = t_seed("random damage to lines");
	uint64_t accepted = 0;

	(void)state;
	for (uint64_t n = t_turns(300000); n; n--) {
		char line[160], text[128];
		struct caplog_line parsed, again;

		snprintf(line, sizeof line, "%s", good[t_below(&r, GOOD)]);
		size_t const len = strlen(line);
		for (uint32_t i = t_below(&r, 3) + 1; i; i--)
			line[t_below(&r, (uint32_t)len)] = t_chance(&r, 70) ? "0123456789abcdefx= "[t_below(&r, 19)]
			                                                    : (char)(t_below(&r, 255) + 1);
		if (parse(line, &parsed))
			continue;
		accepted++;
		if (parsed.kind != CAPLOG_LINE_EVENT)
			continue;
		caplog_format_event(text, sizeof text, flavour(), &parsed.event);
		assert_int_equal(parse(text, &again), 0);
		assert_memory_equal(&parsed, &again, sizeof parsed);
	}
	t_compare(accepted, >, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event_reads_and_writes_the_same),
		cmocka_unit_test(test_fields_land_where_they_belong),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_bounds_of_the_flavour),
		cmocka_unit_test(test_words_are_named),
		cmocka_unit_test(test_every_key_of_every_event),
		cmocka_unit_test(test_recorded_lines),
		cmocka_unit_test(test_space_lines),
		cmocka_unit_test(test_format_bears_small_buffers),
		cmocka_unit_test(test_random_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
