/* SPDX-License-Identifier: BSD-2-Clause */
/* What tests of captures and of screens share: both come over a serial line */
#ifndef T_SERIAL_H
#define T_SERIAL_H

#include "t_files.h"
#include "t_random.h"

#include "kernel.h"

/* Of the traces in work */
static const struct caplog_flavour *flavour;

static inline struct load_options options(void)
{
	if (!flavour)
		flavour = caplog_flavours(NULL);
	return (struct load_options){ .flavour = flavour, .word_bytes = 8 };
}

static inline void each_trace_of_both(void (*check)(const char *trace, const char *space))
{
	t_each_trace(check);
	flavour = caplog_flavour_by_name(CAPLOG_FOC_26_02_NAME);
	t_each_trace26(check);
	flavour = NULL;
}

static inline void load(struct tool_log *log, const char *path)
{
	struct load_options const o = options();

	assert_int_equal(log_load(log, path, &o), 0);
}

/* Standard error goes nowhere, where hundreds of messages are expected. \return for speak() */
static inline int be_quiet(void)
{
	int const before = dup(2), null = open("/dev/null", O_WRONLY);

	dup2(null, 2);
	close(null);
	return before;
}

static inline void speak(int before)
{
	dup2(before, 2);
	close(before);
}

/* \return a copy with some bytes changed, cut somewhere; free() it */
static inline char *damaged_copy(struct t_random *r, const char *bytes, size_t size, size_t *cut)
{
	char *copy = malloc(size + 1);

	assert_non_null(copy);
	*cut = t_below(r, 3) ? size : t_below(r, (uint32_t)size);
	memcpy(copy, bytes, size);
	for (unsigned n = t_below(r, 200); n; n--)
		copy[t_below(r, (uint32_t)size)] = (char)t_next(r);
	return copy;
}

#endif
