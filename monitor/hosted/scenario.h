/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios: test components, unmodified programs as far as caplog is concerned
 *
 * Each prints a fixed sequence on each of its LOG sessions, whatever the
 * scheduler does, and ends with an exit value: that is its observable trace.
 * One file each in scenarios/; a new file needs no other change.
 */
#ifndef HOSTED_SCENARIO_H
#define HOSTED_SCENARIO_H

#include "base/base.h"

struct component {
	const char *name;
	void (*construct)(void);
};

/* Components that run together, ended by a NULL name */
struct scenario {
	const char      *name;
	int              shown; /* `make run` prints its tables */
	struct component component[3];
};

/* Enters a scenario into the list of all: the linker collects them */
#define HOSTED_SCENARIO(id, shown, ...)                                                   \
	static const struct scenario scenario_##id = { #id, shown, { __VA_ARGS__ } };         \
	static const struct scenario *const entry_##id                                        \
		__attribute__((used, section("hosted_scenarios"))) = &scenario_##id

/* The n-th of all scenarios; NULL: no more */
const struct scenario *hosted_scenario(unsigned n);
/* NULL: no scenario has this name */
const struct scenario *hosted_scenario_by_name(const char *name);

/* What cannot be restored: an unknown object, a thread in a foreign kernel entry */
extern const struct scenario hosted_magic, hosted_raw;

/*
 * For components
 */

/* Each lays its variables over HB->app */
#define APP(type) ((struct type *)(void *)HB->app)

/* Operations of their own objects */
enum { OPEN = HS_APP, CLOSE, ADD, CALLBACK, QUIT };

/* The component's work is done */
void hs_leave(int value);
/* Submit a signal context, its own or a sibling's */
void hs_submit(hb_cap context);

#endif
