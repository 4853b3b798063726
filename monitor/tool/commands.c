/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands. One more: a file with its struct tool_command, and a line here. */
#include <string.h>

#include "tool.h"

const struct tool_command *const tool_commands[] = {
	&tool_import, &tool_export, &tool_follow, &tool_show, &tool_dump, &tool_merge, &tool_diff, &tool_history,
	&tool_graph, &tool_spec, &tool_check, &tool_verify, &tool_replay, &tool_stat, NULL
};

const struct tool_command *tool_command(const char *name)
{
	for (unsigned i = 0; tool_commands[i]; i++)
		if (!strcmp(name, tool_commands[i]->name))
			return tool_commands[i];
	return NULL;
}
