/* SPDX-License-Identifier: BSD-2-Clause */
/* A log, section by section */
#include <inttypes.h>
#include <string.h>

#include <caplog/cap.h>

#include "dump.h"

struct section {
	const char *name;
	uint64_t at, count;
	size_t   each;
};

static void dump_header(struct dump *d, struct caplog_header *h)
{
	struct caplog_reader reader;
	struct caplog_diag diag;
	int err;

	memset(h, 0, sizeof *h);
	memcpy(h, d->bytes, d->size < sizeof *h ? d->size : sizeof *h);
	dump_part(0, "header");
	printf("\tformat %u.%u, flavour %.*s, %u-bit, generation %" PRIu32 ", %" PRIu32 " bytes, %s\n",
	       h->major, h->minor, caplog_flavour_by_name(h->flavour) ? (int)sizeof h->flavour : 0,
	       h->flavour, 8 * h->word_bytes, h->generation, h->size,
	       h->seal ? "sealed" : "no seal (the copy of a live log)");
	printf("\tcap map at 0x%" PRIx64 ", %" PRIu32 " entries of %" PRIu32 " bytes; epoch at 0x%"
	       PRIx64 "\n", h->map_address, h->map_count, h->map_stride, h->epoch_address);
	if (d->size < sizeof *h)
		dump_problem(d, d->size, "the file ends within the header");
	if (h->size != d->size)
		dump_problem(d, 16, "the header says %" PRIu32 " bytes, the file has %" PRIu64, h->size,
		             d->size);
	if (h->seal && h->size == d->size && caplog_seal_check(d->bytes, d->size, &diag))
		dump_problem(d, offsetof(struct caplog_header, seal), "%s", diag.text);
	err = caplog_reader_open(&reader, d->bytes, d->size, &diag);
	if (err && d->size >= sizeof *h)
		dump_problem(d, 0, "%s", diag.text);
}

/* How much of a section is in the file */
static uint64_t there(struct dump *d, const struct section *s)
{
	uint64_t const have = s->at >= d->size ? 0 : (d->size - s->at) / s->each;

	dump_part(s->at, "%s: %" PRIu64 " of %zu bytes", s->name, s->count, s->each);
	if (s->at % 4) {
		dump_problem(d, s->at, "a section cannot begin there");
		return 0;
	}
	if (have < s->count)
		dump_problem(d, s->at, "%" PRIu64 " of %" PRIu64 " are in the file", have, s->count);
	return have < s->count ? have : s->count;
}

static void dump_head(struct dump *d, const struct caplog_header *h, uint64_t *records)
{
	struct section const s = { "counters", h->head_offset, 1, sizeof(struct caplog_head) };
	struct caplog_head head;

	*records = 0;
	if (!there(d, &s))
		return;
	memcpy(&head, d->bytes + s.at, sizeof head);
	*records = (uint64_t)head.head_hi << 32 | head.head_lo;
	printf("\t%" PRIu64 " record%s, uncovered=%" PRIu32 " details=%" PRIu32 " early=%" PRIu32 "\n",
	       *records, plural(*records), head.uncovered, head.details_lost, head.early_lost);
	if (head.head_hi != head.head_hi_after)
		dump_problem(d, s.at, "the record count is in the middle of a carry");
}

static struct caplog_cap unpack_at(const struct dump *d, uint64_t at)
{
	struct caplog_entry e;

	memcpy(&e, d->bytes + at, sizeof e);
	return caplog_unpack(e.badge_kind, e.other_version, e.version);
}

/* What the table has of a slot; empty if it does not have the slot */
static struct caplog_cap entry_of(const struct dump *d, const struct caplog_header *h,
                                  uint32_t slot)
{
	uint64_t const at = h->table_offset + (uint64_t)slot * sizeof(struct caplog_entry);

	if (slot >= h->table_count || at + sizeof(struct caplog_entry) > d->size)
		return (struct caplog_cap){ .kind = CAPLOG_EMPTY };
	return unpack_at(d, at);
}

static void dump_detail(struct dump *d, const struct caplog_header *h, uint32_t slot,
                        const struct caplog_detail *detail)
{
	struct caplog_cap const cap = entry_of(d, h, slot);
	uint64_t const a = (uint64_t)detail->a[1] << 32 | detail->a[0];
	uint64_t const b = (uint64_t)detail->b[1] << 32 | detail->b[0];

	printf("\tslot 0x%" PRIx32 ": life %" PRIu32 ", change %" PRIu32 ": ", slot, detail->serial,
	       detail->slot_change >> 16 & 0xff);
	if (cap.kind == CAPLOG_THREAD)
		printf("utcb=0x%" PRIx64 " object=0x%" PRIx64, a, b);
	else if (cap.kind == CAPLOG_IRQ)
		printf("label=0x%" PRIx64, a);
	else
		printf("0x%" PRIx64 " 0x%" PRIx64, a, b);
	puts((uint32_t)caplog_serial(&cap) == detail->serial ? "" : ", over: the slot has another life");
}

static void dump_details(struct dump *d, const struct caplog_header *h,
                         const struct caplog_flavour *f)
{
	struct section const s = { "details", h->detail_offset, h->detail_count,
	                           sizeof(struct caplog_detail) };
	uint64_t const have = there(d, &s);

	for (uint64_t n = 0; n < have; n++) {
		uint64_t const at = s.at + n * s.each;
		struct caplog_detail detail;

		memcpy(&detail, d->bytes + at, sizeof detail);
		if (!detail.serial)
			continue;
		uint32_t const slot = detail.slot_change & CAPLOG_HALF_MASK;
		dump_detail(d, h, slot, &detail);
		if (slot >= f->slot_count || detail.slot_change >> 24)
			dump_problem(d, at, "detail %" PRIu64 ": word 0x%" PRIx32 " names no slot", n,
			             detail.slot_change);
	}
}

static const char *residue_name(unsigned how)
{
	switch (how) {
	case CAPLOG_RESIDUE_REMOVED:   return "its entry was removed";
	case CAPLOG_RESIDUE_WINDOW:    return "it came into a receive window";
	case CAPLOG_RESIDUE_UNMATCHED: return "an event of it has no insertion";
	default:                       return NULL;
	}
}

static void dump_residue(struct dump *d, const struct caplog_header *h,
                         const struct caplog_flavour *f)
{
	struct section const s = { "leftovers", h->residue_offset, h->residue_count,
	                           sizeof(struct caplog_residue) };
	uint64_t const have = h->residue_offset ? there(d, &s) : 0;
	int64_t before = -1;

	for (uint64_t n = 0; n < have; n++) {
		uint64_t const at = s.at + n * s.each;
		struct caplog_residue r;

		memcpy(&r, d->bytes + at, sizeof r);
		printf("\tslot 0x%x: badge 0x%" PRIx32 ": %s%s\n", r.slot, r.badge,
		       residue_name(r.how) ? residue_name(r.how) : "invalid",
		       r.passed ? ", and the allocator passed it over" : "");
		if (!residue_name(r.how) || r.slot >= f->slot_count || r.slot <= before || r.passed > 1)
			dump_problem(d, at, "leftover %" PRIu64 ": slot 0x%x, reason %u: out of range or order", n,
			             r.slot, r.how);
		before = r.slot;
	}
}

static void dump_table(struct dump *d, const struct caplog_header *h,
                       const struct caplog_flavour *f)
{
	struct section const s = { "slot table", h->table_offset, h->table_count,
	                           sizeof(struct caplog_entry) };
	uint64_t const have = there(d, &s);

	for (uint64_t slot = 0; slot < have; slot++) {
		uint64_t const at = s.at + slot * s.each;
		struct caplog_cap const cap = unpack_at(d, at);

		if (cap.kind == CAPLOG_EMPTY && !cap.badge)
			continue;
		printf("\t0x%-4" PRIx64 "  0x%-7" PRIx32 "  %-9s  %6" PRIu64, slot, cap.badge,
		       caplog_kind_name(cap.kind) ? caplog_kind_name(cap.kind) : "invalid",
		       caplog_serial(&cap));
		if (cap.stale)
			printf("  stale");
		if (cap.other)
			printf("  bound to 0x%x", cap.other);
		putchar('\n');
		if (!caplog_kind_name(cap.kind) || cap.badge >> f->badge_bits ||
		    cap.other >= f->slot_count || cap.kind == CAPLOG_EMPTY)
			dump_problem(d, at, "slot 0x%" PRIx64 ": kind %u, badge 0x%" PRIx32 ", other slot 0x%x: "
			             "out of range", slot, cap.kind, cap.badge, cap.other);
	}
}

static struct caplog_event decode(const struct caplog_record *r)
{
	return (struct caplog_event){
		.kind    = (uint8_t)(r->badge_event >> CAPLOG_KIND_SHIFT),
		.badge   = r->badge_event & CAPLOG_BADGE_MASK,
		.slot    = (uint16_t)r->slot_other,
		.other   = (uint16_t)(r->slot_other >> 16),
		.from    = (uint16_t)r->from_version,
		.version = (uint64_t)(r->from_version >> 16) << 32 | r->version,
	};
}

static void dump_record(struct dump *d, const struct caplog_header *h,
                        const struct caplog_flavour *f, uint64_t number)
{
	uint64_t const at = h->ring_offset + (number & (h->ring_count - 1)) * sizeof(struct caplog_record);
	struct caplog_record r;
	struct caplog_event e;
	char text[128];

	memcpy(&r, d->bytes + at, sizeof r);
	e = decode(&r);
	if (e.kind == CAPLOG_EXT) {
		printf("\t%8" PRIu64 "  value 0x%" PRIx64 " of the event before\n", number,
		       (uint64_t)r.version << 32 | r.from_version);
	} else if (!caplog_event_valid(f, &e)) {
		dump_problem(d, at, "record %" PRIu64 ": event %u on slot 0x%x with badge 0x%" PRIx32
		             " is out of range", number, e.kind, e.slot, e.badge);
	} else {
		caplog_format_event(text, sizeof text, f, &e);
		printf("\t%8" PRIu64 "  %s\n", number, text);
	}
}

static void dump_ring(struct dump *d, const struct caplog_header *h,
                      const struct caplog_flavour *f, uint64_t records)
{
	struct section const s = { "ring", h->ring_offset, h->ring_count,
	                           sizeof(struct caplog_record) };
	uint64_t const have = there(d, &s);
	uint64_t first, cut = 0;

	if (!h->ring_count || h->ring_count & (h->ring_count - 1)) {
		dump_problem(d, offsetof(struct caplog_header, ring_count), "%" PRIu32 " records: no power "
		             "of two", h->ring_count);
		return;
	}
	first = records > h->ring_count ? records - h->ring_count : 0;
	for (uint64_t n = first; n < records; n++)
		if ((n & (h->ring_count - 1)) < have)
			dump_record(d, h, f, n);
		else
			cut++;
	if (cut)
		dump_problem(d, d->size, "%" PRIu64 " record%s not in the file", cut,
		             cut == 1 ? " is" : "s are");
}

void dump_log(struct dump *d)
{
	const struct caplog_flavour *f;
	struct caplog_header h;
	uint64_t records;

	dump_header(d, &h);
	if (d->size < sizeof h)
		return;
	if (!(f = caplog_flavour_by_name(h.flavour))) {
		f = caplog_flavours(NULL);
		dump_problem(d, offsetof(struct caplog_header, flavour), "the flavour is unknown: what "
		             "follows is read as %s", f->name);
	}
	dump_head(d, &h, &records);
	dump_details(d, &h, f);
	dump_table(d, &h, f);
	dump_ring(d, &h, f, records);
	dump_residue(d, &h, f);
}
