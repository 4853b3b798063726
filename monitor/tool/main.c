/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog: look into capability logs, traces and images; see man/caplog.1 */
#include <string.h>

#include "input.h"

static int is_one_of(const char *name, const char *a, const char *b, const char *c)
{
	return !strcmp(name, a) || !strcmp(name, b) || !strcmp(name, c);
}

/* caplog help [COMMAND] */
static int help(const char *name)
{
	const struct tool_command *const command = name ? tool_command(name) : NULL;

	if (name && !strcmp(name, "completion")) {
		puts("usage: caplog completion bash|zsh|fish\n\n"
		     "Print a completion file for this shell, made from the tables of options.");
		return tool_finish(TOOL_OK);
	}
	if (name && !command)
		return tool_error("unknown command \"%s\"; `caplog help` lists them", name);
	if (command)
		print_command_help(command);
	else
		print_help(stdout);
	return tool_finish(TOOL_OK);
}

int main(int argc, char **argv)
{
	const char *const name = argc > 1 ? argv[1] : "";
	const struct tool_command *const command = tool_command(name);

	if (command) {
		progress_begin();
		int const status = command->run(argc - 1, argv + 1);
		progress_end();
		return status;
	}
	if (is_one_of(name, "help", "--help", "-h"))
		return help(argc > 2 ? argv[2] : NULL);
	if (is_one_of(name, "--version", "-V", "version")) {
		printf("caplog %s (log format %u.%u)\n", TOOL_VERSION, CAPLOG_MAJOR, CAPLOG_MINOR);
		return tool_finish(TOOL_OK);
	}
	if (!strcmp(name, "completion"))
		return print_completion(argc > 2 ? argv[2] : "");
	if (*name)
		return tool_error("unknown command \"%s\"; `caplog help` lists them", name);
	print_help(stderr);
	return TOOL_UNUSABLE;
}
