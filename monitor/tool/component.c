/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "component.h"

/* One component of a log or trace */
static void take_log(struct component *c, const struct tool_log *log)
{
	c->log   = log;
	c->space = log->space;
	names_of(&c->names, log->space, &log->reader);
}

int components_load(struct components *set, const char *path,
                    const struct load_options *options)
{
	memset(set, 0, sizeof *set);
	set->file = tool_name(path);
	if (log_load(&set->log, path, options))
		return TOOL_UNUSABLE;
	if (!(set->list = calloc(1, sizeof *set->list))) {
		components_free(set);
		return tool_error("%s: out of memory", set->file);
	}
	set->count = 1;
	take_log(&set->list[0], &set->log);
	return 0;
}

void components_free(struct components *set)
{
	log_free(&set->log);
	free(set->list);
	set->list = NULL;
	set->count = 0;
}

const char *component_title(const struct components *set, const struct component *c)
{
	static char text[512];

	if (!*c->name)
		return set->file;
	snprintf(text, sizeof text, "%s: %s", set->file, c->name);
	return text;
}
