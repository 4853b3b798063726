/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine needs of a platform: Genode's core, or the hosted model
 *
 * A platform acts and answers; it decides nothing. `target` is its own handle
 * of one component, whose ledger it was given when the component was made. All
 * int operations return 0 or a negative errno of caplog/diag.h unless they say
 * otherwise, and may fill diag->text. The engine calls from one thread.
 */
#ifndef CAPLOG_PLATFORM_H
#define CAPLOG_PLATFORM_H

#include "image.h"
#include "stand.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one operation is about, at most: slots side by side, or objects */
#define CAPLOG_BATCH 64u

/* Threads that one look is about, at most */
#define CAPLOG_STOPS 16u

/* An object and the handle of the target whose ledger has its line */
struct caplog_owned {
	void                       *owner;
	const struct caplog_object *object;
};

struct caplog_platform {
	void *ctx;

	uint32_t number;      /* enum caplog_platform_number */
	uint32_t frame_bytes; /* of the kernel entry's frame, at least */
	uint32_t frame_waits; /* offset in it of a word that is not 0 if the thread waits for requests */

	const char *(*name)(void *ctx, void *target);
	/* The monitor's own mapping of all bytes of a line that carries memory; NULL: none */
	void *(*bytes)(void *ctx, void *target, const struct caplog_object *dataspace);

	/*
	 * Stopping. None of these waits for a component.
	 */

	/* The platform serves no request of the target from now on: those that come
	 * wait before they changed anything. A target is created closed, and resume
	 * opens it as well. */
	void (*close)(void *ctx, void *target);
	void (*open)(void *ctx, void *target);
	/* Is it closed, no request under way, and every reply sent? 1, 0 */
	int (*closed)(void *ctx, void *target);
	/* Its requests that are under way give up what they wait for: it is about
	 * to be destroyed */
	void (*cancel)(void *ctx, void *target);
	/* All threads that were started begin to stop, and what lives on timers
	 * comes to rest. Called until all stand. */
	void (*pause)(void *ctx, void *target);
	/*
	 * Is the base library's kernel entry at these labels (caplog/stub.h), as code
	 * that the component cannot change? Threads are sent there. Called while the
	 * target is closed.
	 *
	 * \return 0; -EINVAL with diag
	 */
	int (*entry)(void *ctx, void *target, const uint64_t *stub, struct caplog_diag *diag);
	/* Return when all exceptions that threads raised so far have arrived at their handler */
	void (*settle)(void *ctx);
	/*
	 * Where threads stand, which are stopped once more
	 *
	 * \param first    of the threads in slot order
	 * \param stopped  receives it and those that follow, CAPLOG_STOPS at most
	 * \return         their number; 0: there are no more
	 */
	uint32_t (*stopped)(void *ctx, void *target, uint32_t first, struct caplog_stopped *stopped);
	/* Let one thread run on */
	void (*go)(void *ctx, void *target, uint32_t slot);
	/* Let all threads run on; timers still rest */
	void (*go_all)(void *ctx, void *target);
	/* Let components run, until others had their turn (ms 0) or that long */
	void (*wait)(void *ctx, uint32_t ms);
	/* Milliseconds of a clock that bounds waits */
	uint64_t (*now)(void *ctx);
	/*
	 * Store the registers of a stopped thread into memory of its own
	 *
	 * \param stub   labels as in caplog/stub.h, from the log's checked header
	 * \param frame  receives the address
	 */
	int (*keep)(void *ctx, void *target, uint32_t slot, const uint64_t *stub, uint64_t *frame,
	            struct caplog_diag *diag);
	/* Resume all threads after a stop, timers and requests */
	void (*resume)(void *ctx, void *target);

	/*
	 * Checkpoint
	 */

	/*
	 * What do slots hold?
	 *
	 * \param first  slot, a multiple of CAPLOG_BATCH
	 * \param ask    bit n: about slot first + n
	 * \param what   CAPLOG_BATCH of them: what slot first + n should hold; without
	 *               an object only whether it holds anything
	 * \param same   receives the bits of slots that hold that
	 * \return       bits of slots that hold anything
	 */
	uint64_t (*look)(void *ctx, void *target, uint32_t first, uint64_t ask,
	                 const struct caplog_owned *what, uint64_t *same);
	/*
	 * What the list of kinds says that the object carries: `session` or `pending`
	 *
	 * \return 1; 0: it has nothing now
	 */
	int (*save)(void *ctx, void *target, const struct caplog_object *object,
	            struct caplog_state *session, uint64_t *pending);
	/*
	 * Which pages of a line that carries memory were written, by whomever, since
	 * `saved` was called with this image? NULL: the platform does not track them.
	 *
	 * Called while the target stands still. Tracking begins with the first call.
	 *
	 * \param image  its checksum; 0: none
	 * \return       a bit per page, until the next operation; NULL: not known, any
	 *               page may have been
	 */
	const uint32_t *(*written)(void *ctx, void *target, const struct caplog_object *dataspace,
	                           uint64_t image);
	/*
	 * Forget what `written` returned: the memory of all lines that it was called
	 * for, since the last image, is in this one; of others nothing is known. NULL
	 * if `written` is.
	 */
	void (*saved)(void *ctx, void *target, uint64_t image);
	/*
	 * From now to `release` the memory of all lines that `written` was called for
	 * since the last image can be read as it is now, whatever the target does.
	 * Called while it stands still. NULL, as the three that follow, if the platform
	 * cannot; it can only if it has `written`.
	 *
	 * \return 0; -ENOTSUP: some of it cannot; nothing is held then
	 */
	int (*hold)(void *ctx, void *target);
	/*
	 * Memory of a target that is held and runs
	 *
	 * \param written  receives what the operation of this name returned when it was
	 *                 held, valid until `release`
	 * \return         where others may write to it; NULL: there is none
	 */
	const void *(*held)(void *ctx, void *target, uint32_t id, uint64_t image,
	                    const uint32_t **written);
	/*
	 * Asked after a page was read there: as it was when it was held, if anyone
	 * wrote to it since; NULL: what was read is that
	 */
	const void *(*kept)(void *ctx, void *target, uint32_t id, uint64_t page);
	/* \return 0; -EAGAIN: not all of what was read is as it was */
	int (*release)(void *ctx, void *target);

	/*
	 * Restore: a target is made empty, filled, and destroyed as a whole if
	 * anything fails
	 */

	/* Can a component of this name, with these lines, be made here? Changes nothing. */
	int (*accepts)(void *ctx, const char *name, const struct caplog_ledger *ledger,
	               struct caplog_diag *diag);
	/* ledger: already holds the lines of the image; the platform keeps the pointer */
	int (*create)(void *ctx, const char *name, struct caplog_ledger *ledger, void **target,
	              struct caplog_diag *diag);
	void (*destroy)(void *ctx, void *target);
	/* Provide fresh zeroed memory for a line that carries some, so that `bytes` finds it.
	 * Its badge is set then. */
	int (*make_memory)(void *ctx, void *target, struct caplog_object *dataspace,
	                   struct caplog_diag *diag);
	/* Make a thread; it must get this slot. *badge: of its gate */
	int (*make_thread)(void *ctx, void *target, uint32_t slot, uint32_t *badge,
	                   struct caplog_diag *diag);
	int (*drop_thread)(void *ctx, void *target, uint32_t slot);
	/*
	 * Make gates bound to the thread in `entrypoint`; set the lines' badges
	 *
	 * \param count  of lines, up to CAPLOG_BATCH
	 * \return       0; the error of the first one that could not be made, after
	 *               which there are no more
	 */
	int (*make_gates)(void *ctx, void *target, uint32_t entrypoint,
	                  struct caplog_object *const *lines, uint32_t count,
	                  struct caplog_diag *diag);
	/*
	 * Make the object of any other line without memory; set its badge
	 *
	 * \param session  what save gave, its arguments terminated; NULL: nothing
	 * \param pending  as save returned it; 0: nothing
	 */
	int (*make)(void *ctx, void *target, struct caplog_object *object,
	            const struct caplog_state *session, uint64_t pending, struct caplog_diag *diag);
	/*
	 * Attach memory of a sibling as a line of kind SHARED_REGION says; set its badge
	 *
	 * \param dataspace  the sibling's line, which has its memory
	 */
	int (*share)(void *ctx, void *target, struct caplog_object *region,
	             const struct caplog_owned *dataspace, struct caplog_diag *diag);
	/*
	 * Put objects of the target itself or of siblings into slots
	 *
	 * \param first, ask, what  as in look; each has an object
	 * \param done  receives the bits of slots that are filled
	 * \return      0; the error of the lowest slot that is not
	 */
	int (*install)(void *ctx, void *target, uint32_t first, uint64_t ask,
	               const struct caplog_owned *what, uint64_t *done, struct caplog_diag *diag);
	int (*attach_irq)(void *ctx, void *target, uint32_t irq_slot, uint32_t thread_slot,
	                  uint64_t label, struct caplog_diag *diag);
	/*
	 * Prepare a thread to start from its frame, which lies in memory of its own
	 * (unless it is new)
	 *
	 * \param stub          labels as in caplog/stub.h
	 * \param utcb, object  UTCB address and Thread object, if the log has them (object 0: no)
	 */
	int (*registers)(void *ctx, void *target, const struct caplog_image_thread *thread,
	                 const uint64_t *stub, uint64_t utcb, uint64_t object,
	                 struct caplog_diag *diag);
	int (*start)(void *ctx, void *target, uint32_t slot, struct caplog_diag *diag);
};

#ifdef __cplusplus
}
#endif

#endif
