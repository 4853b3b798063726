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
#include <caplog/reader.h>

#include "platform.h"
#include "regions.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_SOURCES 1024u /* chains of slots by the ledger line they hold */

/* One component, about 1.7 MiB; the caller allocates it zeroed. */
struct caplog_target {
	void                   *handle;   /* the platform's */
	struct caplog_ledger    ledger;
	/* what the engine knows of it since the last checkpoint */
	char                    name[CAPLOG_TARGET_NAME];
	struct caplog_reader    reader;
	struct caplog_map_place map;
	uint64_t                stub[CAPLOG_STUB_LABELS]; /* caplog/stub.h */
	struct caplog_space     space;
	int                     open;     /* reader follows the log */
	uint64_t                changes;  /* of the ledger, when it was stopped */
	uint32_t                tries;    /* of the last stop: how often it was not at rest */
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
 * The monitor's own mapping of component memory
 *
 * \return NULL unless all of it lies in one dataspace that is attached there
 */
void *caplog_memory(const struct caplog_platform *p, struct caplog_target *t, uint64_t address,
                    uint64_t size);

/*
 * Hold back the requests of a group, so that nothing changes what it was given
 *
 * \return 0; -EBUSY with diag naming the component: a request is under way for
 *         long; none is held back then
 */
int caplog_close(const struct caplog_platform *p, struct caplog_target *const *targets,
                 uint32_t count, struct caplog_diag *diag);

/*
 * Stop a group and bring what the engine knows up to date: the pause that a
 * checkpoint of the capability space costs
 *
 * On success the group stays stopped; on failure it runs on. Targets are given
 * in the order of the group: lines name siblings by their index.
 *
 * A slot that no event reports as changed is not compared with the kernel
 * again (see source.h): a component that moves capabilities past its base
 * library is restored to what its log reports.
 *
 * \return 0; with diag naming component and slot: -EBUSY (no point at which
 *         every thread could be restored), -EAGAIN (it has no log yet),
 *         -EINVAL (log or map out of range), -EACCES (a slot holds what the
 *         component never was given), -ENOTSUP (it was given what cannot be
 *         recreated), -ENOMEM (it was given more than the ledger holds),
 *         -EOVERFLOW (the log is too small)
 */
int caplog_capture(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_diag *diag);

/* Resume a captured group */
void caplog_resume(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count);

/*
 * Stop a group for good. No request of it is under way then: those that block
 * are cancelled.
 *
 * \return 0; -EBUSY with diag naming the component: a request did not give up
 */
int caplog_quiesce(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_diag *diag);

/*
 * Write a captured group into an image, or into a child of another (caplog_image_child)
 *
 * \return 0; -ENOSPC: image->size says what is needed; -EBUSY with diag naming
 *         the component: the monitor served a request of it since it was stopped
 */
int caplog_save(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag);

/*
 * The same in steps, so that the group runs while its memory is written: state,
 * hold, resume, memory
 *
 * caplog_save_state writes all but memory; caplog_save_memory writes it, and
 * makes the bytes an image. If it is not held, the group stands still until then.
 *
 * \return as caplog_save; of caplog_save_memory -EAGAIN as well: the platform has
 *         no room for copies of all pages that the group wrote meanwhile. It is
 *         held no longer, unless the error is -ENOSPC: then a copy of what
 *         caplog_save_state wrote, in a larger buffer, may be continued.
 */
int caplog_save_state(const struct caplog_platform *p, struct caplog_target *const *targets,
                      uint32_t count, struct caplog_image *image, struct caplog_diag *diag);
int caplog_save_memory(const struct caplog_platform *p, struct caplog_target *const *targets,
                       uint32_t count, struct caplog_image *image, struct caplog_diag *diag);

/*
 * Hold the memory of a captured group: it can be saved as it is now, although
 * the group is resumed
 *
 * \return 0; -ENOTSUP: the platform cannot, or not all of it; -ENOSPC: what
 *         caplog_save_state wrote did not fit. Save it before the group runs.
 */
int caplog_hold(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_image *image, struct caplog_diag *diag);

/* Give up what is held. \return 0; -EAGAIN: as above */
int caplog_release(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count);

/*
 * Recreate the group of an image; the image is not consumed
 *
 * \param targets   filled; their ledgers belong to the new components
 * \param capacity  of targets; the image says how many there are
 * \param count     receives the number of components
 * \param progress  called as each phase begins, may be NULL
 * \return          0; negative errno with diag naming component, phase and slot:
 *                  nothing is left then. -ENOTSUP: the image is another
 *                  platform's, or holds what cannot be recreated here
 */
int caplog_restore(const struct caplog_platform *p, const void *image, uint64_t size,
                   struct caplog_target *const *targets, uint32_t capacity, uint32_t *count,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag);

/* An image that stays where it is and as it is, while it is used */
struct caplog_image_link {
	const void *data;
	uint64_t    size;
};

/*
 * The same from a chain of images, newest first, to one that is whole. It is
 * checked as a whole before anything is made.
 *
 * \param links  1 to CAPLOG_CHAIN_MAX
 * \return       as caplog_restore; -EINVAL: an image is missing, of another
 *               chain, or damaged; diag names it
 */
int caplog_restore_chain(const struct caplog_platform *p, const struct caplog_image_link *link,
                         uint32_t links, struct caplog_target *const *targets, uint32_t capacity,
                         uint32_t *count, void (*progress)(void *ctx, unsigned phase),
                         struct caplog_diag *diag);

/*
 * Make one whole image of a chain: the bytes that a whole image taken in the
 * place of the newest would have
 *
 * \param image  begun
 * \return       0; -ENOSPC: image->size says how large a buffer suffices; as
 *               caplog_restore_chain
 */
int caplog_merge(const struct caplog_image_link *link, uint32_t links, struct caplog_image *image,
                 struct caplog_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
