/* SPDX-License-Identifier: BSD-2-Clause */
/* The restore of one component: shared between restore.c and restore_ops.c */
#ifndef CAPLOG_RESTORE_H
#define CAPLOG_RESTORE_H

#include "load.h"

struct caplog_restoring {
	const struct caplog_platform *p;
	const struct caplog_image_source *image;
	struct caplog_target         *t;
	struct caplog_restoring      *group;   /* all components of the image */
	uint32_t                      count;   /* of them */
	uint8_t                      *map;     /* the cap map's array, once memory is there */
	/* of CAPLOG_BATCH slots from `window`: a bit for each that is filled */
	uint32_t                      window;
	uint64_t                      filled;
	/* states and pending signals in the image that are not used yet: lines are made in their order */
	const struct caplog_image_state   *state;
	const struct caplog_image_pending *pending;
	uint64_t                      states, pendings;
	struct caplog_image_state     next_state; /* copies of the first of them */
	struct caplog_image_pending   next_pending;
};

/* Operations of the component's plan */
struct caplog_ops caplog_restore_ops(struct caplog_restoring *r);

/* The sibling's dataspace of a shared region of a ledger that was loaded; object NULL: there is none */
struct caplog_owned caplog_shared_dataspace(struct caplog_restoring *r,
                                            const struct caplog_object *region);

/* Make the object of a line, unless it is made already */
int caplog_make_line(struct caplog_restoring *r, struct caplog_object *line,
                     struct caplog_diag *diag);

#endif
