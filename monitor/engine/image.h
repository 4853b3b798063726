/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Image: one checkpoint of a group of components, as bytes
 *
 * A child image has the pages that changed since another image, its parent, and
 * names it by its checksum. A chain goes from the newest image over its parents
 * to one that is whole, and is checked as a whole before anything is used.
 *
 * A header, then chunks, each padded to 8 bytes. The header is written last:
 * bytes without it, or with a wrong checksum, are no image. Nothing in an
 * image is trusted before caplog_image_check has passed it, and every number
 * in a chunk is checked where it is used: somebody else may write to the image
 * while it is restored. So the engine copies what it checks, by
 * caplog_image_take and nothing else, and uses the copy.
 *
 * Version policy: a monitor takes every minor of its own major; a new major
 * means that older monitors would misread the bytes, and they refuse it by
 * name. A new kind of object or of chunk is a new minor.
 */
#ifndef CAPLOG_IMAGE_H
#define CAPLOG_IMAGE_H

#include <caplog/diag.h>
#include <caplog/flavour.h>

#include "ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_IMAGE_MAGIC "\x89" "CAPIMG\n"
#define CAPLOG_IMAGE_MAJOR 4u
#define CAPLOG_IMAGE_MINOR 1u
#define CAPLOG_TARGETS_MAX 8u
#define CAPLOG_TARGET_NAME 64u /* of a component, with the terminating zero */
#define CAPLOG_PLATFORM_NAME 16u
#define CAPLOG_IMAGE_PAGE  4096u
#define CAPLOG_CHAIN_MAX   64u /* images of a chain */

struct caplog_image_header {
	uint8_t  magic[8];
	uint16_t major, minor;
	uint32_t byte_order;
	uint64_t size;           /* of the whole image */
	uint32_t targets;
	uint32_t chunks;
	uint64_t checksum;       /* XXH64 of all else but stored pages, which have
	                            hashes of their own; this field taken as 0 */
	char     platform[CAPLOG_PLATFORM_NAME]; /* that wrote it: see CAPLOG_PLATFORMS */
	uint64_t parent;         /* checksum of the parent; 0: this image is whole */
};

enum caplog_chunk_kind {
	CAPLOG_CHUNK_TARGET = 1, /* struct caplog_image_target, first of its target */
	CAPLOG_CHUNK_SLOTS,      /* struct caplog_image_slot []                     */
	CAPLOG_CHUNK_OBJECTS,    /* struct caplog_object []                         */
	CAPLOG_CHUNK_STATES,     /* struct caplog_image_state [], ids ascending     */
	CAPLOG_CHUNK_THREADS,    /* struct caplog_image_thread []                   */
	CAPLOG_CHUNK_PAGES,      /* struct caplog_image_pages, of one line          */
	CAPLOG_CHUNK_PENDING,    /* struct caplog_image_pending [], ids ascending   */
	CAPLOG_CHUNK_NAME        /* of a target whose head has the beginning only   */
};

struct caplog_chunk {
	uint32_t kind, target;
	uint64_t size;           /* of the payload, before padding */
};

struct caplog_image_target {
	char     flavour[CAPLOG_FLAVOUR_NAME_SIZE];
	char     name[CAPLOG_OBJECT_NAME];
	/* struct caplog_map_place, as the log reported it */
	uint64_t map_address, epoch_address, holders_address;
	uint32_t map_stride, map_offset, map_width, map_count, holders_count;
	uint32_t word_bytes;
};

/* Where a slot's object comes from */
enum caplog_source {
	CAPLOG_FROM_NOWHERE = 0, /* tombstone, stale, thread                  */
	CAPLOG_FROM_LEDGER,      /* source: id of the line                    */
	CAPLOG_FROM_TARGET,      /* source: id of the line of `target`        */
	CAPLOG_FROM_DEAD,        /* nothing: its object was destroyed         */
	CAPLOG_FROM_COUNT
};

struct caplog_image_slot {
	uint16_t slot, other;
	uint8_t  kind, stale, from;
	uint8_t  target;         /* index of the sibling that has the line, else 0 */
	uint32_t badge, source;
	uint64_t version, a, b;
};

enum caplog_thread_state {
	CAPLOG_THREAD_NEW = 0,   /* made, not started                           */
	CAPLOG_THREAD_FRAME,     /* blocked in the stub: its frame on its stack */
	CAPLOG_THREAD_RUNNING,   /* its registers lie in a frame that the
	                            platform wrote on its stack                 */
	CAPLOG_THREAD_STATES
};

struct caplog_image_thread {
	uint32_t slot;           /* of its gate */
	uint32_t state;
	uint64_t frame;          /* address of the frame in the component       */
};

/*
 * The memory of a line. It is followed by
 *
 *   uint64_t hash[pages]   of each page; 0: all its bytes are 0
 *   uint32_t place[pages]  1 and up: it lies here, as the first, second ... of
 *                          the stored pages; 0: it is zero, or as in the parent
 *
 * and, if any is stored, zeros up to the next offset in the image that is a
 * multiple of CAPLOG_IMAGE_PAGE, and the stored pages. The last page of memory
 * that is no multiple of a page is filled up with zeros.
 */
struct caplog_image_pages {
	uint64_t object;         /* id of its line */
	uint64_t size;           /* of the memory  */
	uint32_t stored;         /* pages          */
	uint32_t reserved;
};

/* Signals of a context that were not fetched */
struct caplog_image_pending {
	uint64_t object;         /* id of its line */
	uint64_t number;
};

#define CAPLOG_STATE_HANDLERS 2u
#define CAPLOG_STATE_WORDS    3u
#define CAPLOG_STATE_ARGS     160u

enum caplog_timer_mode { CAPLOG_TIMER_IDLE = 0, CAPLOG_TIMER_ONCE = 1, CAPLOG_TIMER_PERIODIC = 2 };

/* What a session's line has no room for */
struct caplog_state {
	uint64_t handler[CAPLOG_STATE_HANDLERS]; /* ids of signal contexts, 0: none */
	union {
		uint64_t word[CAPLOG_STATE_WORDS];
		/* left: microseconds to its next signal; fired: signals that were not delivered */
		struct { uint32_t mode, left, microseconds, fired; uint64_t elapsed_ms; } timer;
		struct { uint64_t paused; } thread;
		struct { uint64_t exited, granted, value; } parent; /* granted: bytes, by resource requests */
		struct { uint64_t limit, records; } ram;     /* quota; most sessions it had at a time */
	};
	uint64_t quota;                          /* bytes that the component gave to the session */
	char     args[CAPLOG_STATE_ARGS];        /* of the session, terminated */
};

struct caplog_image_state {
	uint64_t object;         /* id of its line */
	struct caplog_state state;
};

CAPLOG_ASSERT(sizeof(struct caplog_image_header) == 64, "image header is 64 bytes");
CAPLOG_AT(caplog_image_header, magic, 0);
CAPLOG_AT(caplog_image_header, major, 8);
CAPLOG_AT(caplog_image_header, minor, 10);
CAPLOG_AT(caplog_image_header, byte_order, 12);
CAPLOG_AT(caplog_image_header, size, 16);
CAPLOG_AT(caplog_image_header, targets, 24);
CAPLOG_AT(caplog_image_header, chunks, 28);
CAPLOG_AT(caplog_image_header, checksum, 32);
CAPLOG_AT(caplog_image_header, platform, 40);
CAPLOG_AT(caplog_image_header, parent, 56);

CAPLOG_ASSERT(sizeof(struct caplog_chunk) == 16, "chunk header is 16 bytes");
CAPLOG_AT(caplog_chunk, kind, 0);
CAPLOG_AT(caplog_chunk, target, 4);
CAPLOG_AT(caplog_chunk, size, 8);

CAPLOG_ASSERT(sizeof(struct caplog_image_target) == 80, "target is 80 bytes");
CAPLOG_AT(caplog_image_target, flavour, 0);
CAPLOG_AT(caplog_image_target, name, 16);
CAPLOG_AT(caplog_image_target, map_address, 32);
CAPLOG_AT(caplog_image_target, epoch_address, 40);
CAPLOG_AT(caplog_image_target, holders_address, 48);
CAPLOG_AT(caplog_image_target, map_stride, 56);
CAPLOG_AT(caplog_image_target, map_offset, 60);
CAPLOG_AT(caplog_image_target, map_width, 64);
CAPLOG_AT(caplog_image_target, map_count, 68);
CAPLOG_AT(caplog_image_target, holders_count, 72);
CAPLOG_AT(caplog_image_target, word_bytes, 76);

CAPLOG_ASSERT(sizeof(struct caplog_image_slot) == 40, "slot is 40 bytes");
CAPLOG_AT(caplog_image_slot, slot, 0);
CAPLOG_AT(caplog_image_slot, other, 2);
CAPLOG_AT(caplog_image_slot, kind, 4);
CAPLOG_AT(caplog_image_slot, stale, 5);
CAPLOG_AT(caplog_image_slot, from, 6);
CAPLOG_AT(caplog_image_slot, target, 7);
CAPLOG_AT(caplog_image_slot, badge, 8);
CAPLOG_AT(caplog_image_slot, source, 12);
CAPLOG_AT(caplog_image_slot, version, 16);
CAPLOG_AT(caplog_image_slot, a, 24);
CAPLOG_AT(caplog_image_slot, b, 32);

CAPLOG_ASSERT(sizeof(struct caplog_image_thread) == 16, "thread is 16 bytes");
CAPLOG_AT(caplog_image_thread, slot, 0);
CAPLOG_AT(caplog_image_thread, state, 4);
CAPLOG_AT(caplog_image_thread, frame, 8);

CAPLOG_ASSERT(sizeof(struct caplog_image_pages) == 24, "pages are 24 bytes and their own");
CAPLOG_AT(caplog_image_pages, object, 0);
CAPLOG_AT(caplog_image_pages, size, 8);
CAPLOG_AT(caplog_image_pages, stored, 16);
CAPLOG_AT(caplog_image_pages, reserved, 20);

CAPLOG_ASSERT(sizeof(struct caplog_image_pending) == 16, "pending signals are 16 bytes");
CAPLOG_AT(caplog_image_pending, object, 0);
CAPLOG_AT(caplog_image_pending, number, 8);

CAPLOG_ASSERT(sizeof(struct caplog_image_state) == 216, "state is 216 bytes");
CAPLOG_AT(caplog_image_state, object, 0);
CAPLOG_AT(caplog_image_state, state, 8);
CAPLOG_ASSERT(sizeof(struct caplog_state) == 208, "state of a session is 208 bytes");
CAPLOG_AT(caplog_state, handler, 0);
CAPLOG_AT(caplog_state, word, 16);
CAPLOG_AT(caplog_state, timer.mode, 16);
CAPLOG_AT(caplog_state, timer.left, 20);
CAPLOG_AT(caplog_state, timer.microseconds, 24);
CAPLOG_AT(caplog_state, timer.fired, 28);
CAPLOG_AT(caplog_state, timer.elapsed_ms, 32);
CAPLOG_AT(caplog_state, thread.paused, 16);
CAPLOG_AT(caplog_state, parent.exited, 16);
CAPLOG_AT(caplog_state, parent.granted, 24);
CAPLOG_AT(caplog_state, parent.value, 32);
CAPLOG_AT(caplog_state, ram.limit, 16);
CAPLOG_AT(caplog_state, ram.records, 24);
CAPLOG_AT(caplog_state, quota, 40);
CAPLOG_AT(caplog_state, args, 48);

/* An image being written into the caller's buffer */
struct caplog_image {
	uint8_t *data;
	uint64_t capacity;
	uint64_t size;           /* bytes written, or needed if larger than capacity */
	uint32_t chunks;
	uint64_t open;           /* offset of the chunk being written */
	const void *parent;      /* NULL: it will be whole */
	uint64_t parent_size;
	int      held;           /* its memory is that of caplog_hold */
};

void caplog_image_begin(struct caplog_image *image, void *data, uint64_t capacity);

/*
 * Make a begun image the child of another: caplog_save writes the pages that differ
 *
 * The parent may be a child itself. It has to stay until the image is committed.
 *
 * \return 0; as caplog_image_check
 */
int caplog_image_child(struct caplog_image *image, const void *parent, uint64_t size,
                       struct caplog_diag *diag);

/* The same, of an image that nobody but the caller could write to since it was committed */
void caplog_image_child_known(struct caplog_image *image, const void *parent, uint64_t size);

void caplog_image_open(struct caplog_image *image, uint32_t kind, uint32_t target);
/* Append to the open chunk; what does not fit is counted in size only */
void caplog_image_put(struct caplog_image *image, const void *bytes, uint64_t size);
void caplog_image_close(struct caplog_image *image);

/*
 * Write the header: from now on it is an image
 *
 * The size that is needed may be told larger than it is by pages that need not
 * be stored: they are looked at only if there is room for them.
 *
 * \param platform  its number, see CAPLOG_PLATFORMS
 * \return          0; -ENOSPC if the buffer is too small: size says how large
 */
int caplog_image_commit(struct caplog_image *image, uint32_t platform, uint32_t targets,
                        struct caplog_diag *diag);

/*
 * Check header, checksum, the hashes of stored pages and the sequence of chunks
 *
 * \return 0; with diag: -EINVAL (no image, truncated or damaged),
 *         -EPROTONOSUPPORT (version of another format, named)
 */
int caplog_image_check(const void *data, uint64_t size, struct caplog_diag *diag);

/* The same, and a copy of the header that was checked */
int caplog_image_open_header(const void *data, uint64_t size, struct caplog_image_header *header,
                             struct caplog_diag *diag);

/* Copy bytes out of an image that others may write to: each is loaded once */
void caplog_image_take(void *to, const void *from, uint64_t size);

/*
 * Was a checked image written on this platform?
 *
 * \return 0; -ENOTSUP with diag naming both platforms
 */
int caplog_image_on(const struct caplog_image_header *header, uint32_t platform,
                    struct caplog_diag *diag);

/* Goes through the chunks of a checked image; begins zeroed, but for data and size */
struct caplog_image_walk {
	const void *data;
	uint64_t    at;          /* offset of the next chunk, 0: of the first */
	uint32_t    chunk;       /* its number */
	uint64_t    size;        /* as checked, if others may write to the image; 0: as its header says */
};

/*
 * The next chunk of a kind of a target, in the order in which they were written
 *
 * \param each  size of the payload's elements: it must be a multiple (1: any)
 * \return      payload, 8-byte aligned, within the image; NULL if there is none
 */
const void *caplog_image_next(struct caplog_image_walk *walk, uint32_t kind, uint32_t target,
                              uint64_t each, uint64_t *size);

/* The first such chunk of an image that only the caller can write to */
const void *caplog_image_find(const void *data, uint32_t kind, uint32_t target, uint64_t each,
                              uint64_t *size);

#ifdef __cplusplus
}
#endif

#endif
