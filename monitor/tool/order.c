/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines out of order
 *
 * A recorder prints a line just after the act, outside the allocator's lock.
 * A thread that is preempted in between prints late, after lines about later
 * acts of other threads. The slots in the lines are what happened, only their
 * order is not. Slots do not affect each other, so each is judged alone, by
 * what its present life shows:
 *
 * - An insertion into an occupied slot: the removal before it is late. The life
 *   that was displaced is remembered as owing one; that line is left out when
 *   it comes.
 * - A removal or `stale` for a badge that the slot does not hold: any thread
 *   can cause these as soon as the entry is there, so the insertion may be late.
 *   They wait. When a life with their badge begins, they take part in it, but a
 *   `stale` that stands nearer to the end of another such life belongs there.
 * - An insertion into an occupied slot whose removal waits already: that life
 *   was over before the present one began. Both lines are left out.
 * - Any other event that does not fit what the slot holds: its thread knows the
 *   capability from the one that printed the insertion, so it is late, and the
 *   life it belongs to is over. It is left out.
 *
 * A trace in order comes out as it went in.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

enum {
	WAIT_MAX = 16, /* events that wait on one slot; the oldest gives way */
	OWED_MAX = 8   /* displaced lives of one slot, likewise              */
};

/* An event that cannot belong to what its slot holds */
struct waiting {
	struct trace_event e;
	uint64_t ended_line; /* last life before that it could belong to, 0: none */
};

struct slot {
	struct caplog_cap now;     /* life that it holds, if any   */
	struct caplog_cap ended;   /* life before, if any          */
	uint64_t ended_line;
	unsigned owed;             /* lives displaced, not removed */
	uint32_t owed_badge[OWED_MAX];
	unsigned waiting;
	struct waiting *wait;      /* [WAIT_MAX], made when needed */
};

struct order {
	const struct caplog_flavour *flavour;
	struct slot   **slot;      /* [slot_count], made when needed */
	struct trace   *trace;     /* counters                      */
	struct residue *residue;
	int           (*out)(void *ctx, const struct trace_event *e);
	void           *ctx;
	int             failed;    /* what `out` returned           */
};

static void put_out(struct order *o, const struct trace_event *e)
{
	if (!o->failed)
		o->failed = o->out(o->ctx, e);
}

static int is_empty(const struct caplog_cap *life)
{
	return life->kind == CAPLOG_EMPTY;
}

/* Can the event be about this life? IRQ events have no badge. */
static int fits(const struct caplog_event *e, const struct caplog_cap *life)
{
	if (e->kind == CAPLOG_IRQ_DETACH)
		return life->kind == CAPLOG_IRQ;
	if (e->kind == CAPLOG_IRQ_ATTACH)
		return life->kind == CAPLOG_RECEIVED || life->kind == CAPLOG_PLACED ||
		       life->kind == CAPLOG_IRQ;
	return !is_empty(life) && e->badge == life->badge;
}

static void step(struct slot *s, const struct trace_event *e)
{
	caplog_step(&s->now, e->event.kind, e->event.badge, e->event.other);
}

static void end_life(struct slot *s, uint64_t line)
{
	s->ended = s->now;
	s->ended_line = line;
}

/* An event on the life that the slot holds, or one that has begun just now */
static void apply(struct order *o, struct slot *s, const struct trace_event *e)
{
	if (e->event.kind == CAPLOG_REMOVE)
		end_life(s, e->line);
	step(s, e);
	put_out(o, e);
}

static void remove_waiting(struct slot *s, unsigned i)
{
	s->waiting--;
	memmove(&s->wait[i], &s->wait[i + 1], (s->waiting - i) * sizeof s->wait[0]);
}

static void drop_late(struct trace *t)
{
	t->late++;
	t->dropped++;
}

/* Stock may remove one entry twice: the second line has the badge of a free entry */
static int is_removed_twice(const struct order *o, const struct caplog_event *e)
{
	return e->kind == CAPLOG_REMOVE && e->badge == o->flavour->badge_unused;
}

static void drop_unmatched(struct order *o, const struct caplog_event *e)
{
	if (is_removed_twice(o, e)) {
		drop_late(o->trace);
		return;
	}
	o->trace->unmatched++;
	if (o->residue)
		residue_unmatched(o->residue, e);
}

static void drop_waiting(struct order *o, struct slot *s, unsigned i)
{
	struct caplog_event const e = s->wait[i].e.event;

	if (s->wait[i].ended_line)
		drop_late(o->trace);
	else
		drop_unmatched(o, &e);
	remove_waiting(s, i);
}

static int wait(struct order *o, struct slot *s, const struct trace_event *e)
{
	if (!s->wait && !(s->wait = calloc(WAIT_MAX, sizeof *s->wait)))
		return CAPLOG_ENOMEM;
	if (s->waiting == WAIT_MAX)
		drop_waiting(o, s, 0);

	/* a life has one removal, and that of the last one came */
	int const late = e->event.kind != CAPLOG_REMOVE && fits(&e->event, &s->ended) &&
	                 !s->ended.stale;
	s->wait[s->waiting++] = (struct waiting){ *e, late ? s->ended_line : 0 };
	return 0;
}

/* A life has begun in `line`: those waiting take part in it, if they were early */
static void wake(struct order *o, struct slot *s, uint64_t line)
{
	for (unsigned i = 0; i < s->waiting; ) {
		struct waiting const w = s->wait[i];

		if (!fits(&w.e.event, &s->now)) {
			i++;
		} else if (w.ended_line && w.e.line - w.ended_line <= line - w.e.line) {
			drop_waiting(o, s, i);
		} else {
			remove_waiting(s, i);
			apply(o, s, &w.e);
			o->trace->late++;
		}
	}
}

static void begin_life(struct order *o, struct slot *s, const struct trace_event *e)
{
	if (!is_empty(&s->now)) {
		if (s->owed == OWED_MAX)
			memmove(s->owed_badge, s->owed_badge + 1, --s->owed * sizeof s->owed_badge[0]);
		s->owed_badge[s->owed++] = s->now.badge;
		end_life(s, e->line);
	}
	step(s, e);
	put_out(o, e);
	wake(o, s, e->line);
}

/* A life whose removal stands before its insertion: was it over before this one? */
static int is_over(struct order *o, struct slot *s, uint32_t badge)
{
	for (unsigned i = 0; !is_empty(&s->now) && i < s->waiting; i++)
		if (s->wait[i].e.event.kind == CAPLOG_REMOVE && s->wait[i].e.event.badge == badge) {
			remove_waiting(s, i);
			drop_late(o->trace);
			drop_late(o->trace);
			return 1;
		}
	return 0;
}

/* Is this the removal of a life that was displaced? Then it is settled. */
static int settle(struct slot *s, uint32_t badge)
{
	for (unsigned i = 0; i < s->owed; i++)
		if (s->owed_badge[i] == badge) {
			s->owed--;
			memmove(&s->owed_badge[i], &s->owed_badge[i + 1],
			        (s->owed - i) * sizeof s->owed_badge[0]);
			return 1;
		}
	return 0;
}

static int take(struct order *o, const struct trace_event *e)
{
	struct slot *s = o->slot[e->event.slot];
	unsigned const kind = e->event.kind;

	if (!s && !(s = o->slot[e->event.slot] = calloc(1, sizeof *s)))
		return CAPLOG_ENOMEM;

	if (caplog_begins_life(kind)) {
		if (!is_over(o, s, e->event.badge))
			begin_life(o, s, e);
	} else if (kind == CAPLOG_REMOVE && settle(s, e->event.badge)) {
		drop_late(o->trace);
	} else if (fits(&e->event, &s->now)) {
		apply(o, s, e);
	} else if (kind == CAPLOG_REMOVE || kind == CAPLOG_STALE) {
		return wait(o, s, e);
	} else if (!is_empty(&s->ended)) {
		drop_late(o->trace);
	} else {
		drop_unmatched(o, &e->event);
	}
	return 0;
}

struct order *order_new(const struct caplog_flavour *flavour, struct trace *counters,
                        struct residue *residue,
                        int (*out)(void *ctx, const struct trace_event *e), void *ctx)
{
	struct order *o = calloc(1, sizeof *o);

	if (!o || !(o->slot = calloc(flavour->slot_count, sizeof *o->slot))) {
		free(o);
		return NULL;
	}
	o->flavour = flavour;
	o->trace   = counters;
	o->residue = residue;
	o->out     = out;
	o->ctx     = ctx;
	return o;
}

int order_take(struct order *o, const struct trace_event *e)
{
	int const err = take(o, e);

	return err ? err : o->failed;
}

void order_end(struct order *o)
{
	if (!o)
		return;
	for (uint32_t slot = 0; slot < o->flavour->slot_count; slot++) {
		struct slot *const s = o->slot[slot];

		if (!s)
			continue;
		while (s->waiting)
			drop_waiting(o, s, 0);
		free(s->wait);
		free(s);
	}
	free(o->slot);
	free(o);
}
