/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog: look into capability logs and traces; see man/caplog.1 */
#include <string.h>

#include "tool.h"

static const struct tool_command *const commands[] = {
	&tool_import, &tool_export, &tool_show, &tool_verify, &tool_replay, &tool_stat,
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *to)
{
	fputs("usage: caplog COMMAND [OPTIONS] FILE\n\n"
	      "Capability logs of Genode components: binary logs and text traces alike,\n"
	      "told apart by their first bytes. FILE may be - for standard input.\n\n", to);
	for (unsigned i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n`caplog COMMAND --help` tells its options, `caplog --version` the version.\n"
	      "Exit status: 0 fine, 1 checked and found different, 2 unusable input or usage.\n", to);
}

int main(int argc, char **argv)
{
	const char *const name = argc > 1 ? argv[1] : "";

	for (unsigned i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);

	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
		print_help(stdout);
		return tool_finish(TOOL_OK);
	}
	if (!strcmp(name, "--version")) {
		printf("caplog %s (log format %u.%u)\n", TOOL_VERSION, CAPLOG_MAJOR, CAPLOG_MINOR);
		return tool_finish(TOOL_OK);
	}
	if (*name)
		return tool_error("unknown command \"%s\"; `caplog --help` lists them", name);
	print_help(stderr);
	return TOOL_UNUSABLE;
}
