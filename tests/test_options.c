/* SPDX-License-Identifier: BSD-2-Clause */
/* Every option of every command is in --help, the man page and each completion file */
#include "t_files.h"

#include "tool.h"

static const char *const shells[] = { "bash", "zsh", "fish" };

/* The part of a text from a line that begins with `from` to the next that begins with `to` */
static char *section(const char *text, const char *from, const char *to)
{
	char line[80];

	snprintf(line, sizeof line, "\n%s\n", from);
	const char *at = strstr(text, line);
	if (!at)
		fail_msg("no line \"%s\"", from);
	at += strlen(line) - 1;
	snprintf(line, sizeof line, "\n%s", to);
	const char *end = strstr(at, line);
	return strndup(at, end ? (size_t)(end - at) : strlen(at));
}

static void expect(const char *where, const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in the %s", part, where);
}

static void each_option(void (*f)(const struct tool_command *, const struct tool_option *))
{
	for (unsigned i = 0; tool_commands[i]; i++) {
		const struct tool_command *c = tool_commands[i];

		for (const struct tool_option *o = c->options; o && o->name; o++)
			f(c, o);
		for (const struct tool_option *o = tool_input_options; o->name; o++)
			f(c, o);
	}
}

static void in_help(const struct tool_command *c, const struct tool_option *o)
{
	char left[96];

	if (o->id < OPTION_UNSEALED)
		snprintf(left, sizeof left, "\n  -%c, --%s", o->id, o->name);
	else
		snprintf(left, sizeof left, "\n      --%s", o->name);

	struct t_run r = t_tool("help", c->name);
	assert_int_equal(r.status, 0);
	t_assert_has(r.out, left);
	t_run_free(&r);
}

static void test_in_help(void **state)
{
	(void)state;
	each_option(in_help);
}

static void in_page(const struct tool_command *c, const struct tool_option *o)
{
	char *page = t_read("man/caplog.1", NULL), title[64], item[96];

	snprintf(title, sizeof title, ".Ss %s", c->name);
	char *own = section(page, title, ".Ss "), *input = section(page, ".Ss Input options", ".Sh ");
	int const is_input = o->id == 'h' || (o->id >= OPTION_UNSEALED && o->id < OPTION_OWN);

	if (o->id < OPTION_UNSEALED)
		snprintf(item, sizeof item, "\n.It Fl %c , -%s", o->id, o->name);
	else
		snprintf(item, sizeof item, "\n.It Fl -%s", o->name);
	if (!strstr(is_input ? input : own, item))
		fail_msg("\"%s\" is not in man/caplog.1 below \"%s\"", item + 1,
		         is_input ? ".Ss Input options" : title);
	free(own);
	free(input);
	free(page);
}

static void test_in_man_page(void **state)
{
	(void)state;
	each_option(in_page);
}

static char *completion;

static void in_bash(const struct tool_command *c, const struct tool_option *o)
{
	char line[64], option[64];

	snprintf(line, sizeof line, "\t\t%s) COMPREPLY=", c->name);
	const char *at = strstr(completion, line);
	assert_non_null(at);
	char *own = strndup(at, strcspn(at, "\n"));
	snprintf(option, sizeof option, " --%s", o->name);
	expect("bash completion", own, option);
	free(own);
}

static void in_zsh(const struct tool_command *c, const struct tool_option *o)
{
	char title[64], option[64];

	snprintf(title, sizeof title, "\t\t%s)", c->name);
	char *own = section(completion, title, "\t\t\t'*:file");
	snprintf(option, sizeof option, "'--%s[", o->name);
	expect("zsh completion", own, option);
	free(own);
}

static void in_fish(const struct tool_command *c, const struct tool_option *o)
{
	char line[128];

	if (o->id < OPTION_UNSEALED)
		snprintf(line, sizeof line, "seen_subcommand_from %s' -s %c -l %s ", c->name, o->id, o->name);
	else
		snprintf(line, sizeof line, "seen_subcommand_from %s' -l %s ", c->name, o->name);
	expect("fish completion", completion, line);
}

static void test_in_completion(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct t_run r = t_tool("completion", shells[i]);

		assert_int_equal(r.status, 0);
		completion = r.out;
		each_option(i == 0 ? in_bash : i == 1 ? in_zsh : in_fish);
		t_run_free(&r);
	}
	t_expect(2, "completion");
	t_expect(2, "completion", "csh");
}

/* Shells that are installed take the files */
static void test_completion_is_valid(void **state)
{
	char line[2048];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct t_run r = t_tool("completion", shells[i]);
		t_write_text(t_path("completion"), r.out);
		t_run_free(&r);
		snprintf(line, sizeof line, "! command -v %s >/dev/null || %s -n '%s'", shells[i],
		         shells[i], t_path("completion"));
		assert_int_equal(system(line), 0);
	}

}

/* What bash offers after some words, joined by "|" */
static void test_bash_offers(void **state)
{
	static const struct { const char *words, *offered; } row[] = {
		{ "show --j", "--json" }, { "sh", "show" }, { "help d", "dump|diff" },
		{ "show --kind re", "received" }, { "show --kind = re", "received" },
		{ "completion z", "zsh" }, { "show two", "two words" },
		{ "verify --space two", "two words" }, { "verify --space = two", "two words" },
		{ "show --slot \"\"", "" },
	};

	(void)state;
	struct t_run r = t_tool("completion", "bash");
	t_write_text(t_path("completion"), r.out);
	t_run_free(&r);
	t_write_text(t_path("two words"), "");
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		char line[2048];

		snprintf(line, sizeof line, "! command -v bash >/dev/null || { cd '%s' && test \"$(bash -c '"
		         ". \"./completion\"; COMP_WORDS=(caplog %s); "
		         "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _caplog; IFS=\"|\"; "
		         "echo \"${COMPREPLY[*]}\"')\" = '%s'; }", t_path(""), row[i].words,
		         row[i].offered);
		if (system(line))
			fail_msg("bash, after \"caplog %s\": not \"%s\"", row[i].words, row[i].offered);
	}
}

/* No letter or name means two things within a command */
static void test_no_option_twice(void **state)
{
	(void)state;
	for (unsigned i = 0; tool_commands[i]; i++) {
		const struct tool_option *all[2 * TOOL_OPTIONS_MAX];
		unsigned n = 0;

		for (const struct tool_option *o = tool_commands[i]->options; o && o->name; o++)
			all[n++] = o;
		for (const struct tool_option *o = tool_input_options; o->name; o++)
			all[n++] = o;
		t_compare(n, <, TOOL_OPTIONS_MAX);
		for (unsigned x = 0; x < n; x++)
			for (unsigned y = 0; y < x; y++)
				if (all[x]->id == all[y]->id || !strcmp(all[x]->name, all[y]->name))
					fail_msg("%s: --%s and --%s", tool_commands[i]->name, all[x]->name,
					         all[y]->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_help),
		cmocka_unit_test(test_in_man_page),
		cmocka_unit_test(test_in_completion),
		cmocka_unit_test(test_completion_is_valid),
		cmocka_unit_test(test_bash_offers),
		cmocka_unit_test(test_no_option_twice),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
