/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine needs of a platform: Genode's core, or the hosted model
 *
 * `target` is the platform's own handle of one component. All return 0 or
 * negative errno and may fill diag->text. The engine calls from one thread.
 */
#ifndef CAPLOG_PLATFORM_H
#define CAPLOG_PLATFORM_H

#include "image.h"

#ifdef __cplusplus
extern "C" {
#endif

struct caplog_target_info {
	uint64_t log_address, log_size; /* where the component sees its log */
	char     name[CAPLOG_OBJECT_NAME];
};

struct caplog_platform {
	void *ctx;

	/*
	 * Checkpoint
	 */

	/*
	 * Stop all threads of all targets at points where their state lies in
	 * their own memory, no message is unread, and all holders words are 0.
	 * May let them run a little for that. -EBUSY (as -16): no such point came.
	 */
	int (*stop)(void *ctx, void *const *targets, uint32_t count, struct caplog_diag *diag);
	void (*resume)(void *ctx, void *target);
	int (*info)(void *ctx, void *target, struct caplog_target_info *info);
	/* The monitor's own mapping of component memory; NULL unless all of it
	 * lies in dataspaces that are attached there */
	void *(*memory)(void *ctx, void *target, uint64_t address, uint64_t size);
	/* The n-th piece of memory that an image keeps. -ENOENT: no more */
	int (*region)(void *ctx, void *target, uint32_t n, struct caplog_image_memory *region);
	/* The monitor's own mapping of such a piece; NULL: it cannot be mapped */
	void *(*bytes)(void *ctx, void *target, const struct caplog_image_memory *region);
	/* The n-th thread, in slot order. -ENOENT: no more */
	int (*thread)(void *ctx, void *target, uint32_t n, struct caplog_image_thread *thread,
	              struct caplog_diag *diag);
	/* Is there anything in the slot? 1, 0 */
	int (*valid)(void *ctx, void *target, uint32_t slot);
	/* Does the slot hold the object, a line in the ledger of `owner`? 1, 0 */
	int (*holds)(void *ctx, void *target, uint32_t slot, void *owner,
	             const struct caplog_object *object);
	/* Bytes that an object needs beside its line (pending signals ...).
	 * \return their number, 0: none, at most `size` */
	uint32_t (*save)(void *ctx, void *target, const struct caplog_object *object, void *buf,
	                 uint32_t size);

	/*
	 * Restore: a target is made empty, filled, and destroyed as a whole if
	 * anything fails
	 */

	/* Can an object of this line be made here? Changes nothing. */
	int (*can_make)(void *ctx, const struct caplog_object *object, struct caplog_diag *diag);
	/* ledger: already holds the lines of the image; the platform keeps it */
	int (*create)(void *ctx, const struct caplog_target_info *info,
	              struct caplog_ledger *ledger, void **target, struct caplog_diag *diag);
	void (*destroy)(void *ctx, void *target);
	/* Provide fresh zeroed memory for a piece, with all that `memory` needs to find
	 * it by the component's addresses */
	int (*attach)(void *ctx, void *target, const struct caplog_image_memory *region,
	              struct caplog_diag *diag);
	/* Make a thread; it must get this slot. *badge: of its gate */
	int (*make_thread)(void *ctx, void *target, uint32_t slot, uint32_t *badge,
	                   struct caplog_diag *diag);
	int (*drop_thread)(void *ctx, void *target, uint32_t slot);
	/* Make a gate bound to the thread in `entrypoint`; write it to the line's badge */
	int (*make_gate)(void *ctx, void *target, uint32_t entrypoint,
	                 struct caplog_object *object, struct caplog_diag *diag);
	/* Make the object of a line, with what save gave; set its badge */
	int (*make)(void *ctx, void *target, struct caplog_object *object, const void *state,
	            uint32_t size, struct caplog_diag *diag);
	int (*install)(void *ctx, void *target, uint32_t slot, const struct caplog_object *object,
	               struct caplog_diag *diag);
	/* Put an object of one target into a slot of another */
	int (*share)(void *ctx, void *target, uint32_t slot, void *from,
	             const struct caplog_object *object, struct caplog_diag *diag);
	int (*attach_irq)(void *ctx, void *target, uint32_t irq_slot, uint32_t thread_slot,
	                  uint64_t label, struct caplog_diag *diag);
	/* Registers from the frame (unless the thread is new), UTCB words if the
	 * log told them (object 0: no) */
	int (*registers)(void *ctx, void *target, const struct caplog_image_thread *thread,
	                 uint64_t utcb, uint64_t object, struct caplog_diag *diag);
	int (*start)(void *ctx, void *target, uint32_t slot, struct caplog_diag *diag);
};

#ifdef __cplusplus
}
#endif

#endif
