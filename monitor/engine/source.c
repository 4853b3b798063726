/* SPDX-License-Identifier: BSD-2-Clause */
#include "source.h"

#include <string.h>

#define UNKNOWN (~(uint64_t)0) /* no slot has this version: its source is not known */

static void put_bit(uint32_t *set, uint32_t slot, int on)
{
	if (on)
		set[slot / 32] |= 1u << slot % 32;
	else
		set[slot / 32] &= ~(1u << slot % 32);
}


/*
 * Which slots hold a ledger line's object: chains by its id
 */

static uint16_t *slots_of(struct caplog_target *t, uint32_t id)
{
	return &t->by_source[id % CAPLOG_SOURCES];
}

static void from_ledger(struct caplog_target *t, uint32_t slot, uint32_t id)
{
	uint16_t *first = slots_of(t, id);

	t->slot[slot].from = CAPLOG_FROM_LEDGER;
	t->slot[slot].source = id;
	t->same_source[slot] = *first;
	*first = (uint16_t)slot;
}

static void forget_source(struct caplog_target *t, uint32_t slot)
{
	uint16_t *at = slots_of(t, t->slot[slot].source);

	put_bit(t->foreign, slot, 0);
	put_bit(t->thread_gate, slot, 0);
	if (t->slot[slot].from != CAPLOG_FROM_LEDGER)
		return;
	while (*at != slot)
		at = &t->same_source[*at];
	*at = t->same_source[slot];
}

/*
 * Owners: capabilities that siblings gave each other
 */

/*
 * The chain of the line's slots answers for a living object; only one that is
 * being freed costs a look at the whole space.
 */
int caplog_being_freed(const struct caplog_target *o, const struct caplog_object *line)
{
	if (line->kind != CAPLOG_OBJECT_GATE)
		return 0;
	for (uint32_t s = o->by_source[line->id % CAPLOG_SOURCES]; s != CAPLOG_NO_SLOT; s = o->same_source[s])
		if (o->space.cap[s].kind == CAPLOG_RPC && o->space.cap[s].badge == line->badge)
			return 0;
	for (uint32_t s = 0; s < o->space.flavour->slot_count; s++) {
		const struct caplog_cap *c = &o->space.cap[s];
		if (c->kind == CAPLOG_TOMBSTONE && !c->stale && c->badge == line->badge)
			return 1;
	}
	return 0;
}

void caplog_sources_forget(struct caplog_target *t)
{
	for (uint32_t i = 0; i < CAPLOG_SOURCES; i++)
		t->by_source[i] = CAPLOG_NO_SLOT;
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		t->slot[slot].from = CAPLOG_FROM_NOWHERE;
		t->slot[slot].version = UNKNOWN;
	}
	memset(t->foreign, 0, sizeof t->foreign);
	memset(t->thread_gate, 0, sizeof t->thread_gate);
	memset(t->space.changed, 0xff, sizeof t->space.changed);
	t->gone_seen = t->ledger.destroyed;
}


/*
 * One slot
 */

static int is_thread(const struct caplog_target *t, uint32_t slot)
{
	return t->space.cap[slot].kind == CAPLOG_THREAD ||
	       (t->space.cap[slot].kind == CAPLOG_PLACED &&
	        caplog_is_thread_slot(t->space.flavour, slot));
}

/* Live for the component: the kernel must hold something there */
static int is_live(const struct caplog_cap *c)
{
	return c->kind != CAPLOG_EMPTY && c->kind != CAPLOG_TOMBSTONE && !c->stale;
}

/* The group, and the slots of one of its targets that one question to the kernel is about */
struct window {
	const struct caplog_platform *p;
	struct caplog_target *const  *targets;
	uint32_t                      count;
	struct caplog_target         *t;
	uint32_t                      first;
	uint64_t                      used, same;
	struct caplog_owned           what[CAPLOG_BATCH];
	uint8_t                       candidate[CAPLOG_BATCH]; /* index of the target that has the line */
};

/* The next target but t itself whose ledger has a line with this badge; count: none */
static uint32_t next_sibling(const struct window *w, uint32_t i, uint32_t badge,
                             const struct caplog_object **line)
{
	for (; i < w->count; i++)
		if (w->targets[i] != w->t &&
		    (*line = caplog_ledger_by_badge(&w->targets[i]->ledger, badge)))
			return i;
	return i;
}

/* What a live slot should hold: an object of the target itself, else of a sibling */
static void expect(struct window *w, uint32_t slot)
{
	const struct caplog_cap *c = &w->t->space.cap[slot];
	struct caplog_owned *what = &w->what[slot - w->first];
	uint32_t i = 0;

	what->owner  = w->t->handle;
	what->object = NULL;
	if (is_thread(w->t, slot) ||
	    (what->object = caplog_ledger_by_badge(&w->t->ledger, c->badge)))
		return;
	if (c->kind != CAPLOG_RPC &&
	    (i = next_sibling(w, 0, c->badge, &what->object)) < w->count)
		what->owner = w->targets[i]->handle;
	w->candidate[slot - w->first] = (uint8_t)i;
}

static void from_sibling(struct caplog_target *t, uint32_t slot, uint32_t index,
                         const struct caplog_target *sibling, const struct caplog_object *line)
{
	struct caplog_image_slot *s = &t->slot[slot];

	s->from = CAPLOG_FROM_DEAD;
	if (!caplog_being_freed(sibling, line)) {
		s->from = CAPLOG_FROM_TARGET;
		s->source = line->id;
		s->target = (uint8_t)index;
	}
	/* watch it: it may go without an event here */
	put_bit(t->foreign, slot, 1);
}

/* Not what was expected: another sibling's object under the same badge? */
static int from_others(const struct window *w, uint32_t slot)
{
	uint32_t const n = slot - w->first, badge = w->t->space.cap[slot].badge;
	struct caplog_owned what[CAPLOG_BATCH];
	uint64_t same;

	for (uint32_t i = 0; (i = next_sibling(w, i, badge, &what[n].object)) < w->count; i++) {
		what[n].owner = w->targets[i]->handle;
		w->p->look(w->p->ctx, w->t->handle, w->first, 1ull << n, what, &same);
		if (!same)
			continue;
		from_sibling(w->t, slot, i, w->targets[i], what[n].object);
		return 1;
	}
	return 0;
}

/* A live slot, with the kernel's answer */
static int decide(const struct window *w, uint32_t slot, struct caplog_diag *diag)
{
	struct caplog_target *t = w->t;
	const struct caplog_cap *c = &t->space.cap[slot];
	uint32_t const n = slot - w->first;
	const struct caplog_object *line = w->what[n].object;

	if (!(w->used >> n & 1)) {
		t->slot[slot].from = CAPLOG_FROM_DEAD;
		return 0;
	}
	if (is_thread(t, slot)) {
		put_bit(t->thread_gate, slot, 1);
		return 0;
	}
	if (w->same >> n & 1 && w->what[n].owner != t->handle) {
		uint32_t const i = w->candidate[n];

		from_sibling(t, slot, i, w->targets[i], line);
		return 0;
	}
	if (w->same >> n & 1) {
		if (c->kind == CAPLOG_RPC &&
		    (line->kind != CAPLOG_OBJECT_GATE || line->gate.entrypoint != c->other))
			return caplog_say(diag, CAPLOG_EACCES, "slot %x: log says own RPC object of entrypoint "
			                  "%x, but that is not what the component was given", slot,
			                  (uint32_t)c->other);
		from_ledger(t, slot, line->id);
		return 0;
	}
	if (c->kind != CAPLOG_RPC && from_others(w, slot))
		return 0;
	return caplog_say(diag, CAPLOG_EACCES, "slot %x: badge %x names nothing that the component was "
	                  "given, or another object is in the slot", slot, c->badge);
}

static int resolve(const struct window *w, uint32_t slot, struct caplog_diag *diag)
{
	struct caplog_target *t = w->t;
	const struct caplog_cap *c = &t->space.cap[slot];
	int const detail = c->kind == CAPLOG_THREAD || c->kind == CAPLOG_IRQ;
	struct caplog_image_slot const fresh = { (uint16_t)slot, c->other, c->kind, c->stale,
	                                         CAPLOG_FROM_NOWHERE, 0, c->badge, 0, c->version,
	                                         detail ? t->space.a[slot] : 0,
	                                         detail ? t->space.b[slot] : 0 };

	forget_source(t, slot);
	t->slot[slot] = fresh;
	if (!is_live(c))
		return 0;
	if (slot >= t->reader.header.table_count)
		return caplog_say(diag, CAPLOG_EOVERFLOW, "slot %x lies beyond the log's table: give "
		                  "the component a larger log", slot);
	return decide(w, slot, diag);
}


/*
 * All slots that may have changed
 */

/* Check a slot once more, though no event reports a change */
static void look_again(struct caplog_target *t, uint32_t slot)
{
	t->slot[slot].version = UNKNOWN;
	put_bit(t->space.changed, slot, 1);
}

static void look_at_all(struct caplog_target *t, const uint32_t *set)
{
	for (uint32_t w = 0; w < CAPLOG_SLOTS_MAX / 32; w++)
		for (uint32_t left = set[w]; left; left &= left - 1)
			look_again(t, w * 32 + (uint32_t)__builtin_ctz(left));
}

/* An object that is gone left no event in the component */
static void look_for_gone(struct caplog_target *t)
{
	const struct caplog_ledger *l = &t->ledger;
	uint32_t const gone = l->destroyed - t->gone_seen;

	if (!gone)
		return;
	look_at_all(t, t->thread_gate); /* no line says which threads went */
	for (uint32_t slot = 0; gone > CAPLOG_GONE_KEPT && slot < CAPLOG_SLOTS_MAX; slot++)
		look_again(t, slot);
	for (uint32_t n = 0; gone <= CAPLOG_GONE_KEPT && n < gone; n++) {
		uint32_t const id = l->gone[(t->gone_seen + n) % CAPLOG_GONE_KEPT];
		uint32_t slot = *slots_of(t, id);

		for (; slot != CAPLOG_NO_SLOT; slot = t->same_source[slot])
			if (t->slot[slot].source == id)
				look_again(t, slot);
	}
	t->gone_seen = l->destroyed;
}

/* One question to the kernel, then each slot of a window that may have changed */
static int update_window(struct window *w, uint64_t changed, struct caplog_diag *diag)
{
	struct caplog_target *t = w->t;
	uint64_t ask = 0;
	int err;

	for (uint64_t left = changed; left; left &= left - 1) {
		uint32_t const slot = w->first + (uint32_t)__builtin_ctzll(left);

		if (t->slot[slot].version != t->space.cap[slot].version && is_live(&t->space.cap[slot])) {
			expect(w, slot);
			ask |= 1ull << (slot - w->first);
		}
	}
	w->used = w->same = 0;
	if (ask)
		w->used = w->p->look(w->p->ctx, t->handle, w->first, ask, w->what, &w->same);

	for (uint64_t left = changed; left; left &= left - 1) {
		uint32_t const slot = w->first + (uint32_t)__builtin_ctzll(left);

		if (t->slot[slot].version != t->space.cap[slot].version &&
		    (err = resolve(w, slot, diag))) {
			look_again(t, slot);
			return err;
		}
		put_bit(t->space.changed, slot, 0);
	}
	return 0;
}

int caplog_sources_update(const struct caplog_platform *p, struct caplog_target *const *targets,
                          uint32_t count, struct caplog_target *t, struct caplog_diag *diag)
{
	struct window w;
	int err = 0;

	w.p = p;
	w.targets = targets;
	w.count = count;
	w.t = t;
	look_for_gone(t);
	look_at_all(t, t->foreign);
	for (w.first = 0; w.first < CAPLOG_SLOTS_MAX && !err; w.first += CAPLOG_BATCH) {
		const uint32_t *bits = &t->space.changed[w.first / 32];
		uint64_t const changed = bits[0] | (uint64_t)bits[1] << 32;

		if (changed)
			err = update_window(&w, changed, diag);
	}
	return err;
}
