/* SPDX-License-Identifier: BSD-2-Clause */
/* Traces as inputs, and what of their lines changes anything */
#ifndef T_IMPORT_H
#define T_IMPORT_H

#include "t_files.h"

#include "tool.h"

/* Of the traces in work */
static const char *flavour = CAPLOG_FOC_16_08_NAME;

static inline void each_trace_of_both(void (*check)(const char *trace, const char *space))
{
	t_each_trace(check);
	flavour = CAPLOG_FOC_26_02_NAME;
	t_each_trace26(check);
	flavour = CAPLOG_FOC_16_08_NAME;
}

static inline const struct load_options *options(void)
{
	static struct load_options o;

	memset(&o, 0, sizeof o);
	o.flavour = caplog_flavour_by_name(flavour);
	o.word_bytes = 8;
	return &o;
}

static inline void load(struct tool_log *log, const char *path)
{
	assert_int_equal(log_load(log, path, options()), 0);
}

/* Of an entry that is free already: a race of stock, in one trace of 26.02 */
static inline int is_removed_twice(const char *line)
{
	return strncmp(line, "remove badge=0x0 ", 17) == 0;
}

/* A trace without the lines that change nothing */
static inline char *changes_of(const char *trace)
{
	char *text = t_read(trace, NULL), *changes = calloc(1, strlen(text) + 1), *end = changes;

	assert_non_null(changes);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (strncmp(line, "reserve", 7) && strncmp(line, "release", 7) &&
		    !strstr(line, "result=known") && !strstr(line, "result=conflict") &&
		    !is_removed_twice(line))
			end += sprintf(end, "%s\n", line);
	free(text);
	return changes;
}

#endif
