/* SPDX-License-Identifier: BSD-2-Clause */
/* A capability space as a text that a person writes: caplog-spec(5) */
#ifndef SPEC_H
#define SPEC_H

#include "image_file.h"

enum spec_kind {
	SPEC_THREAD,    /* thread ID at SLOT              */
	SPEC_NAMED,     /* exit-handler on ID [at SLOT] … */
	SPEC_OBJECTS,   /* objects COUNT on ID            */
	SPEC_IRQS,      /* irqs COUNT on ID               */
	SPEC_RECEIVED,  /* received COUNT                 */
	SPEC_HOLDS,     /* holds COUNT of NAME            */
	SPEC_GIVEN,     /* given COUNT KIND [NAME]        */
};

struct spec_statement {
	enum spec_kind kind;
	unsigned line;
	uint32_t least, most;    /* COUNT; most is UINT32_MAX for "or more"        */
	enum slot_name name;     /* NAMED                                          */
	uint32_t slot;           /* THREAD, NAMED; CAPLOG_NO_SLOT: any             */
	uint32_t thread;         /* slot of the thread of "on ID"                  */
	char     text[COMPONENT_NAME_SIZE]; /* ID; HOLDS: NAME; GIVEN: KIND        */
	char     object[32];     /* GIVEN: NAME; "": any                           */
};

struct spec_component {
	char     name[COMPONENT_NAME_SIZE];
	unsigned line;
	int      open;           /* what is not mentioned is allowed               */
	char     flavour[CAPLOG_FLAVOUR_NAME_SIZE + 1]; /* "": any                 */
	size_t   count;
	struct spec_statement *statement;
};

struct spec {
	const char *file;
	size_t count;
	struct spec_component *component;
};

/* Read a spec. \return 0 or TOOL_UNUSABLE, error printed */
int spec_load(struct spec *spec, const char *path);
void spec_free(struct spec *spec);

/* How a spec calls a name: "exit-handler"; NULL for NAME_NONE */
const char *spec_word(enum slot_name name);

/* Is there a thread in the slot that runs, or did at the start? */
int is_thread_there(const struct tool_component *c, uint32_t slot);

/* Live slots of a kind that are bound to a thread; of any: CAPLOG_NO_SLOT */
uint32_t count_bound(const struct tool_component *c, unsigned kind, uint32_t thread);

/* Slots that hold objects of the set's component i */
uint32_t count_held(const struct tool_component *c, size_t i);

/* Does a line of an image's ledger say which service the component has or offers? */
int is_service(const struct caplog_object *line);

/* Is it one of these? name: "": any */
int is_given(const struct caplog_object *line, const char *kind, const char *name);

#endif
