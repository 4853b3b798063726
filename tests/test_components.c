/* SPDX-License-Identifier: BSD-2-Clause */
/* Several components at once: show, diff, history and graph of captures and of many files */
#include "t_files.h"

#include <jansson.h>

#define GROUP T_TRACES "rom_filter."

static const char *const group[] = { "init", "timer", "rom_filter", "dynamic_rom", "rom_logger" };

enum { GROUP_SIZE = sizeof group / sizeof group[0] };

/* Copy traces into a console capture, a line of each in turn; component i is 0x100 + i */
static const char *capture(void)
{
	FILE *out = fopen(t_path("serial"), "w"), *in[GROUP_SIZE];
	char name[128], line[256];
	unsigned open = GROUP_SIZE;

	fputs("boot messages\n", out);
	for (unsigned i = 0; i < GROUP_SIZE; i++) {
		snprintf(name, sizeof name, GROUP "%s.trace", group[i]);
		assert_non_null(in[i] = fopen(name, "r"));
	}
	while (open)
		for (unsigned i = 0; i < GROUP_SIZE; i++) {
			if (!in[i] || !fgets(line, sizeof line, in[i])) {
				open -= in[i] != NULL;
				if (in[i])
					fclose(in[i]);
				in[i] = NULL;
				continue;
			}
			fprintf(out, "@cap pd=0x%x %s", 0x100 + i, line);
		}
	fclose(out);
	return t_path("serial");
}

static void test_show_all(void **state)
{
	char heading[32], trace[128];

	(void)state;
	struct t_run all = t_tool("show", capture());
	assert_int_equal(all.status, 0);
	for (unsigned i = 0; i < GROUP_SIZE; i++) {
		snprintf(heading, sizeof heading, "pd=0x%x\nslot", 0x100 + i);
		t_assert_has(all.out, heading);
		snprintf(trace, sizeof trace, GROUP "%s.trace", group[i]);
		struct t_run one = t_tool("show", trace);
		t_assert_has(all.out, one.out);
		t_run_free(&one);
	}
	t_run_free(&all);

	struct t_run r = t_tool("show", "--json", capture());
	json_t *j = json_loads(r.out, 0, NULL), *list = json_object_get(j, "components");
	assert_int_equal(json_array_size(list), GROUP_SIZE);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "component")),
	                    "pd=0x101");
	json_decref(j);
	t_run_free(&r);

	r = t_tool("show", "--pd", "0x101", capture());
	struct t_run one = t_tool("show", GROUP "timer.trace");
	assert_string_equal(r.out, one.out);
	t_run_free(&one);
	t_run_free(&r);
}

static void test_history_of_all(void **state)
{
	(void)state;
	struct t_run r = t_tool("history", "--slot", "0x213", capture());
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "pd=0x100\nlife 1\n");
	t_assert_has(r.out, "pd=0x104\nlife 1\n");
	t_run_free(&r);
}

/* Captures are compared component by component */
static void test_diff_of_captures(void **state)
{
	char *text = t_read(capture(), NULL);

	(void)state;
	t_expect(0, "diff", t_path("serial"), t_path("serial"));
	for (char *at = text; (at = strstr(at, "@cap pd=0x104")); )
		memcpy(at, "# not for us ", 13);
	t_write_text(t_path("four"), text);
	free(text);
	struct t_run r = t_tool("diff", t_path("serial"), t_path("four"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "- component pd=0x104\n");
	t_assert_has(r.out, ", 1 component on one side only\n");
	t_run_free(&r);
	r = t_tool("diff", t_path("four"), t_path("serial"));
	assert_int_equal(r.status, 1);
	t_assert_has(r.out, "+ component pd=0x104\n");
	t_run_free(&r);
}

/* How often a part is in a text */
static unsigned count(const char *text, const char *part)
{
	unsigned n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

/* Graphviz, where it is installed, takes the graph and draws all of it */
static void draw(const char *graph)
{
	char line[2048];

	t_write_text(t_path("graph"), graph);
	snprintf(line, sizeof line, "! command -v dot >/dev/null || dot -Tsvg '%s' >'%s' 2>'%s'",
	         t_path("graph"), t_path("svg"), t_path("messages"));
	assert_int_equal(system(line), 0);
	if (access(t_path("svg"), R_OK))
		return;
	char *svg = t_read(t_path("svg"), NULL), *messages = t_read(t_path("messages"), NULL);
	assert_string_equal(messages, "");
	if (*svg)
		assert_int_equal(count(svg, "class=\"cluster\""), count(graph, "subgraph cluster_"));
	free(svg);
	free(messages);
}

static void draw_trace(const char *trace, const char *unused)
{
	struct t_run r = t_tool("graph", trace), shown = t_tool("show", "--kind", "rpc", trace);
	struct t_run each = t_tool("graph", "--all", trace);

	(void)unused;
	assert_int_equal(r.status, 0);
	assert_int_equal(count(r.out, "subgraph cluster_"), 1);
	/* each object has a node of its own, bound once */
	assert_int_equal(count(each.out, "\t\tc0_o"), 2 * count(shown.out, "entrypoint="));
	draw(r.out);
	t_run_free(&each);
	t_run_free(&shown);
	t_run_free(&r);
}

/* A name that is not UTF-8, and one that Graphviz has to have escaped */
static void test_graph_of_strange_names(void **state)
{
	static const char *const names[][2] = {
		{ "n\xff" "ame", "label=\"n\\\\xffame\\n" }, { "\xc3\xbc\"x", "label=\"\xc3\xbc\\\"x\\n" }
	};
	size_t size;
	char *trace = t_read(T_TRACES "sig.timer.trace", &size);

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		t_write(t_path(names[i][0]), trace, size);
		struct t_run r = t_tool("graph", t_path(names[i][0]));
		assert_int_equal(r.status, 0);
		t_assert_has(r.out, names[i][1]);
		draw(r.out);
		t_run_free(&r);
	}
	free(trace);
}

static void test_graph_of_each_trace(void **state)
{
	(void)state;
	t_each_trace(draw_trace);
}

static void test_graph_of_a_group(void **state)
{
	(void)state;
	struct t_run r = t_tool("graph", capture());
	assert_int_equal(r.status, 0);
	assert_int_equal(count(r.out, "subgraph cluster_"), GROUP_SIZE);
	/* dynamic_rom holds a session of the timer and one of init: as recorded */
	t_assert_has(r.out, "\tc3_r -> c1_o21d [");
	t_assert_has(r.out, "\tc3_r -> c0_o245 [");
	t_assert_has(r.out, "\\nsignal semaphore\", shape=diamond]");
	draw(r.out);
	t_run_free(&r);

	struct t_run files = t_tool("graph", GROUP "init.trace", GROUP "timer.trace",
	                            GROUP "rom_filter.trace", GROUP "dynamic_rom.trace",
	                            GROUP "rom_logger.trace");
	assert_int_equal(files.status, 0);
	t_assert_has(files.out, "label=\"rom_filter.init\\n");
	t_assert_has(files.out, "\tc3_r -> c1_o21d [");
	draw(files.out);
	t_run_free(&files);
}

/* Names come from outside: they end no string of the dot language */
static void test_graph_quotes(void **state)
{
	char *text = t_read(GROUP "timer.trace", NULL);

	(void)state;
	t_write_text(t_path("a\"];\\x.trace"), text);
	free(text);
	struct t_run r = t_tool("graph", t_path("a\"];\\x.trace"));
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, "label=\"a\\\"];\\\\x\\n");
	draw(r.out);
	t_run_free(&r);
}

static void test_graph_usage(void **state)
{
	(void)state;
	t_expect(2, "graph");
	t_expect(2, "graph", GROUP "timer.trace", t_path("missing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_show_all),
		cmocka_unit_test(test_history_of_all),
		cmocka_unit_test(test_diff_of_captures),
		cmocka_unit_test(test_graph_of_strange_names),
		cmocka_unit_test(test_graph_of_each_trace),
		cmocka_unit_test(test_graph_of_a_group),
		cmocka_unit_test(test_graph_quotes),
		cmocka_unit_test(test_graph_usage),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
