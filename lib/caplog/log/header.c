/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>

#include "reader_parts.h"

static int section_fits(const struct caplog_header *h, uint32_t offset, uint32_t count,
                        uint32_t each, uint32_t align)
{
	return offset >= sizeof *h && offset <= h->size && !(offset & (align - 1)) &&
	       (uint64_t)count * each <= h->size - offset;
}

static int check_version(const struct caplog_header *h, struct caplog_diag *diag)
{
	static const uint8_t magic[] = CAPLOG_MAGIC;

	for (unsigned i = 0; i < CAPLOG_MAGIC_SIZE; i++)
		if (h->magic[i] != magic[i])
			return caplog_say(diag, CAPLOG_EINVAL, "not a capability log: wrong magic");
	if (h->byte_order != CAPLOG_BYTE_ORDER)
		return caplog_say(diag, CAPLOG_ENOTSUP, "byte order mark is %x, expected %x: "
		                  "written by a machine of the other byte order, or damaged",
		                  h->byte_order, CAPLOG_BYTE_ORDER);
	if (h->major != CAPLOG_MAJOR)
		return caplog_say(diag, CAPLOG_EPROTONOSUPPORT, "log has format version %u.%u, "
		                  "this caplog reads %u.x: use a matching one",
		                  (uint32_t)h->major, (uint32_t)h->minor, CAPLOG_MAJOR);
	return 0;
}

static int check_geometry(const struct caplog_header *h, size_t size,
                          const struct caplog_flavour *f, struct caplog_diag *diag)
{
	if (h->size > size || h->size < CAPLOG_LOG_MIN || h->size > CAPLOG_LOG_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "header says %u bytes, there are %n: "
		                  "truncated or damaged", h->size, (uint64_t)size);
	if (h->record_size != sizeof(struct caplog_record) ||
	    h->entry_size != sizeof(struct caplog_entry) ||
	    h->detail_size != sizeof(struct caplog_detail) ||
	    h->head_size != sizeof(struct caplog_head))
		return caplog_say(diag, CAPLOG_EINVAL, "header gives wrong sizes of records (%u), "
		                  "entries (%u), details (%u) or head (%u)",
		                  (uint32_t)h->record_size, (uint32_t)h->entry_size,
		                  (uint32_t)h->detail_size, (uint32_t)h->head_size);
	if (h->head_count != 1)
		return caplog_say(diag, CAPLOG_EINVAL, "header gives %u heads, expected 1: damaged, or "
		                  "written by another program", (uint32_t)h->head_count);
	if (h->slot_count != f->slot_count || h->slot_shift != f->slot_shift ||
	    (h->word_bytes != 4 && h->word_bytes != 8))
		return caplog_say(diag, CAPLOG_EINVAL, "header contradicts flavour %s: %u slots, "
		                  "shift %u, %u-byte words", f->name, h->slot_count,
		                  (uint32_t)h->slot_shift, (uint32_t)h->word_bytes);
	if (h->ring_count < 2 * CAPLOG_GROUP_MAX || (h->ring_count & (h->ring_count - 1)) ||
	    h->table_count > h->slot_count ||
	    !section_fits(h, h->head_offset, h->head_count, h->head_size, 8) ||
	    !section_fits(h, h->table_offset, h->table_count, h->entry_size, 4) ||
	    !section_fits(h, h->detail_offset, h->detail_count, h->detail_size, 8) ||
	    !section_fits(h, h->ring_offset, h->ring_count, h->record_size, 4) ||
	    (h->residue_offset && !section_fits(h, h->residue_offset, h->residue_count,
	                                       sizeof(struct caplog_residue), 8)))
		return caplog_say(diag, CAPLOG_EINVAL, "header describes sections outside the log");
	return 0;
}

/* A header as it is loaded: word by word, so that it cannot change after it was checked */
union header_copy {
	struct caplog_header h;
	uint32_t w[sizeof(struct caplog_header) / 4];
};

static void copy_header(union header_copy *to, const void *log)
{
	const uint32_t *from = log;

	for (unsigned i = 0; i < sizeof *to / 4; i++)
		to->w[i] = shared_observe(&from[i]);
}

int reader_restarted(const struct caplog_reader *r, uint32_t generation)
{
	const struct caplog_header *h = (const struct caplog_header *)(const void *)r->log;

	shared_loads_in_order();
	return shared_observe(&h->ready) != 1 || shared_get(&h->generation) != generation;
}

int reader_load_header(struct caplog_reader *r, struct caplog_diag *diag)
{
	union header_copy copy;
	const struct caplog_header *h = &copy.h;
	int err;

	copy_header(&copy, r->log);
	if ((err = check_version(h, diag)))
		return err;
	if (h->ready > 1)
		return caplog_say(diag, CAPLOG_EINVAL, "ready mark is %x, expected 0 or 1: damaged",
		                  h->ready);
	if (!h->ready || reader_restarted(r, h->generation))
		return caplog_say(diag, CAPLOG_EAGAIN, "log is being formatted: try again");

	const struct caplog_flavour *f = caplog_flavour_by_name(h->flavour);
	if (!f)
		return caplog_say(diag, CAPLOG_ENOTSUP, "log names a flavour that this caplog "
		                  "does not know: use one that does");
	if (r->flavour && f != r->flavour)
		return caplog_say(diag, CAPLOG_EINVAL, "log names flavour %s, and named %s before: "
		                  "damaged", f->name, r->flavour->name);
	if ((err = check_geometry(h, r->size, f, diag)))
		return err;
	caplog_copy(&r->header, h, sizeof *h);
	r->flavour = f;
	return 0;
}

int caplog_reader_open(struct caplog_reader *r, const void *log, size_t size,
                       struct caplog_diag *diag)
{
	r->log    = log;
	r->size   = size;
	r->flavour = NULL;
	r->primed = 0;
	r->consumed = 0;
	r->lacking = LACKS_NOTHING;
	if (!log || ((uintptr_t)log & 7u))
		return caplog_say(diag, CAPLOG_EINVAL, "log is not 8-byte aligned");
	if (size < CAPLOG_LOG_MIN)
		return caplog_say(diag, CAPLOG_EINVAL, "%n bytes are too few for a log: the least "
		                  "is %u", (uint64_t)size, CAPLOG_LOG_MIN);
	return reader_load_header(r, diag);
}

int caplog_reader_map(const struct caplog_reader *r, struct caplog_map_place *place)
{
	const struct caplog_header *h = &r->header;

	place->address         = h->map_address;
	place->epoch_address   = h->epoch_address;
	place->holders_address = h->holders_address;
	place->stride          = h->map_stride;
	place->offset          = h->map_offset;
	place->width           = h->map_width;
	place->count           = h->map_count;
	place->holders_count   = h->holders_count;
	place->rest_word       = h->rest_word;
	return caplog_map_place_check(place, r->flavour, h->word_bytes);
}
