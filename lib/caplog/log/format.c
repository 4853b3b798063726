/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>
#include <caplog/diag.h>
#include <caplog/writer.h>

#include "geometry.h"
#include "shared.h"

enum {
	HEADER_SIZE = sizeof(struct caplog_header),
	ID_SIZE     = offsetof(struct caplog_header, size), /* magic, version, byte order */
	HEAD_SIZE   = sizeof(struct caplog_head),
	ENTRY_SIZE  = sizeof(struct caplog_entry),
	DETAIL_SIZE = sizeof(struct caplog_detail),
	RECORD_SIZE = sizeof(struct caplog_record),
	/* IRQs with a label, beside one detail per thread */
	LABELLED_IRQS = 25,
	DETAILS_MIN = 8,  /* of a small log: threads of a small component */
	RING_MIN = 64,    /* records: more than any event has, and some history */
	TABLE_FIRST = 1024, /* slots that come before the full number of details */
	TABLE_LEAST = 16    /* slots that come before any detail */
};

/* Sizes of the sections of a log */
struct layout {
	uint32_t details, slots, records;
};

static uint32_t round_up(uint32_t v, uint32_t to)
{
	return (v + to - 1) & ~(to - 1);
}

static uint32_t power_of_two_below(uint32_t v)
{
	while (v & (v - 1))
		v &= v - 1;
	return v;
}

static uint32_t details_of(const struct caplog_flavour *f)
{
	return round_up((uint32_t)f->threads + LABELLED_IRQS, 2);
}

static uint32_t details_offset(void)
{
	return HEADER_SIZE + HEAD_SIZE;
}

static uint32_t table_offset(const struct layout *l)
{
	return details_offset() + l->details * DETAIL_SIZE;
}

static uint32_t ring_offset(const struct layout *l)
{
	return round_up(table_offset(l) + l->slots * ENTRY_SIZE, RECORD_SIZE);
}

/* The ring gets at least RING_MIN records, then the table, then details, then the ring */
static struct layout lay_out(uint32_t size, const struct caplog_flavour *f)
{
	struct layout l;
	uint32_t left = size - HEADER_SIZE - HEAD_SIZE - RING_MIN * RECORD_SIZE;

	l.details = DETAILS_MIN;
	if (left > details_of(f) * DETAIL_SIZE + TABLE_FIRST * ENTRY_SIZE)
		l.details = details_of(f);
	if (left < l.details * DETAIL_SIZE + TABLE_LEAST * ENTRY_SIZE)
		l.details = 0;
	left -= l.details * DETAIL_SIZE + RECORD_SIZE; /* one record for rounding */
	l.slots = caplog_divide(left, ENTRY_SIZE);
	if (l.slots > f->slot_count)
		l.slots = f->slot_count;
	l.records = power_of_two_below(caplog_divide(size - ring_offset(&l), RECORD_SIZE));
	return l;
}

uint32_t caplog_log_size(const struct caplog_flavour *flavour, uint32_t records)
{
	struct layout l;
	uint32_t ring = RING_MIN;

	l.details = details_of(flavour);
	l.slots   = flavour->slot_count;
	/* a reader leaves out the event that may be in the making */
	while (ring < CAPLOG_LOG_MAX / RECORD_SIZE / 2 && ring < records + CAPLOG_GROUP_MAX + 1)
		ring *= 2;
	return round_up(ring_offset(&l) + ring * RECORD_SIZE, 4096);
}

int caplog_geometry(struct caplog_header *h, size_t size, const struct caplog_flavour *f)
{
	if (!f || size < CAPLOG_LOG_MIN || size > CAPLOG_LOG_MAX)
		return CAPLOG_EINVAL;

	uint32_t const usable = (uint32_t)size & ~(uint32_t)(RECORD_SIZE - 1);
	struct layout const l = lay_out(usable, f);

	h->size          = usable;
	h->record_size   = RECORD_SIZE;
	h->head_count    = 1;
	h->head_size     = HEAD_SIZE;
	h->head_offset   = HEADER_SIZE;
	h->table_offset  = table_offset(&l);
	h->table_count   = l.slots;
	h->entry_size    = ENTRY_SIZE;
	h->detail_size   = DETAIL_SIZE;
	h->detail_offset = details_offset();
	h->detail_count  = l.details;
	h->ring_offset   = ring_offset(&l);
	h->ring_count    = l.records;
	return 0;
}

int caplog_log_whole(const struct caplog_flavour *flavour, size_t size)
{
	struct caplog_header h;

	return !caplog_geometry(&h, size, flavour) && h.table_count == flavour->slot_count;
}

static int format_valid(const void *log, size_t size, const struct caplog_format *f)
{
	if (!log || ((uintptr_t)log & 7u) || size < CAPLOG_LOG_MIN || size > CAPLOG_LOG_MAX)
		return 0;
	if (!f->flavour)
		return 0;
	return f->word_bytes == 0 || f->word_bytes == 4 || f->word_bytes == 8;
}

/*
 * Take a log out of use. The bytes that identify it are there all the time, so
 * that a reader sees a log in the making now, and not a damaged one.
 */
static void begin_format(struct caplog_header *h)
{
	static const uint8_t magic[] = CAPLOG_MAGIC;
	union { struct caplog_header h; uint32_t w[HEADER_SIZE / 4]; } id;
	uint32_t *word = (uint32_t *)(void *)h;

	for (unsigned i = 0; i < CAPLOG_MAGIC_SIZE; i++)
		id.h.magic[i] = magic[i];
	id.h.major = CAPLOG_MAJOR;
	id.h.minor = CAPLOG_MINOR;
	id.h.byte_order = CAPLOG_BYTE_ORDER;

	shared_put(&h->ready, 0);
	shared_stores_in_order();
	for (unsigned i = ID_SIZE / 4; i-- > 0; ) /* magic last */
		shared_publish(&word[i], id.w[i]);
}

int caplog_format(void *log, size_t size, const struct caplog_format *format)
{
	if (!format_valid(log, size, format))
		return CAPLOG_EINVAL;

	struct caplog_header *h = log;
	const struct caplog_flavour *f = format->flavour;
	uint32_t const usable = (uint32_t)size & ~(uint32_t)(RECORD_SIZE - 1);

	begin_format(h);
	caplog_clear((uint32_t *)log + ID_SIZE / 4, usable - ID_SIZE);

	caplog_geometry(h, size, f);
	h->generation    = format->generation;
	h->word_bytes    = format->word_bytes ? format->word_bytes : (uint8_t)sizeof(void *);
	h->slot_shift    = f->slot_shift;
	h->slot_count    = f->slot_count;
	h->map_address   = format->map.address;
	h->epoch_address = format->map.epoch_address;
	h->holders_address = format->map.holders_address;
	h->holders_count = format->map.holders_count;
	h->rest_word     = format->map.rest_word;
	h->map_stride    = format->map.stride;
	h->map_offset    = format->map.offset;
	h->map_width     = format->map.width;
	h->map_count     = format->map.count;
	caplog_copy(h->stub, format->stub, sizeof h->stub);
	caplog_copy(h->flavour, f->name, sizeof h->flavour);
	shared_publish(&h->ready, 1);
	return 0;
}
