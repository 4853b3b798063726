/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine.h"

#include <string.h>

#include <caplog/diag.h>

enum { ENOMEM_ = -12 };

/* What the operations of one component need; `group` holds all of them */
struct work {
	const struct caplog_platform *p;
	const void                   *image;
	uint32_t                      index;
	struct caplog_target         *t;
	struct work                  *group;
};


/*
 * Reading the image: every number is checked here
 */

static int bad(const struct caplog_target *t, struct caplog_diag *diag, const char *what,
               uint32_t number)
{
	return caplog_say(diag, CAPLOG_EINVAL, "%s: image has a bad %s %x", t->info.name, what,
	                  number);
}

static int load_head(struct work *w, struct caplog_diag *diag)
{
	uint64_t size;
	const struct caplog_image_target *head =
		caplog_image_find(w->image, CAPLOG_CHUNK_TARGET, w->index, 0, sizeof *head, &size);
	struct caplog_target *t = w->t;

	if (!head || size != sizeof *head)
		return caplog_say(diag, CAPLOG_EINVAL, "image says nothing about component %u",
		                  w->index);

	const struct caplog_flavour *f = caplog_flavour_by_name(head->flavour);
	if (!f || (head->word_bytes != 4 && head->word_bytes != 8))
		return caplog_say(diag, CAPLOG_ENOTSUP, "image names a flavour that is not known here");

	memcpy(t->info.name, head->name, sizeof t->info.name);
	t->info.name[sizeof t->info.name - 1] = 0;
	t->info.log_address = head->log_address;
	t->info.log_size    = head->log_size;
	t->map.address       = head->map_address;
	t->map.epoch_address = head->epoch_address;
	t->map.stride        = head->map_stride;
	t->map.offset        = head->map_offset;
	t->map.width         = head->map_width;
	t->map.count         = head->map_count;
	caplog_space_init(&t->space, f, head->word_bytes);
	if ((t->map.width != 2 && t->map.width != 4) || t->map.count != f->slot_count ||
	    t->map.stride < t->map.width || t->map.stride > 4096 ||
	    t->map.offset > t->map.stride - t->map.width ||
	    (t->map.address | t->map.stride | t->map.offset) % t->map.width)
		return bad(t, diag, "cap map of width", t->map.width);
	if (t->map.epoch_address % 4)
		return bad(t, diag, "epoch address, low half", (uint32_t)t->map.epoch_address);
	return 0;
}

static int load_slot(struct work *w, const struct caplog_image_slot *s, struct caplog_diag *diag)
{
	struct caplog_target *t = w->t;
	const struct caplog_flavour *f = t->space.flavour;
	struct caplog_cap *c = &t->space.cap[s->slot < f->slot_count ? s->slot : 0];

	if (s->slot >= f->slot_count || c->kind != CAPLOG_EMPTY)
		return bad(t, diag, "or repeated slot", s->slot);
	if (s->kind == CAPLOG_EMPTY || s->kind > CAPLOG_IRQ || s->stale > 1 || s->dead > 1 ||
	    s->badge >> f->badge_bits || s->other >= f->slot_count)
		return bad(t, diag, "record of slot", s->slot);
	c->badge   = s->badge;
	c->other   = s->other;
	c->kind    = s->kind;
	c->stale   = s->stale;
	c->version = s->version & CAPLOG_VERSION_MASK;
	t->space.a[s->slot] = s->a;
	t->space.b[s->slot] = s->b;
	t->slot[s->slot] = *s;
	return 0;
}

static int load_slots(struct work *w, struct caplog_diag *diag)
{
	uint64_t size;
	const struct caplog_image_slot *s =
		caplog_image_find(w->image, CAPLOG_CHUNK_SLOTS, w->index, 0, sizeof *s, &size);
	int err = 0;

	memset(w->t->slot, 0, sizeof w->t->slot);
	if (!s)
		return caplog_say(diag, CAPLOG_EINVAL, "%s: image has no slots", w->t->info.name);
	for (uint64_t i = 0; i < size / sizeof *s && !err; i++)
		err = load_slot(w, &s[i], diag);
	return err;
}

static int load_ledger(struct work *w, struct caplog_diag *diag)
{
	uint64_t size;
	const struct caplog_object *o =
		caplog_image_find(w->image, CAPLOG_CHUNK_OBJECTS, w->index, 0, sizeof *o, &size);
	struct caplog_ledger *l = &w->t->ledger;

	caplog_ledger_init(l);
	if (!o || size / sizeof *o > CAPLOG_LEDGER_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "%s: image has no ledger, or too long a one",
		                  w->t->info.name);
	for (uint64_t i = 0; i < size / sizeof *o; i++) {
		if (!o[i].id || o[i].id < l->next_id || o[i].id == UINT32_MAX)
			return bad(w->t, diag, "ledger line", o[i].id);
		l->next_id = o[i].id;
		if (!caplog_ledger_give(l, o[i].kind, CAPLOG_NO_BADGE, o[i].arg, ""))
			return bad(w->t, diag, "ledger line", o[i].id);
		memcpy(l->line[l->count - 1].name, o[i].name, sizeof o[i].name - 1);
	}
	return 0;
}

static int load_threads(struct work *w, struct caplog_diag *diag)
{
	uint64_t size;
	const struct caplog_image_thread *th =
		caplog_image_find(w->image, CAPLOG_CHUNK_THREADS, w->index, 0, sizeof *th, &size);
	struct caplog_target *t = w->t;

	t->threads = 0;
	if (!th || size / sizeof *th > caplog_thread_max(t->space.flavour))
		return caplog_say(diag, CAPLOG_EINVAL, "%s: image has no threads, or too many",
		                  t->info.name);
	for (uint64_t i = 0; i < size / sizeof *th; i++) {
		if (!caplog_is_thread_slot(t->space.flavour, th[i].slot) ||
		    (i && th[i].slot <= th[i - 1].slot) || th[i].state >= CAPLOG_THREAD_STATES)
			return bad(t, diag, "thread in slot", th[i].slot);
		t->thread[t->threads++] = th[i];
	}
	return 0;
}

static const struct caplog_image_thread *thread_of(const struct caplog_target *t, uint32_t slot)
{
	for (uint32_t i = 0; i < t->threads; i++)
		if (t->thread[i].slot == slot)
			return &t->thread[i];
	return NULL;
}


/*
 * Operations of the plan
 */

/* The sibling whose object this is, and the object's line; NULL: no such thing */
static struct work *owner(struct work *w, uint32_t source, struct caplog_object **line)
{
	const struct caplog_image_header *h = w->image;
	uint32_t const index = source >> CAPLOG_SOURCE_TARGET;

	if (index >= h->targets)
		return NULL;
	*line = caplog_ledger_by_id(&w->group[index].t->ledger,
	                            source & ((1u << CAPLOG_SOURCE_TARGET) - 1));
	return *line ? &w->group[index] : NULL;
}

static int op_judge(void *ctx, uint32_t slot, const struct caplog_cap *cap,
                    struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_image_slot *s = &w->t->slot[slot];
	struct caplog_object *line;

	if (s->dead)
		return CAPLOG_DEAD;
	if (cap->kind == CAPLOG_THREAD ||
	    (cap->kind == CAPLOG_PLACED && caplog_is_thread_slot(w->t->space.flavour, slot)))
		return CAPLOG_CAN;
	if (s->from == CAPLOG_FROM_TARGET) {
		if (owner(w, s->source, &line))
			return CAPLOG_CAN;
		return caplog_say(diag, CAPLOG_EINVAL, "image names a sibling's object that is not there");
	}
	line = s->from == CAPLOG_FROM_LEDGER ? caplog_ledger_by_id(&w->t->ledger, s->source) : NULL;
	if (!line)
		return caplog_say(diag, CAPLOG_EINVAL, "image names no object for it");
	return CAPLOG_CAN;
}

static int op_thread(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	struct work *w = ctx;
	return w->p->make_thread(w->p->ctx, w->t->handle, s->slot, badge, diag);
}

/* A hole stays if there was a thread that the component had not started yet */
static int op_threads_done(void *ctx, struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_plan *plan = &w->t->plan;
	uint32_t const end = plan->phase_begin[CAPLOG_PHASE_THREADS + 1];
	uint32_t highest = 0, badge;
	int err;

	for (uint32_t i = plan->phase_begin[CAPLOG_PHASE_THREADS]; i < end; i++) {
		const struct caplog_plan_step *s = &plan->step[i];
		highest = s->slot;
		if (s->kind == CAPLOG_EMPTY && !thread_of(w->t, s->slot) &&
		    (err = w->p->drop_thread(w->p->ctx, w->t->handle, s->slot)))
			return err;
	}
	for (uint32_t i = 0; i < w->t->threads; i++)
		if (w->t->thread[i].slot > highest &&
		    (err = w->p->make_thread(w->p->ctx, w->t->handle, w->t->thread[i].slot, &badge,
		                             diag)))
			return err;
	return 0;
}

static int make_line(struct work *w, struct caplog_object *line, struct caplog_diag *diag)
{
	uint64_t size = 0;
	const uint64_t *state = NULL;

	if (line->badge != CAPLOG_NO_BADGE)
		return 0; /* made already */
	if (line->kind == CAPLOG_OBJECT_GATE)
		return w->p->make_gate(w->p->ctx, w->t->handle, (uint32_t)line->arg[0], line, diag);
	for (uint32_t n = 0; ; n++) {
		state = caplog_image_find(w->image, CAPLOG_CHUNK_STATE, w->index, n, 1, &size);
		if (!state || size < 8)
			return w->p->make(w->p->ctx, w->t->handle, line, NULL, 0, diag);
		if (*state == line->id)
			return w->p->make(w->p->ctx, w->t->handle, line, state + 1, (uint32_t)(size - 8),
			                  diag);
	}
}

static int op_gate(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                   struct caplog_diag *diag)
{
	struct work *w = ctx;
	struct caplog_object *line = caplog_ledger_by_id(&w->t->ledger, w->t->slot[s->slot].source);
	int err = 0;

	if (!line || line->kind != CAPLOG_OBJECT_GATE || line->arg[0] != s->other)
		return caplog_say(diag, CAPLOG_EINVAL, "the ledger does not know this RPC object");
	err = make_line(w, line, diag);
	*badge = line->badge;
	return err;
}

static int op_object(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                     struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_image_slot *slot = &w->t->slot[s->slot];
	struct caplog_object *line = caplog_ledger_by_id(&w->t->ledger, slot->source);

	(void)diag;
	if (slot->from == CAPLOG_FROM_TARGET)
		owner(w, slot->source, &line);
	*badge = line->badge; /* all are made as the phase begins */
	return 0;
}

static int op_install(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_image_slot *slot = &w->t->slot[s->slot];
	struct caplog_object *line;

	if (slot->from == CAPLOG_FROM_TARGET) {
		struct work *o = owner(w, slot->source, &line);
		return w->p->share(w->p->ctx, w->t->handle, s->slot, o->t->handle, line, diag);
	}
	line = caplog_ledger_by_id(&w->t->ledger, slot->source);
	return w->p->install(w->p->ctx, w->t->handle, s->slot, line, diag);
}

static int op_attach(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct work *w = ctx;
	return w->p->attach_irq(w->p->ctx, w->t->handle, s->slot, s->other, s->a, diag);
}

/* Into the map array, and into the log's table, which is to tell the same */
static int op_badge(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_map_place *m = &w->t->map;
	uint8_t *at = w->p->memory(w->p->ctx, w->t->handle,
	                           m->address + (uint64_t)m->stride * s->slot + m->offset, m->width);
	uint16_t const narrow = (uint16_t)s->new_badge;

	if (!at)
		return caplog_say(diag, CAPLOG_EINVAL, "the cap map lies outside the memory");
	memcpy(at, m->width == 2 ? (const void *)&narrow : (const void *)&s->new_badge, m->width);
	return caplog_reader_rebadge(&w->t->reader, s->slot, s->new_badge, diag);
}

static int op_badges_done(void *ctx, struct caplog_diag *diag)
{
	struct work *w = ctx;
	uint32_t *epoch = w->p->memory(w->p->ctx, w->t->handle, w->t->map.epoch_address, 4);

	if (!epoch)
		return caplog_say(diag, CAPLOG_EINVAL, "the epoch word lies outside the memory");
	++*epoch;
	return 0;
}

static int op_registers(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_image_thread *thread = thread_of(w->t, s->slot);

	if (!thread)
		return caplog_say(diag, CAPLOG_EINVAL, "image has no state of this thread");
	return w->p->registers(w->p->ctx, w->t->handle, thread, s->a, s->b, diag);
}

static int op_start(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	struct work *w = ctx;
	const struct caplog_image_thread *thread = thread_of(w->t, s->slot);

	return thread && thread->state == CAPLOG_THREAD_NEW ? 0
	       : w->p->start(w->p->ctx, w->t->handle, s->slot, diag);
}

/* A restore that fails destroys its fresh components as a whole */
static void op_undo(void *ctx, const struct caplog_plan_step *s)
{
	(void)ctx;
	(void)s;
}

static struct caplog_ops ops_for(struct work *w)
{
	struct caplog_ops const ops = {
		.ctx = w, .judge = op_judge, .thread = op_thread, .threads_done = op_threads_done,
		.object = op_object, .gate = op_gate, .install = op_install, .attach = op_attach,
		.badge = op_badge, .badges_done = op_badges_done, .registers = op_registers,
		.start = op_start, .undo = op_undo
	};
	return ops;
}


/*
 * The restore as a whole
 */

/* Everything that can be known before anything is touched */
static int prepare(struct work *w, struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err;

	if ((err = load_head(w, diag)) || (err = load_slots(w, diag)) ||
	    (err = load_ledger(w, diag)) || (err = load_threads(w, diag)))
		return err;
	for (uint32_t i = 0; i < w->t->ledger.count; i++) {
		const struct caplog_object *o = &w->t->ledger.line[i];
		if (o->kind == CAPLOG_OBJECT_GATE)
			continue;
		if (o->kind == CAPLOG_OBJECT_UNKNOWN)
			return caplog_say(diag, CAPLOG_ENOTSUP, "%s: object \"%s\" (ledger line %u): there "
			                  "is no way to make it again", w->t->info.name, o->name, o->id);
		if ((err = w->p->can_make(w->p->ctx, o, &why)))
			return caplog_say(diag, err, "%s: object \"%s\": %s", w->t->info.name, o->name,
			                  why.text);
	}
	return 0;
}

static int plan(struct work *w, struct caplog_diag *diag)
{
	struct caplog_ops const ops = ops_for(w);
	struct caplog_diag why = { 0, "" };
	int const err = caplog_plan(&w->t->plan, &w->t->space, &ops, &why);

	return err ? caplog_say(diag, err, "%s: %s", w->t->info.name, why.text) : 0;
}

static int fill_memory(struct work *w, struct caplog_diag *diag)
{
	const struct caplog_image_memory *m;
	uint64_t size;
	int err;

	for (uint32_t n = 0; (m = caplog_image_find(w->image, CAPLOG_CHUNK_MEMORY, w->index, n, 1,
	                                            &size)); n++) {
		if (size < sizeof *m || m->size != size - sizeof *m)
			return bad(w->t, diag, "memory chunk", n);
		if ((err = w->p->attach(w->p->ctx, w->t->handle, m, diag)))
			return err;
		void *to = w->p->bytes(w->p->ctx, w->t->handle, m);
		if (!to)
			return bad(w->t, diag, "memory chunk", n);
		memcpy(to, m + 1, m->size);
	}

	void *log = w->p->memory(w->p->ctx, w->t->handle, w->t->info.log_address,
	                         w->t->info.log_size);
	if (!log)
		return caplog_say(diag, CAPLOG_EINVAL, "%s: image lacks the log", w->t->info.name);
	return caplog_reader_open(&w->t->reader, log, w->t->info.log_size, diag);
}

static int make_all(struct work *w, struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err;

	for (uint32_t i = 0; i < w->t->ledger.count; i++) {
		struct caplog_object *o = &w->t->ledger.line[i];
		if ((err = make_line(w, o, &why)))
			return caplog_say(diag, err, "%s: object \"%s\": %s", w->t->info.name, o->name,
			                  why.text);
	}
	return 0;
}

static int run_phases(struct work *group, uint32_t count,
                      void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag)
{
	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++) {
		int err = 0;

		if (progress)
			progress(group[0].p->ctx, phase);
		/* all objects of all components, since siblings hold each other's; also
		 * those that no slot holds: a session goes on without */
		for (uint32_t i = 0; i < count && !err && phase == CAPLOG_PHASE_OBJECTS; i++)
			err = make_all(&group[i], diag);
		for (uint32_t i = 0; i < count && !err; i++) {
			struct caplog_ops const ops = ops_for(&group[i]);
			struct caplog_diag why = { 0, "" };

			if ((err = caplog_execute_phase(&group[i].t->plan, phase, &ops, &why)))
				caplog_say(diag, err, "%s: %s", group[i].t->info.name, why.text);
		}
		if (err)
			return err;
	}
	return 0;
}

int caplog_restore(const struct caplog_platform *p, const void *image, uint64_t size,
                   struct caplog_target *const *targets, uint32_t capacity, uint32_t *count,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag)
{
	const struct caplog_image_header *h = image;
	struct work group[CAPLOG_TARGETS_MAX];
	uint32_t made = 0;
	int err = caplog_image_check(image, size, diag);

	if (err)
		return err;
	if (h->targets > capacity)
		return caplog_say(diag, ENOMEM_, "image holds %u components, there is room for %u",
		                  h->targets, capacity);
	for (uint32_t i = 0; i < h->targets; i++) {
		struct work const w = { p, image, i, targets[i], group };
		group[i] = w;
		targets[i]->handle = NULL;
		targets[i]->open = 0;
	}
	for (uint32_t i = 0; i < h->targets && !err; i++)
		err = prepare(&group[i], diag);
	for (uint32_t i = 0; i < h->targets && !err; i++)
		err = plan(&group[i], diag);
	for (; made < h->targets && !err; made++)
		if (!(err = p->create(p->ctx, &targets[made]->info, &targets[made]->ledger,
		                      &targets[made]->handle, diag)))
			err = fill_memory(&group[made], diag);
	if (!err)
		err = run_phases(group, h->targets, progress, diag);
	for (uint32_t i = 0; i < made && err; i++)
		if (targets[i]->handle) {
			p->destroy(p->ctx, targets[i]->handle);
			targets[i]->handle = NULL;
		}
	*count = err ? 0 : h->targets;
	return err;
}
