/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Engine: checkpoint and restore of a group of components
 *
 * A group is restored together, so that components may hold each other's RPC
 * objects. The engine sees component, kernel and core through one table of
 * operations (platform.h); the hosted model and the Genode monitor implement
 * it. It dereferences no pointer of a component.
 */
#ifndef CAPLOG_ENGINE_H
#define CAPLOG_ENGINE_H

#include <caplog/plan.h>

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_SOURCES 1024u /* chains of slots by the ledger line they hold */

/* One component, about 1.5 MiB; the caller allocates it zeroed. */
struct caplog_target {
	void                   *handle;   /* the platform's */
	struct caplog_ledger    ledger;
	/* what the engine knows of it since the last checkpoint */
	struct caplog_target_info info;
	struct caplog_reader    reader;
	struct caplog_map_place map;
	struct caplog_space     space;
	int                     open;     /* reader follows the log */
	/* a bit per slot: holds another target's object; holds a thread's gate */
	uint32_t                foreign[CAPLOG_SLOTS_MAX / 32];
	uint32_t                thread_gate[CAPLOG_SLOTS_MAX / 32];
	uint32_t                gone_seen;
	uint16_t                by_source[CAPLOG_SOURCES]; /* slots by id of their line: chains */
	uint16_t                same_source[CAPLOG_SLOTS_MAX];
	struct caplog_image_slot slot[CAPLOG_SLOTS_MAX]; /* with its source */
	struct caplog_image_thread thread[CAPLOG_SLOTS_MAX / 2];
	uint32_t                threads;
	struct caplog_plan      plan;     /* while it is restored */
};

/*
 * Stop a group and bring what the engine knows up to date: the pause that a
 * checkpoint of the capability space costs
 *
 * On success the group stays stopped; on failure it runs on.
 *
 * \return 0; with diag naming component and slot: -EBUSY (no point at which
 *         every thread could be restored), -EINVAL (log or map out of range),
 *         -EACCES (as -13: a slot holds what the component never was given),
 *         -ENOTSUP (it was given what cannot be made again),
 *         -EOVERFLOW (the log is too small)
 */
int caplog_capture(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_diag *diag);

/*
 * Write a captured group into an image
 *
 * \return 0; -ENOSPC: image->size says what is needed
 */
int caplog_save(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag);

/*
 * Make the group of an image anew; the image can be used again and again
 *
 * \param targets   filled; their ledgers belong to the new components
 * \param capacity  of targets; the image says how many there are
 * \param count     receives the number of components
 * \param progress  called as each phase begins, may be NULL
 * \return          0; negative errno with diag naming component, phase and slot:
 *                  nothing is left behind then
 */
int caplog_restore(const struct caplog_platform *p, const void *image, uint64_t size,
                   struct caplog_target *const *targets, uint32_t capacity, uint32_t *count,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
