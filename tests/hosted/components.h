/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Test components: unmodified programs as far as caplog is concerned
 *
 * Each prints a fixed sequence on each of its LOG sessions, whatever the
 * scheduler does, and ends with an exit value: that is its observable trace.
 */
#ifndef HOSTED_COMPONENTS_H
#define HOSTED_COMPONENTS_H

struct component {
	const char *name;
	void (*construct)(void);
};

/* A scenario: components that run together, ended by a NULL name */
struct scenario {
	const char      *name;
	struct component component[3];
};

extern const struct scenario hosted_scenarios[];
extern const unsigned        hosted_scenario_count;

/* What cannot be restored: an unknown object, a thread in a foreign kernel entry */
extern const struct scenario hosted_magic, hosted_raw;

#endif
