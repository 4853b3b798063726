/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events, the state they lead to, and random streams of them
 *
 * The reference is written from the meaning of the events (genode-facts) and
 * not from caplog_step, so that both can be held against each other.
 */
#ifndef T_LOG_H
#define T_LOG_H

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <caplog/reader.h>
#include <caplog/writer.h>

#include "t_compare.h"
#include "t_random.h"

struct t_slot {
	uint8_t  kind, stale;
	uint16_t other;
	uint32_t badge;
	uint64_t a, b;
};

struct t_ref {
	struct t_slot slot[CAPLOG_SLOTS_MAX];
	uint32_t details;    /* slots that need a detail of the log */
	uint64_t hash;       /* of the whole state, kept up with every event */
};

struct t_event {
	uint8_t  kind;
	uint16_t slot, other, from;
	uint32_t badge;
	uint64_t a, b;
};

static inline const struct caplog_flavour *t_flavour(void)
{
	return caplog_own_flavour();
}

static inline uint64_t t_mix(uint64_t v)
{
	v = (v ^ v >> 32) * 0xd6e8feb86659fd93ull;
	v = (v ^ v >> 32) * 0xd6e8feb86659fd93ull;
	return v ^ v >> 32;
}

static inline int t_has_detail(const struct t_slot *s)
{
	return s->kind == CAPLOG_THREAD || s->kind == CAPLOG_IRQ;
}

/* What a slot adds to the hash of a state; a and b count where they mean something */
static inline uint64_t t_slot_hash(uint32_t i, const struct t_slot *s)
{
	uint64_t h;

	if (s->kind == CAPLOG_EMPTY)
		return 0;
	h = t_mix(0x10001u + i);
	h = t_mix(h ^ ((uint64_t)s->badge << 32 | (uint64_t)s->other << 16 |
	               (uint64_t)s->kind << 8 | s->stale));
	if (t_has_detail(s))
		h = t_mix(t_mix(h ^ s->a) ^ s->b);
	return h;
}

static inline struct t_slot t_slot_of(const struct caplog_space *space, uint32_t i)
{
	const struct caplog_cap *c = &space->cap[i];
	struct t_slot s = { c->kind, c->stale, c->other, c->badge, space->a[i], space->b[i] };

	return s;
}

static inline uint64_t t_space_hash(const struct caplog_space *space)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		struct t_slot const s = t_slot_of(space, i);
		h += t_slot_hash(i, &s);
	}
	return h;
}

static inline void t_slot_apply(struct t_slot *s, const struct t_event *e)
{
	struct t_slot const empty = { 0, 0, 0, 0, 0, 0 };

	switch (e->kind) {
	case CAPLOG_INSERT_AT:
	case CAPLOG_INSERT_MAP:
		*s = empty;
		s->badge = e->badge;
		s->kind = e->kind == CAPLOG_INSERT_AT ? CAPLOG_PLACED : CAPLOG_RECEIVED;
		break;
	case CAPLOG_REMOVE:
		*s = empty;
		break;
	case CAPLOG_STALE:
		s->stale = 1;
		break;
	case CAPLOG_RPC_ALLOC:
		s->kind = CAPLOG_RPC;
		s->other = e->other;
		break;
	case CAPLOG_RPC_FREE:
		s->kind = CAPLOG_TOMBSTONE;
		break;
	case CAPLOG_THREAD_START:
		s->kind = CAPLOG_THREAD;
		s->a = e->a;
		s->b = e->b;
		break;
	case CAPLOG_IRQ_ATTACH:
		s->kind = CAPLOG_IRQ;
		s->other = e->other;
		s->a = e->a;
		s->b = 0;
		break;
	case CAPLOG_IRQ_DETACH:
		s->kind = CAPLOG_RECEIVED;
		s->other = 0;
		break;
	}
}

static inline void t_ref_apply(struct t_ref *ref, const struct t_event *e)
{
	struct t_slot *s = &ref->slot[e->slot];

	ref->hash -= t_slot_hash(e->slot, s);
	ref->details -= (uint32_t)t_has_detail(s);
	t_slot_apply(s, e);
	ref->details += (uint32_t)t_has_detail(s);
	ref->hash += t_slot_hash(e->slot, s);
}

static inline void t_write(struct caplog_writer *w, const struct t_event *e)
{
	if (e->kind == CAPLOG_THREAD_START)
		caplog_append_thread(w, e->slot, e->badge, e->a, e->b);
	else if (e->kind == CAPLOG_IRQ_ATTACH)
		caplog_append_irq(w, e->slot, e->other, e->a);
	else
		caplog_append(w, e->kind, e->slot, e->badge, e->other, e->from);
}

/* Assert that a folded space is the reference's; names the first slot that is not */
static inline void t_assert_equal(const struct t_ref *ref, const struct caplog_space *space,
                                  const char *when)
{
	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++) {
		struct t_slot const s = t_slot_of(space, i), *r = &ref->slot[i];
		int const same = s.kind == r->kind &&
			(s.kind == CAPLOG_EMPTY || (s.stale == r->stale && s.other == r->other &&
			                            s.badge == r->badge)) &&
			(!t_has_detail(&s) || (s.a == r->a && s.b == r->b));

		if (!same)
			fail_msg("%s: slot 0x%x has kind %u badge 0x%x other 0x%x stale %u a 0x%llx "
			         "b 0x%llx, expected %u 0x%x 0x%x %u 0x%llx 0x%llx", when, i,
			         s.kind, s.badge, s.other, s.stale, (unsigned long long)s.a,
			         (unsigned long long)s.b, r->kind, r->badge, r->other, r->stale,
			         (unsigned long long)r->a, (unsigned long long)r->b);
	}
}

/* Most details that a log is meant to hold: a thread per place, some IRQs */
#define T_DETAILS 190u

static inline uint8_t t_random_kind(struct t_random *r, const struct t_ref *ref, uint32_t slot)
{
	static const uint8_t others[] = {
		CAPLOG_STALE, CAPLOG_RPC_ALLOC, CAPLOG_RPC_ALLOC, CAPLOG_RPC_FREE,
		CAPLOG_THREAD_START, CAPLOG_IRQ_ATTACH, CAPLOG_IRQ_ATTACH, CAPLOG_IRQ_DETACH
	};
	uint32_t const p = t_below(r, 100);

	if (ref->slot[slot].kind == CAPLOG_EMPTY && p < 97)
		return p < 20 ? CAPLOG_INSERT_AT : CAPLOG_INSERT_MAP;
	if (p < 40)
		return CAPLOG_REMOVE;
	if (p < 50)
		return CAPLOG_INSERT_MAP;
	if (p < 52)
		return CAPLOG_INSERT_AT;
	return others[t_below(r, sizeof others)];
}

/* Any event on a slot; sensible ones more often, impossible ones as well */
static inline struct t_event t_random_event(struct t_random *r, const struct t_ref *ref,
                                            uint32_t slot)
{
	static const uint16_t labels[] = { 0, 0, 1, 0xffff };
	struct t_event e = { t_random_kind(r, ref, slot), (uint16_t)slot, 0, 0, 0, 0, 0 };
	int const detail = e.kind == CAPLOG_THREAD_START || e.kind == CAPLOG_IRQ_ATTACH;

	if (detail && !t_has_detail(&ref->slot[slot]) && ref->details >= T_DETAILS)
		e.kind = CAPLOG_REMOVE;
	e.badge = t_below(r, 0x10000);
	switch (e.kind) {
	case CAPLOG_INSERT_MAP:
		e.from = (uint16_t)t_below(r, CAPLOG_SLOTS_MAX);
		break;
	case CAPLOG_REMOVE:
		e.from = (uint16_t)t_below(r, 2);
		break;
	case CAPLOG_RPC_ALLOC:
		e.other = (uint16_t)t_below(r, CAPLOG_SLOTS_MAX);
		break;
	case CAPLOG_THREAD_START:
		e.a = t_next(r);
		e.b = t_next(r);
		break;
	case CAPLOG_IRQ_DETACH:
		e.badge = 0;
		break;
	case CAPLOG_IRQ_ATTACH:
		e.badge = 0;
		e.other = (uint16_t)t_below(r, CAPLOG_SLOTS_MAX);
		e.a = labels[t_below(r, 4)];
		if (e.a == 0xffff)
			e.a = t_next(r);
		break;
	default:
		break;
	}
	return e;
}

/* A log in memory of its own, whose writers and reader are ready */
struct t_log {
	uint8_t *bytes;
	size_t   size;
	struct caplog_writer writer;
};

static inline void t_log_open_generation(struct t_log *log, size_t size,
                                         uint32_t generation)
{
	struct caplog_format f;

	memset(&f, 0, sizeof f);
	f.flavour = t_flavour();
	f.generation = generation;
	log->size = size;
	memset(&log->writer, 0, sizeof log->writer);
	assert_int_equal(caplog_format(log->bytes, size, &f), 0);
	assert_int_equal(caplog_writer_attach(&log->writer, log->bytes), 0);
}

static inline void t_log_open(struct t_log *log, size_t size)
{
	log->bytes = aligned_alloc(64, (size + 63) & ~(size_t)63);
	assert_non_null(log->bytes);
	memset(log->bytes, 0xa5, size);
	t_log_open_generation(log, size, 1);
}

static inline void t_log_close(struct t_log *log)
{
	free(log->bytes);
	log->bytes = NULL;
}

static inline struct caplog_header *t_header(const struct t_log *log)
{
	return (struct caplog_header *)(void *)log->bytes;
}

static inline struct caplog_head *t_head(const struct t_log *log)
{
	return (struct caplog_head *)(void *)(log->bytes + t_header(log)->head_offset);
}

static inline struct caplog_entry *t_entry(const struct t_log *log, uint32_t slot)
{
	return (struct caplog_entry *)(void *)(log->bytes + t_header(log)->table_offset) + slot;
}

static inline struct caplog_record *t_record(const struct t_log *log, uint32_t i)
{
	return (struct caplog_record *)(void *)(log->bytes + t_header(log)->ring_offset) + i;
}

static inline void *t_alloc(size_t size)
{
	void *p = calloc(1, size);

	assert_non_null(p);
	return p;
}

/* Read with a reader that sees the log for the first time. \return update's result */
static inline int t_read_fresh(const void *bytes, size_t size, struct caplog_space *space,
                               struct caplog_diag *diag)
{
	struct caplog_reader r;
	int const err = caplog_reader_open(&r, bytes, size, diag);

	return err ? err : caplog_reader_update(&r, space, NULL, diag);
}

static inline void t_check_fresh(const struct t_log *log, const struct t_ref *ref,
                                 struct caplog_space *space, const char *when)
{
	struct caplog_diag diag = { 0, "" };

	if (t_read_fresh(log->bytes, log->size, space, &diag))
		fail_msg("%s: %s", when, diag.text);
	t_assert_equal(ref, space, when);
}

#endif
