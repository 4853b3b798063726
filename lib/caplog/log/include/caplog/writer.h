/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writer: the component's side of the log
 *
 * Freestanding; no lock, no heap, no IPC. One writer owns one log: its calls
 * are serialised by the caller (in Genode the cap map's spinlock does that).
 *
 * A writer reads nothing from the log but the slot's own table entry and the
 * details, so that a damaged log can lose records, but cannot misdirect a
 * component.
 */
#ifndef CAPLOG_WRITER_H
#define CAPLOG_WRITER_H

#include <caplog/cap.h>
#include <caplog/place.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Records kept until a log is there; 16.08 has 13 at the first chance. */
#define CAPLOG_EARLY_MAX 48u

enum caplog_writer_state {
	CAPLOG_WRITER_EARLY = 0, /* no log yet: events go to the early buffer */
	CAPLOG_WRITER_ON,        /* events go to the log                      */
	CAPLOG_WRITER_OFF        /* no reader: events are dropped             */
};

/* All-zero is a valid writer in state EARLY; no constructor has to run. */
struct caplog_writer {
	struct caplog_record *ring;
	struct caplog_entry  *table;
	struct caplog_detail *details;
	struct caplog_head   *head;
	uint32_t head_lo, head_hi;
	uint32_t ring_mask;      /* records of the ring, a power of two, minus 1 */
	uint32_t table_count;
	uint32_t detail_count;
	uint32_t uncovered, details_lost;
	uint32_t count[CAPLOG_EVENT_KINDS];
	uint32_t state;
	uint32_t early_count, early_lost;
	struct caplog_record early[CAPLOG_EARLY_MAX];
};

struct caplog_format {
	const struct caplog_flavour *flavour;
	uint8_t  word_bytes;     /* 4 or 8; 0: this machine's                  */
	uint32_t generation;     /* of the log before in this dataspace, plus 1 */
	struct caplog_map_place map;
	uint64_t stub[CAPLOG_STUB_LABELS];
};

/*
 * Bytes that a log needs to cover every slot of a flavour and to keep at
 * least `records` records of history
 */
uint32_t caplog_log_size(const struct caplog_flavour *flavour, uint32_t records);

/* Would a log of this size cover every slot of a flavour? 1, 0 */
int caplog_log_whole(const struct caplog_flavour *flavour, size_t size);

/*
 * Lay out an empty log
 *
 * What was stored there is lost. A log too small for the whole table
 * covers the slots from 0 up and counts events on others in `uncovered`.
 *
 * \param log   8-byte aligned, writable
 * \param size  bytes, CAPLOG_LOG_MIN..CAPLOG_LOG_MAX; what exceeds a multiple
 *              of 16 stays unused
 * \return      0; -EINVAL for a bad size, alignment or format
 */
int caplog_format(void *log, size_t size, const struct caplog_format *format);

/*
 * Begin to write to a formatted log, early records first
 *
 * Only for a log that caplog_format has just laid out, in memory that nobody
 * else writes: the geometry is taken from its header unchecked.
 *
 * \return 0; -EINVAL if log is NULL
 */
int caplog_writer_attach(struct caplog_writer *w, void *log);

/*
 * Likewise in memory that others may write: reads nothing from the log
 *
 * \param size     as for caplog_format
 * \param flavour  as for caplog_format
 * \return         0; -EINVAL if log is NULL or the size is not one of a log
 */
int caplog_writer_attach_shared(struct caplog_writer *w, void *log, size_t size,
                                const struct caplog_flavour *flavour);

/* Stop logging; early records are dropped */
void caplog_writer_off(struct caplog_writer *w);

/* Forget everything and start over in state EARLY (re-initialised cap map) */
void caplog_writer_reset(struct caplog_writer *w);

/*
 * Append one event without 64-bit values
 *
 * \param kind   any but CAPLOG_EXT; badge, slot, other, from as in struct
 *               caplog_record; badge is ignored for events that have none
 */
void caplog_append(struct caplog_writer *w, unsigned kind, uint32_t slot,
                   uint32_t badge, uint32_t other, uint32_t from);

/* Append any event; its version is ignored, the writer counts versions itself */
void caplog_append_event(struct caplog_writer *w, const struct caplog_event *event);

/* Append thread_start; addresses as the component sees them */
void caplog_append_thread(struct caplog_writer *w, uint32_t slot, uint32_t badge,
                          uint64_t utcb, uint64_t thread_object);

/* Append irq_attach; label is the kernel-protected one of the attachment */
void caplog_append_irq(struct caplog_writer *w, uint32_t irq_slot,
                       uint32_t thread_slot, uint64_t label);

#ifdef __cplusplus
}
#endif

#endif
