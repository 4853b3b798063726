/* SPDX-License-Identifier: BSD-2-Clause */
/* --help, from the tables of commands and options */
#include <string.h>

#include "tool.h"

enum { COLUMN = 22, WIDTH = 79 };

/* Print words from column COLUMN on, broken into lines; `at` is where the cursor stands */
static void print_wrapped(const char *text, unsigned at)
{
	while (*text) {
		unsigned const word = (unsigned)strcspn(text, " ");

		if (at >= COLUMN && at + 1 + word > WIDTH) {
			putchar('\n');
			at = 0;
		}
		if (at < COLUMN)
			at += (unsigned)printf("%*s", (int)(COLUMN - at), "");
		else
			at += (unsigned)printf(" ");
		at += (unsigned)printf("%.*s", (int)word, text);
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void print_options(const struct tool_option *o)
{
	for (; o && o->name; o++) {
		char left[64];
		int n;

		if (o->id < OPTION_UNSEALED)
			n = snprintf(left, sizeof left, "  -%c, --%s", o->id, o->name);
		else
			n = snprintf(left, sizeof left, "      --%s", o->name);
		if (o->value)
			n += snprintf(left + n, sizeof left - (size_t)n, " %s", o->value);
		fputs(left, stdout);
		if (n + 2 > COLUMN) {
			putchar('\n');
			n = 0;
		}
		print_wrapped(o->help, (unsigned)n);
	}
}

void print_command_help(const struct tool_command *c)
{
	printf("usage: caplog %s %s\n\n%s\n", c->name, c->operands, c->about);
	print_options(c->options);
	print_options(tool_input_options);
}

void print_help(FILE *to)
{
	fputs("usage: caplog COMMAND [OPTIONS] FILE\n\n"
	      "Look into capability logs of Genode components, text traces, console captures\n"
	      "and images, recognised by their first bytes. FILE may be - for standard input.\n\n",
	      to);
	for (unsigned i = 0; tool_commands[i]; i++)
		fprintf(to, "  %-10s  %s\n", tool_commands[i]->name, tool_commands[i]->summary);
	fputs("\n`caplog help COMMAND` prints its options, `caplog --version` (-V) the version,\n"
	      "`caplog completion bash|zsh|fish` a completion file for that shell.\n"
	      "Exit status: 0 fine, 1 checked and found different, 2 unusable input or usage.\n", to);
}
