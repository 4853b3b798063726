/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the four capabilities that every component has; see names.c */
#ifndef NAMES_H
#define NAMES_H

#include <caplog/reader.h>

enum slot_name { NAME_NONE, NAME_EXIT, NAME_PROXY, NAME_SEMAPHORE, NAME_CONSTRUCTOR };

struct slot_names {
	const struct caplog_flavour *flavour;
	uint8_t  name[CAPLOG_SLOTS_MAX];     /* enum slot_name                        */
	uint8_t  believed[CAPLOG_SLOTS_MAX]; /* 1: inferred, was not seen happening   */
	/* while events come */
	uint8_t  objects[CAPLOG_SLOTS_MAX];  /* made at the entrypoint of this thread */
	uint32_t attached;                   /* the semaphore has been                */
	uint32_t exit_of, since_exit;        /* last exit handler's entrypoint, events since */
	uint32_t maybe_proxy;                /* slot; CAPLOG_NO_SLOT: none            */
};

/* NULL for NAME_NONE */
const char *name_text(enum slot_name name);

/* "  exit handler", "  believed to be exit handler", or ""; valid until the next call */
const char *name_suffix(const struct slot_names *names, uint32_t slot);

/*
 * Name the slots of a space
 *
 * \param reader  of its log: if all events are there, names come from them;
 *                NULL: from the slots
 */
void names_of(struct slot_names *names, const struct caplog_space *space,
              const struct caplog_reader *reader);

/* Its parts, for callers that have events and no log */
void names_init(struct slot_names *names, const struct caplog_flavour *flavour);
void names_event(struct slot_names *names, const struct caplog_event *event);
void names_by_slots(struct slot_names *names, const struct caplog_space *space);

/* The one freed object of the initial entrypoint that keeps its slot; 0: none, or several */
uint32_t names_freed_object(const struct caplog_space *space);

#endif
