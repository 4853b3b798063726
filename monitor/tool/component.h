/* SPDX-License-Identifier: BSD-2-Clause */
/* The components of a file, whether it is a log, a trace, a capture or an image */
#ifndef COMPONENT_H
#define COMPONENT_H

#include "names.h"
#include "tool.h"

struct json_t;
struct image_space;

enum { COMPONENT_NAME_SIZE = 80 };

/* Where the object in a slot comes from */
enum origin_kind {
	ORIGIN_UNKNOWN = 0, /* a log does not say                            */
	ORIGIN_OBJECT,      /* an RPC object of another component of the set */
	ORIGIN_LINE         /* a line of the ledger, in an image             */
};

struct origin {
	uint8_t  kind;      /* enum origin_kind    */
	uint8_t  component; /* OBJECT: whose it is */
	uint16_t slot;      /* OBJECT: where there; CAPLOG_NO_SLOT: in none of its slots */
};

struct tool_component {
	char name[COMPONENT_NAME_SIZE];    /* "": the file holds one and does not name it */
	const char *file;                  /* as messages call it                         */
	const struct caplog_space *space;
	struct slot_names names;
	struct origin origin[CAPLOG_SLOTS_MAX];
	const struct tool_log *log;        /* NULL: of an image, which has no events      */
	struct image_space *image;         /* NULL: of a log (image_file.h)               */
};

enum { COMPONENTS_MAX = 64 };

struct components {
	size_t count;
	struct tool_component *list[COMPONENTS_MAX];
	size_t files;
	struct tool_logs file[COMPONENTS_MAX];
};

/*
 * Load files with all their components
 *
 * \return 0 or TOOL_UNUSABLE, error printed
 */
int components_load(struct components *set, char *const *paths, int count,
                    const struct load_options *options);
int components_load_file(struct components *set, const char *path,
                         const struct load_options *options);
void components_free(struct components *set);

/* The bytes of the image that the set was loaded from; NULL: it was not, or not only */
const void *components_image(const struct components *set);

/* Is every slot of every component known? \return 0; TOOL_UNUSABLE, error printed */
int components_complete(const struct components *set);

/* Its name, or its file's without directory and ending; cut to the buffer */
void component_label(const struct tool_component *c, char *label, size_t size);

/* Live: allocated, and neither stale nor freed */
int is_live(const struct tool_component *c, uint32_t slot);

/* Which object of another component a slot holds; NULL: none that is known */
const struct origin *held_object(const struct tool_component *c, uint32_t slot);


/*
 * One slot (slot.c)
 */

/* What beside badge and kind makes up the slot, its name included; begins with blanks */
void print_slot_detail(const struct tool_component *c, uint32_t slot);

/* The whole slot in one line, without serial and line end */
void print_slot(const struct tool_component *c, uint32_t slot);

struct json_t *slot_json(const struct tool_component *c, uint32_t slot);

/* Which slots are wanted: --slot, --kind, --badge, --entrypoint */
struct filter {
	uint32_t    first, last;       /* slots                                  */
	const char *kind;              /* NULL: any                              */
	int         badge_given, entrypoint_given;
	uint64_t    badge;
	uint32_t    entrypoint;        /* slot of the thread that it is bound to */
};

enum { FILTER_SLOT = OPTION_OWN + 100, FILTER_KIND, FILTER_BADGE, FILTER_ENTRYPOINT };

#define FILTER_OPTIONS                                                                      \
	{ FILTER_SLOT, "slot", "N|N-M", "only this slot, or these", NULL },                       \
	{ FILTER_KIND, "kind", "KIND", "only slots of this kind",                                 \
	  "parent thread rpc received irq placed tombstone stale" },                              \
	{ FILTER_BADGE, "badge", "N", "only slots with this badge", NULL },                       \
	{ FILTER_ENTRYPOINT, "entrypoint", "N", "only objects and IRQs that are bound to the "    \
	  "thread of this slot", NULL }

void filter_init(struct filter *filter);

/* Take an option; optarg is its value. \return 0 or TOOL_UNUSABLE, error printed */
int filter_option(struct filter *filter, const struct args *args, int option);

/* Is anything left out? */
int filter_is_set(const struct filter *filter);

/* Is the slot allocated and wanted? */
int filter_takes(const struct filter *filter, const struct caplog_space *space, uint32_t slot);

/* A slot's number as an option gives it. \return 0 or TOOL_UNUSABLE, error printed */
int parse_slot(const struct args *args, const char *text, uint32_t *slot);

#endif
