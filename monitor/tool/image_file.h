/* SPDX-License-Identifier: BSD-2-Clause */
/* Images of the engine, as the tool looks at them */
#ifndef IMAGE_FILE_H
#define IMAGE_FILE_H

#include <chain.h>
#include <engine.h>

#include "component.h"

/* What an image holds of one target; lists are parts of the image's bytes */
struct image_target {
	uint32_t number;
	const struct caplog_image_target  *head;    /* NULL: the image lacks it */
	const struct caplog_image_slot    *slot;
	const struct caplog_object        *object;
	const struct caplog_image_thread  *thread;
	const struct caplog_image_state   *state;
	const struct caplog_image_pending *pending;
	size_t slots, objects, threads, states, pendings;
};

/* Its space and where the objects come from: what struct tool_component points to */
struct image_space {
	struct caplog_space space;
	struct image_target target;
	uint8_t  dead[CAPLOG_SLOTS_MAX];  /* the object was destroyed               */
	uint32_t line[CAPLOG_SLOTS_MAX];  /* id of the object's ledger line, 0: none */
};

/* Pages of memory, by where they are */
struct image_pages {
	uint64_t stored, inherited, zero;
};

/* Count those of a line, beside what was counted before */
void image_pages(const struct caplog_pages *pages, struct image_pages *n);

/* An image and its parents, newest first */
struct image_chain {
	struct caplog_image_link link[CAPLOG_CHAIN_MAX];
	uint32_t links;
};

/* Read files behind what the chain has. \return 0 or TOOL_UNUSABLE, error printed */
int image_chain_load(struct image_chain *chain, char *const *paths, int count);

/* Free what was read, down to so many */
void image_chain_free(struct image_chain *chain, uint32_t first);

/* Is it right as a whole? \return 0, or an error with diag */
int image_chain_check(const struct image_chain *chain, struct caplog_diag *diag);

/* Called for each thing that cannot be; `where` names target and part */
typedef void image_report(void *ctx, const char *where, const char *text);

/* A part of a checked image */
void image_find(const void *image, uint32_t number, struct image_target *target);

/*
 * Make a component of a target
 *
 * \return 0; TOOL_UNUSABLE, error printed
 */
int image_component(const char *file, const void *image, uint32_t number,
                    struct tool_component *c);

/* NULL: no such line */
const struct caplog_object *image_line(const struct image_target *target, uint32_t id);

/* "RPC object", "kind 99" */
const char *image_kind(uint32_t kind);

/* What is wrong in a checked image; image_check.c has the list. \return how much */
uint32_t image_problems(const void *image, image_report *report, void *ctx);

/* Parts as text, each line with a tab in front (image_print.c) */
void print_image_header(const struct caplog_image_header *h);
void print_image_target(const struct caplog_image_target *t);
void print_image_threads(const struct caplog_image_thread *list, size_t count);
void print_image_ledger(const struct caplog_object *list, size_t count);
void print_image_slots(const struct caplog_image_slot *list, size_t count);
void print_image_states(const struct caplog_image_state *list, size_t count);
void print_image_pending(const struct caplog_image_pending *list, size_t count);
/* Regions of the ledger by address; bytes that the image keeps of each dataspace */
void print_image_memory(const void *image, const struct image_target *target);

/* "4096", "64K", "1.5M" */
const char *size_text(uint64_t bytes);

struct json_t *image_json(struct json_t *j, const void *image, const struct image_target *target);

#endif
