/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>
#include <caplog/writer.h>

#include "reader_parts.h"

static int read_events(struct caplog_reader *r, struct caplog_space *space,
                       uint64_t *events, struct caplog_diag *diag)
{
	struct reader_window const win = { r->consumed, reader_head(r) };

	/* a head that went back or ran away is as good as an overrun */
	if (win.end < win.begin || win.begin < reader_oldest(r, win.end))
		return CAPLOG_EAGAIN;

	int const err = reader_apply(r, space, &win, diag);

	*events += r->consumed - win.begin;
	return err;
}

/* -EOVERFLOW if the space cannot be the whole truth, else 0 */
static int report_lacking(const struct caplog_reader *r, struct caplog_diag *diag)
{
	uint32_t const early = shared_get(&reader_head_block(r)->early_lost);

	if (early)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "%u events before the log was there did not "
		                  "fit the early buffer: raise CAPLOG_EARLY_MAX", early);
	if (r->lacking == LACKS_EVENTS)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "the log is too small: its table covers "
		                  "slots below %x only, and events on others are overwritten: give "
		                  "it %u bytes", r->header.table_count,
		                  caplog_log_size(r->flavour, 0));
	if (r->lacking == LACKS_DETAIL)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "the log is too small: it keeps %u threads "
		                  "and labelled IRQs, and there were more: give it %u bytes",
		                  r->header.detail_count, caplog_log_size(r->flavour, 0));
	return 0;
}

int caplog_reader_update(struct caplog_reader *r, struct caplog_space *space,
                         uint64_t *events, struct caplog_diag *diag)
{
	uint32_t const generation = r->header.generation;
	uint64_t n = 0;
	int err = reader_load_header(r, diag);

	if (err)
		return err;
	if (r->header.generation != generation)
		r->primed = 0;

	err = CAPLOG_EAGAIN;
	if (r->primed)
		err = read_events(r, space, &n, diag);
	if (err == CAPLOG_EAGAIN) {
		r->primed = 0;
		n = r->header.table_count;
		for (unsigned i = 0; i < READER_TRIES && err == CAPLOG_EAGAIN; i++)
			err = reader_read_table(r, space, i, diag);
	}
	if (reader_restarted(r, r->header.generation))
		err = CAPLOG_EAGAIN;
	if (err)
		r->primed = 0;
	if (err == CAPLOG_EAGAIN)
		return caplog_say(diag, err, "the component appends faster than the log can be "
		                  "read: stop it, or give it a larger log");
	if (err)
		return err;
	r->primed = 1;
	if (events)
		*events = n;
	return report_lacking(r, diag);
}

int caplog_reader_history(const struct caplog_reader *r, int *complete,
                          int (*visit)(void *ctx, const struct caplog_event *event),
                          void *ctx, struct caplog_diag *diag)
{
	uint64_t const end = reader_head(r);
	uint64_t pos = reader_oldest(r, end);

	*complete = !pos && !shared_get(&reader_head_block(r)->early_lost);
	while (pos < end) {
		struct caplog_event e;
		uint64_t const at = pos;
		int ret;

		if (!reader_decode(r, &pos, end, &e))
			continue;
		if (!caplog_event_name(e.kind) || e.slot >= r->flavour->slot_count)
			return caplog_say(diag, CAPLOG_EINVAL, "record %n: event %u on slot %x is out of "
			                  "range", at, (uint32_t)e.kind, (uint32_t)e.slot);
		if ((ret = visit(ctx, &e)))
			return ret;
	}
	return 0;
}

int caplog_reader_stat(const struct caplog_reader *r, struct caplog_log_stat *s)
{
	const struct caplog_head *block = reader_head_block(r);
	uint64_t const head = reader_head(r);

	s->records      = head;
	s->kept         = head - reader_oldest(r, head);
	s->uncovered    = shared_get(&block->uncovered);
	s->details_lost = shared_get(&block->details_lost);
	s->early_lost   = shared_get(&block->early_lost);
	s->windows      = r->header.windows;
	s->known        = r->header.known;
	for (unsigned i = 0; i < CAPLOG_EVENT_KINDS; i++)
		s->count[i] = shared_get(&block->count[i]);
	return 0;
}

int caplog_reader_rebadge(struct caplog_reader *r, uint32_t slot, uint32_t badge,
                          struct caplog_diag *diag)
{
	if (slot >= r->header.table_count)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "slot %x is not covered by the log's table: "
		                  "give it a larger log", slot);

	/* the reader's view is const; the caller owns the memory */
	uint8_t *log = (uint8_t *)(uintptr_t)r->log;
	struct caplog_entry *e =
		(struct caplog_entry *)(void *)(log + r->header.table_offset) + slot;
	uint32_t const word = shared_get(&e->badge_kind);

	if (!(word & ~CAPLOG_BADGE_MASK))
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x is empty in the log: it has no "
		                  "badge to change", slot);
	shared_put(&e->badge_kind, (word & ~CAPLOG_BADGE_MASK) | (badge & CAPLOG_BADGE_MASK));
	return 0;
}
