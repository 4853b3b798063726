/* SPDX-License-Identifier: BSD-2-Clause */
/* A scenario's components on a node, with the engine's view of them */
#ifndef HOSTED_GROUP_H
#define HOSTED_GROUP_H

#include "node.h"
#include "scenario.h"

enum { GROUP_MAX = 2, GROUP_LOG = 64 * 1024, NODE_MEMORY = 32 << 20 };

struct group {
	struct hm_node        *node;
	struct caplog_platform platform;
	struct caplog_target  *target[GROUP_MAX];
	uint32_t               count;
};

struct stored_image {
	void    *data;
	uint64_t size;
	char    *trace[GROUP_MAX]; /* what each had shown by then */
};

/* A node with nothing on it */
struct group group_empty(uint64_t seed, uint32_t first_badge);
void group_start(struct group *g, const struct scenario *s);
void group_free(struct group *g);

static inline struct hm_target *group_handle(const struct group *g, uint32_t i)
{
	return g->target[i]->handle;
}

/* The logs are attached a moment after the start; before, nothing can be captured */
int  group_has_logs(const struct group *g);

/* Capture and save; the group stays stopped. 0 or negative errno with diag */
int  group_checkpoint(struct group *g, struct stored_image *image, struct caplog_diag *diag);
void group_resume(struct group *g);
/* Restore an image on the group's node, which may have components already */
int  group_restore(struct group *g, const struct stored_image *image, struct caplog_diag *diag);
/* The same from a chain, newest first; `image` says what its components had shown by then */
int  group_restore_chain(struct group *g, const struct caplog_image_link *link, uint32_t links,
                         const struct stored_image *image, struct caplog_diag *diag);
void image_free(struct stored_image *image);

/*
 * Compare a restored group with the stopped original, kernel object by kernel
 * object; 0, or 1 with diag naming component and slot
 */
int group_differs(const struct group *original, const struct group *restored,
                  struct caplog_diag *diag);
/* The same for one slot of target i */
int group_slot_differs(const struct group *original, const struct group *restored, uint32_t i,
                       uint32_t slot, struct caplog_diag *diag);

#endif
