/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Image: one checkpoint of a group of components, as bytes
 *
 * A header, then chunks, each padded to 8 bytes. The header is written last:
 * an image without it, or with a wrong checksum, is no image. Nothing in an
 * image is trusted before caplog_image_check has passed it, and every number
 * in a chunk is checked where it is used.
 */
#ifndef CAPLOG_IMAGE_H
#define CAPLOG_IMAGE_H

#include <caplog/reader.h>

#include "ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_IMAGE_MAGIC "\x89" "CAPIMG\n"
#define CAPLOG_IMAGE_MAJOR 1u
#define CAPLOG_IMAGE_MINOR 0u
#define CAPLOG_TARGETS_MAX 8u

struct caplog_image_header {
	uint8_t  magic[8];
	uint16_t major, minor;
	uint32_t byte_order;
	uint64_t size;           /* of the whole image */
	uint32_t targets;
	uint32_t chunks;
	uint64_t checksum;       /* XXH64 of all else, this field taken as 0 */
	uint8_t  reserved[24];
};

enum caplog_chunk_kind {
	CAPLOG_CHUNK_TARGET = 1, /* struct caplog_image_target, first of its target */
	CAPLOG_CHUNK_SLOTS,      /* struct caplog_image_slot []                     */
	CAPLOG_CHUNK_OBJECTS,    /* struct caplog_object []                         */
	CAPLOG_CHUNK_STATE,      /* uint64_t object id, then the platform's bytes   */
	CAPLOG_CHUNK_THREADS,    /* struct caplog_image_thread []                   */
	CAPLOG_CHUNK_MEMORY      /* struct caplog_image_memory, then the bytes      */
};

struct caplog_chunk {
	uint32_t kind, target;
	uint64_t size;           /* of the payload, before padding */
};

struct caplog_image_target {
	char     flavour[CAPLOG_FLAVOUR_NAME_SIZE];
	char     name[CAPLOG_OBJECT_NAME];
	uint64_t log_address, log_size;
	uint64_t map_address, epoch_address;
	uint32_t map_stride, map_offset, map_width, map_count;
	uint32_t word_bytes, reserved;
};

/* Where a slot's object comes from */
enum caplog_source {
	CAPLOG_FROM_NOWHERE = 0, /* dead, tombstone, stale, thread            */
	CAPLOG_FROM_LEDGER,      /* source: id of the line                    */
	CAPLOG_FROM_TARGET       /* source: target << 28 | id of its line     */
};

#define CAPLOG_SOURCE_TARGET 28u

struct caplog_image_slot {
	uint16_t slot, other;
	uint8_t  kind, stale, from, dead;
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

/* A piece of memory. The platform names it as it likes: by the address where
 * it is attached, or by the ledger line of the dataspace */
struct caplog_image_memory {
	uint64_t name, size;
};

CAPLOG_ASSERT(sizeof(struct caplog_image_header) == 64, "image header is 64 bytes");
CAPLOG_ASSERT(offsetof(struct caplog_image_header, checksum) == 32, "checksum at 32");
CAPLOG_ASSERT(sizeof(struct caplog_chunk) == 16, "chunk header is 16 bytes");
CAPLOG_ASSERT(sizeof(struct caplog_image_target) == 88, "target is 88 bytes");
CAPLOG_ASSERT(sizeof(struct caplog_image_slot) == 40, "slot is 40 bytes");
CAPLOG_ASSERT(sizeof(struct caplog_image_thread) == 16, "thread is 16 bytes");
CAPLOG_ASSERT(sizeof(struct caplog_object) == 64, "ledger line is 64 bytes");

/* An image being written into the caller's buffer */
struct caplog_image {
	uint8_t *data;
	uint64_t capacity;
	uint64_t size;           /* bytes written, or needed if larger than capacity */
	uint32_t chunks;
	uint64_t open;           /* offset of the chunk being written */
};

void caplog_image_begin(struct caplog_image *image, void *data, uint64_t capacity);
void caplog_image_open(struct caplog_image *image, uint32_t kind, uint32_t target);
/* Append to the open chunk; what does not fit is counted in size only */
void caplog_image_put(struct caplog_image *image, const void *bytes, uint64_t size);
void caplog_image_close(struct caplog_image *image);

/*
 * Write the header: from now on it is an image
 *
 * \return 0; -ENOSPC (as -28) if the buffer is too small: size says how large
 */
int caplog_image_commit(struct caplog_image *image, uint32_t targets, struct caplog_diag *diag);

/*
 * Check header, checksum and the chain of chunks
 *
 * \return 0; with diag: -EINVAL (no image, truncated or damaged),
 *         -EPROTONOSUPPORT (newer version, named)
 */
int caplog_image_check(const void *data, uint64_t size, struct caplog_diag *diag);

/*
 * The n-th chunk of a kind of a target, in a checked image
 *
 * \param each  size of the payload's elements: it must be a multiple (1: any)
 * \return      payload, NULL if there is none
 */
const void *caplog_image_find(const void *data, uint32_t kind, uint32_t target, uint32_t n,
                              uint64_t each, uint64_t *size);

#ifdef __cplusplus
}
#endif

#endif
