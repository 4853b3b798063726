/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/bytes.h>
#include <caplog/diag.h>
#include <caplog/plan.h>

/* What a slot needs, whatever events led to it */
enum need {
	NEED_NOTHING,  /* empty                                                */
	NEED_THREAD,
	NEED_OBJECT,   /* created or found by the platform, then installed     */
	NEED_IRQ,      /* likewise, and attached                               */
	NEED_GATE,     /* own RPC object                                       */
	NEED_DEAD      /* allocated, nothing in the kernel, must never match   */
};

static enum need need_of(const struct caplog_plan *p, const struct caplog_space *space,
                         uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];

	if (c->kind == CAPLOG_EMPTY)
		return NEED_NOTHING;
	if (c->stale || c->kind == CAPLOG_TOMBSTONE || p->verdict[slot] == CAPLOG_DEAD)
		return NEED_DEAD;
	switch (c->kind) {
	case CAPLOG_THREAD: return NEED_THREAD;
	/* placed in the thread area, not started yet: a thread nevertheless */
	case CAPLOG_PLACED: return caplog_is_thread_slot(p->flavour, slot) ? NEED_THREAD : NEED_OBJECT;
	case CAPLOG_RPC:    return NEED_GATE;
	case CAPLOG_IRQ:    return NEED_IRQ;
	default:            return NEED_OBJECT;
	}
}

static struct caplog_plan_step *add(struct caplog_plan *p, unsigned phase,
                                    const struct caplog_space *space, uint32_t slot)
{
	const struct caplog_cap *c = &space->cap[slot];
	struct caplog_plan_step *s = &p->step[p->count++];

	s->phase     = (uint8_t)phase;
	s->kind      = c->kind;
	s->dead      = 0;
	s->slot      = (uint16_t)slot;
	s->other     = c->other;
	s->old_badge = c->badge;
	s->new_badge = 0;
	s->serial    = caplog_serial(c);
	s->a         = space->a[slot];
	s->b         = space->b[slot];
	return s;
}

static void plan_threads(struct caplog_plan *p, const struct caplog_space *space)
{
	const struct caplog_flavour *f = p->flavour;
	uint32_t end = 0;

	for (uint32_t slot = f->thread_base; caplog_is_thread_slot(f, slot); slot += f->thread_stride)
		if (need_of(p, space, slot) == NEED_THREAD)
			end = slot + 1;
	/* a new thread gets the first free place: those between must not be free */
	for (uint32_t slot = f->thread_base; slot < end; slot += f->thread_stride) {
		struct caplog_plan_step *s = add(p, CAPLOG_PHASE_THREADS, space, slot);
		if (need_of(p, space, slot) != NEED_THREAD)
			s->kind = CAPLOG_EMPTY;
	}
}

/* Placed, without thread_start: the thread exists and does not run */
static int runs(const struct caplog_plan *p, const struct caplog_space *space, uint32_t slot)
{
	return space->cap[slot].kind == CAPLOG_THREAD || slot == p->flavour->thread_base;
}

/* Does a slot with this need take part in this phase? (threads: see above) */
static int takes_part(unsigned phase, enum need need, int started)
{
	int const object = need == NEED_OBJECT || need == NEED_IRQ;

	switch (phase) {
	case CAPLOG_PHASE_OBJECTS:   return object;
	case CAPLOG_PHASE_GATES:     return need == NEED_GATE;
	case CAPLOG_PHASE_SLOTS:     return object || need == NEED_GATE;
	case CAPLOG_PHASE_IRQS:      return need == NEED_IRQ;
	case CAPLOG_PHASE_BADGES:    return need != NEED_NOTHING;
	case CAPLOG_PHASE_REGISTERS:
	case CAPLOG_PHASE_START:     return need == NEED_THREAD && started;
	default:                     return 0;
	}
}

static int check_thread(const struct caplog_plan *p, const struct caplog_space *space,
                        uint32_t slot, const char *what, struct caplog_diag *diag)
{
	uint32_t const thread = space->cap[slot].other;

	if (caplog_is_thread_slot(p->flavour, thread) &&
	    need_of(p, space, thread) == NEED_THREAD)
		return 0;
	return caplog_say(diag, CAPLOG_EINVAL, "slot %x: %s slot %x, which holds no thread", slot,
	                  what, thread);
}

static int judge(struct caplog_plan *p, const struct caplog_space *space, uint32_t slot,
                 const struct caplog_ops *ops, struct caplog_diag *diag)
{
	enum need const need = need_of(p, space, slot);

	if (need == NEED_NOTHING || need == NEED_DEAD)
		return 0;

	struct caplog_diag why;
	why.text[0] = 0;
	int const verdict = ops->judge(ops->ctx, slot, &space->cap[slot], &why);
	if (verdict < 0)
		return caplog_say(diag, verdict, "slot %x: %s", slot,
		                  why.text[0] ? why.text : "this capability cannot be restored");
	p->verdict[slot] = (uint8_t)verdict;
	return 0;
}

/* Slots below user_base are filled by core, and the fake badge is the main thread's only */
static int check_place(const struct caplog_plan *p, const struct caplog_space *space,
                       uint32_t slot, struct caplog_diag *diag)
{
	const struct caplog_flavour *f = p->flavour;
	const struct caplog_cap *c = &space->cap[slot];
	int const is_main = slot == f->thread_base;

	if (slot < f->user_base && c->kind != CAPLOG_PLACED && c->kind != CAPLOG_THREAD)
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: holds what a component gets at slot %x "
		                  "and above only", slot, (uint32_t)f->user_base);
	if (is_main != (c->badge == f->main_badge))
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: has badge %x, but the main thread's, slot "
		                  "%x, is known by badge %x and no other slot is", slot, c->badge,
		                  (uint32_t)f->thread_base, f->main_badge);
	return 0;
}

static int check(struct caplog_plan *p, const struct caplog_space *space, uint32_t slot,
                 struct caplog_diag *diag)
{
	const struct caplog_cap *c = &space->cap[slot];
	enum need const need = need_of(p, space, slot);

	if (need != NEED_DEAD) {
		int const err = check_place(p, space, slot, diag);

		if (err)
			return err;
	}
	if (c->kind == CAPLOG_THREAD && !caplog_is_thread_slot(p->flavour, slot))
		return caplog_say(diag, CAPLOG_EINVAL, "slot %x: a started thread outside the "
		                  "thread area", slot);
	if (need == NEED_GATE)
		return check_thread(p, space, slot, "own RPC object is bound to", diag);
	if (need == NEED_IRQ)
		return check_thread(p, space, slot, "IRQ is attached to", diag);
	return 0;
}

/* Live entries have different badges, or the index could not contain them */
static int check_badges(struct caplog_plan *p, const struct caplog_space *space,
                        struct caplog_diag *diag)
{
	enum { BUCKETS = 1024 };
	caplog_slot head[BUCKETS], next[CAPLOG_SLOTS_MAX];

	caplog_fill(head, CAPLOG_NO_SLOT, BUCKETS);
	next[0] = CAPLOG_NO_SLOT; /* the others are written before they are read */
	for (uint32_t i = 0; i < p->used_count; i++) {
		uint32_t const slot = p->used[i];
		enum need const need = need_of(p, space, slot);
		uint32_t const badge = space->cap[slot].badge;

		if (need == NEED_NOTHING || need == NEED_DEAD)
			continue;
		caplog_slot *h = &head[((badge * 0x9e3779b1u) >> 16) & (BUCKETS - 1)];
		for (uint32_t other = *h; other != CAPLOG_NO_SLOT; other = next[other])
			if (space->cap[other].badge == badge)
				return caplog_say(diag, CAPLOG_EINVAL, "slots %x and %x are both live "
				                  "with badge %x: one of them is damaged", other, slot, badge);
		next[slot] = *h;
		*h = (caplog_slot)slot;
	}
	return 0;
}

/* A step must not meet an operation that is missing: half of the objects would be made by then */
static int check_ops(const struct caplog_ops *ops, struct caplog_diag *diag)
{
#define NEEDED(name)                                                              \
	if (!ops->name)                                                               \
		return caplog_say(diag, CAPLOG_EINVAL, "the operation \"" #name "\" is missing " \
		                  "in struct caplog_ops: only threads_done and badges_done may be NULL");
	NEEDED(judge) NEEDED(thread) NEEDED(object) NEEDED(gate) NEEDED(install) NEEDED(attach)
	NEEDED(badge) NEEDED(registers) NEEDED(start) NEEDED(undo)
#undef NEEDED
	return 0;
}

int caplog_plan(struct caplog_plan *p, const struct caplog_space *space,
                const struct caplog_ops *ops, struct caplog_diag *diag)
{
	int err;

	if ((err = check_ops(ops, diag)))
		return err;
	p->flavour = space->flavour;
	p->count = 0;
	caplog_clear(p->badge, sizeof p->badge);
	caplog_clear(p->verdict, sizeof p->verdict); /* CAPLOG_CAN */
	p->used_count = 0;
	for (uint32_t slot = 0; slot < p->flavour->slot_count; slot++)
		if (space->cap[slot].kind != CAPLOG_EMPTY)
			p->used[p->used_count++] = (uint16_t)slot;
	for (uint32_t i = 0; i < p->used_count; i++)
		if ((err = judge(p, space, p->used[i], ops, diag)))
			return err;
	for (uint32_t i = 0; i < p->used_count; i++)
		if ((err = check(p, space, p->used[i], diag)))
			return err;
	if ((err = check_badges(p, space, diag)))
		return err;

	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++) {
		p->phase_begin[phase] = p->count;
		if (phase == CAPLOG_PHASE_THREADS)
			plan_threads(p, space);
		for (uint32_t i = 0; i < p->used_count; i++) {
			uint32_t const slot = p->used[i];
			enum need const need = need_of(p, space, slot);
			if (takes_part(phase, need, runs(p, space, slot)))
				add(p, phase, space, slot)->dead = need == NEED_DEAD;
		}
	}
	p->phase_begin[CAPLOG_PHASE_COUNT] = p->count;
	return 0;
}
