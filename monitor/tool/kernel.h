/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's object space of a component, and a log held against it */
#ifndef KERNEL_H
#define KERNEL_H

#include "tool.h"

struct kernel_space {
	uint32_t count;
	struct caplog_kernel_cap cap[CAPLOG_SLOTS_MAX];
	/* of the debugger's own list of all objects: labels of gates that exist, ascending */
	int       labels_known;
	uint64_t *label;
	size_t    labels;
};

/*
 * Load a kernel space: lines of text, or the debugger's screens as the serial line
 * brought them
 *
 * \param space  of the component, which is looked for among the screens
 * \return       0 or TOOL_UNUSABLE, error printed
 */
int kernel_load(struct kernel_space *kernel, const char *path, const struct caplog_space *space);
void kernel_free(struct kernel_space *kernel);

/* Does the kernel have a gate with this label? -1: not known */
int kernel_has_label(const struct kernel_space *kernel, uint64_t label);


/*
 * The debugger's screens (screens.c, screens_space.c)
 */

struct screens;

/* NULL without memory */
struct screens *screens_new(const struct caplog_flavour *flavour);
void screens_free(struct screens *s);

/* Part of a line as clean_part gives it. \return 1 if it is of a screen; -ENOMEM */
int screens_line(struct screens *s, const char *text);

/* Was there an object space among the screens? */
int screens_found(const struct screens *s);

/* The space of a component. \return 0 or TOOL_UNUSABLE, error printed */
int screens_space(struct screens *s, const char *name, const struct caplog_space *space,
                  struct kernel_space *kernel);


/*
 * Judgement (judge.c)
 */

#define VERDICTS(X)                                                                   \
	X(MISMATCH, "mismatch")  /* the kernel holds something else                     */  \
	X(LOST, "lost")          /* an event of this slot is not in the log             */  \
	X(DEAD, "dead")          /* live by the log; its owner destroyed the object     */  \
	X(LEFTOVER, "leftover")  /* no entry, and the log says how it came to be        */  \
	X(UNSEEN, "unseen")      /* the debugger did not show label or thread           */

enum verdict {
#define X(id, name) VERDICT_##id,
	VERDICTS(X)
#undef X
	VERDICT_COUNT
};

const char *verdict_name(unsigned verdict);

struct finding {
	enum verdict verdict;
	uint32_t     slot;
	const char  *text;
};

struct verify_options {
	int      allow_dead;
	int      dead_max_given;
	uint32_t dead_max;     /* else a quarter of the received capabilities */
};

struct verify_counts {
	uint32_t live, tombstones, stale, dead, kernel, leftovers, unseen, lost, mismatches;
	int      unexplained;  /* leftovers that this log says nothing about      */
};

/*
 * Hold a log against the kernel's space
 *
 * \param report  called for each finding, by ascending slots
 */
void verify_space(const struct tool_log *log, const struct kernel_space *kernel,
                  const struct verify_options *options, struct verify_counts *counts,
                  void (*report)(void *ctx, const struct finding *finding), void *ctx);

#endif
