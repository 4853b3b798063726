/* SPDX-License-Identifier: BSD-2-Clause */
#include "restore.h"

#include <caplog/stub.h>

#include <string.h>

#include "open.h"


/* Prefix a message with the component's name */
static int named(const struct caplog_restoring *r, int err, const struct caplog_diag *why,
                 struct caplog_diag *diag)
{
	return caplog_say(diag, err, "%s: %s", r->t->name, why->text);
}

/* An image that others write to */
static int changes(const struct caplog_restoring *r, uint64_t line, struct caplog_diag *diag)
{
	return caplog_say(diag, CAPLOG_EINVAL, "%s: image changes while it is restored: memory of ledger "
	                  "line %n", r->t->name, line);
}


/*
 * Everything that can be known before anything is touched
 */

static int prepare(struct caplog_restoring *r, uint32_t index, struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err = caplog_load(r->t, r->image, index, r->p->number, diag);

	if (err)
		return err;
	r->state = caplog_load_find(r->image, CAPLOG_CHUNK_STATES, index, sizeof *r->state,
	                            &r->states);
	r->pending = caplog_load_find(r->image, CAPLOG_CHUNK_PENDING, index, sizeof *r->pending,
	                              &r->pendings);
	if (!r->state || !r->pending)
		return caplog_say(diag, CAPLOG_EINVAL, "%s: image changes while it is restored",
		                  r->t->name);
	err = r->p->accepts(r->p->ctx, r->t->name, &r->t->ledger, &why);
	return err ? named(r, err, &why, diag) : 0;
}

/* Memory of siblings, whose ledgers are all loaded */
static int check_shared(struct caplog_restoring *r, struct caplog_diag *diag)
{
	const struct caplog_object *o = caplog_ledger_first(&r->t->ledger, CAPLOG_OBJECT_SHARED_REGION);

	for (; o; o = caplog_ledger_next(&r->t->ledger, o))
		if (!caplog_shared_dataspace(r, o).object)
			return caplog_say(diag, CAPLOG_EINVAL, "%s: image attaches at %n a dataspace of a sibling "
			                  "that does not exist (ledger line %u)", r->t->name,
			                  o->shared_region.address, o->id);
	return 0;
}

static int plan(struct caplog_restoring *r, struct caplog_diag *diag)
{
	struct caplog_ops const ops = caplog_restore_ops(r);
	struct caplog_diag why = { 0, "" };
	int const err = caplog_plan(&r->t->plan, &r->t->space, &ops, &why);

	return err ? named(r, err, &why, diag) : 0;
}


/*
 * Memory
 */

static int open_log(struct caplog_restoring *r, struct caplog_diag *diag)
{
	const struct caplog_object *line = caplog_ledger_first(&r->t->ledger, CAPLOG_OBJECT_LOG_DS);
	void *log = line ? r->p->bytes(r->p->ctx, r->t->handle, line) : NULL;
	struct caplog_diag why = { 0, "" };
	int err;

	if (!log)
		return caplog_say(diag, CAPLOG_EINVAL, "%s: its log cannot be mapped", r->t->name);
	if ((err = caplog_open_log(&r->t->reader, log, line->log_ds.size, &why)))
		return named(r, err, &why, diag);
	memcpy(r->t->stub, r->t->reader.header.stub, sizeof r->t->stub);
	if (!r->t->stub[CAPLOG_STUB_KERNEL])
		return caplog_say(diag, CAPLOG_EINVAL, "%s: its log does not say where the base library "
		                  "enters the kernel", r->t->name);
	return (err = caplog_stub_check(r->t->stub, &why)) ? named(r, err, &why, diag) : 0;
}

/* Fresh memory for a line, with the bytes of its pages; those of zeros are there already */
static int fill_line(struct caplog_restoring *r, const struct caplog_chain_walk *chain,
                     struct caplog_diag *diag)
{
	const struct caplog_pages *const m = chain->pages[0];
	struct caplog_object *const line = caplog_ledger_by_id(&r->t->ledger, m->object);
	struct caplog_diag why = { 0, "" };
	const void *bytes;
	uint8_t *to;
	int err;

	if (!line || caplog_kind_carries(line->kind) != CAPLOG_CARRIES_MEMORY ||
	    line->badge != CAPLOG_NO_BADGE || caplog_object_bytes(line) != m->size)
		return changes(r, m->object, diag);
	if ((err = r->p->make_memory(r->p->ctx, r->t->handle, line, &why)))
		return named(r, err, &why, diag);
	if (!(to = r->p->bytes(r->p->ctx, r->t->handle, line)))
		return caplog_say(diag, CAPLOG_EINVAL, "%s: memory of ledger line %u cannot be "
		                  "mapped", r->t->name, line->id);
	for (uint64_t page = 0, at = 0; page < m->count; page++, at += CAPLOG_IMAGE_PAGE) {
		uint64_t const left = m->size - at;

		if (caplog_chain_page(chain, page, &bytes))
			return changes(r, m->object, diag);
		if (bytes)
			caplog_image_take(to + at, bytes, left < CAPLOG_IMAGE_PAGE ? left : CAPLOG_IMAGE_PAGE);
	}
	return 0;
}

static int fill_memory(struct caplog_restoring *r, uint32_t index, struct caplog_diag *diag)
{
	const struct caplog_map_place *place = &r->t->map;
	struct caplog_chain_walk chain;
	int err;

	caplog_chain_begin(&chain, r->image, index);
	while (caplog_chain_next(&chain))
		if ((err = fill_line(r, &chain, diag)))
			return err;
	r->map = caplog_memory(r->p, r->t, place->address, (uint64_t)place->stride * place->count);
	if (!r->map)
		return caplog_say(diag, CAPLOG_EINVAL, "%s: the cap map lies outside its memory",
		                  r->t->name);
	return open_log(r, diag);
}


/* All that is written after this is unlike the image */
static void begin_tracking(struct caplog_restoring *r)
{
	const struct caplog_ledger *l = &r->t->ledger;
	const struct caplog_platform *p = r->p;

	for (uint32_t i = 0; i < l->count; i++)
		if (caplog_kind_carries(l->line[i].kind) == CAPLOG_CARRIES_MEMORY)
			(void)p->written(p->ctx, r->t->handle, &l->line[i], 0);
	p->saved(p->ctx, r->t->handle, r->image->header.checksum);
}


/*
 * Phases
 */

static int make_all(struct caplog_restoring *r, struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err;

	for (uint32_t i = 0; i < r->t->ledger.count; i++) {
		struct caplog_object *o = &r->t->ledger.line[i];
		if ((err = caplog_make_line(r, o, &why)))
			return caplog_say(diag, err, "%s: object \"%s\" (%s, ledger line %u): %s", r->t->name,
			                  o->name, caplog_object_kind(o->kind)->name, o->id, why.text);
	}
	return 0;
}

/* Sessions at siblings have the badges of the siblings' new RPC objects */
static void rebadge_peers(struct caplog_restoring *r)
{
	for (struct caplog_object *o = caplog_ledger_first(&r->t->ledger, CAPLOG_OBJECT_PEER); o;
	     o = caplog_ledger_next(&r->t->ledger, o)) {
		const struct caplog_object *gate =
			caplog_ledger_of(&r->group[o->peer.server].t->ledger, o->peer.session,
			                 CAPLOG_OBJECT_GATE);

		o->peer.badge = gate ? gate->badge : CAPLOG_NO_BADGE;
	}
}

static int run_phase(struct caplog_restoring *group, uint32_t count, unsigned phase,
                     struct caplog_diag *diag)
{
	int err = 0;

	/* all objects of all components, since siblings hold each other's; also
	 * those that no slot holds: a session continues without */
	for (uint32_t i = 0; i < count && !err && phase == CAPLOG_PHASE_OBJECTS; i++)
		err = make_all(&group[i], diag);
	for (uint32_t i = 0; i < count && !err && phase == CAPLOG_PHASE_OBJECTS; i++)
		rebadge_peers(&group[i]);
	for (uint32_t i = 0; i < count && !err; i++) {
		struct caplog_ops const ops = caplog_restore_ops(&group[i]);
		struct caplog_diag why = { 0, "" };

		if ((err = caplog_execute_phase(&group[i].t->plan, phase, &ops, &why)))
			named(&group[i], err, &why, diag);
	}
	return err;
}

static int restore(struct caplog_restoring *group, uint32_t count,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag)
{
	const struct caplog_platform *p = group[0].p;
	uint32_t made = 0;
	int err = 0;

	for (uint32_t i = 0; i < count && !err; i++)
		err = prepare(&group[i], i, diag);
	for (uint32_t i = 0; i < count && !err; i++)
		err = check_shared(&group[i], diag);
	for (uint32_t i = 0; i < count && !err; i++)
		err = plan(&group[i], diag);
	for (; made < count && !err; made++) {
		struct caplog_target *t = group[made].t;

		if (!(err = p->create(p->ctx, t->name, &t->ledger, &t->handle, diag)))
			err = fill_memory(&group[made], made, diag);
		if (!err && p->written)
			begin_tracking(&group[made]);
	}
	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT && !err; phase++) {
		if (progress)
			progress(p->ctx, phase);
		err = run_phase(group, count, phase, diag);
	}
	for (uint32_t i = 0; i < made && !err; i++)
		p->open(p->ctx, group[i].t->handle);
	for (uint32_t i = 0; i < made && err; i++)
		if (group[i].t->handle) {
			p->destroy(p->ctx, group[i].t->handle);
			group[i].t->handle = NULL;
		}
	return err;
}

int caplog_restore_chain(const struct caplog_platform *p, const struct caplog_image_link *link,
                         uint32_t links, struct caplog_target *const *targets, uint32_t capacity,
                         uint32_t *count, void (*progress)(void *ctx, unsigned phase),
                         struct caplog_diag *diag)
{
	struct caplog_image_source sources[CAPLOG_CHAIN_MAX];
	const struct caplog_image_header *h = &sources[0].header;
	struct caplog_restoring group[CAPLOG_TARGETS_MAX];
	int err = caplog_chain_open(link, links, sources, diag);

	*count = 0;
	if (err || (err = caplog_image_on(h, p->number, diag)))
		return err;
	if (h->targets > capacity)
		return caplog_say(diag, CAPLOG_ENOMEM, "image holds %u components, there is room for %u",
		                  h->targets, capacity);
	memset(group, 0, sizeof group);
	for (uint32_t i = 0; i < h->targets; i++) {
		group[i].p     = p;
		group[i].image = &sources[0];
		group[i].t     = targets[i];
		group[i].group = group;
		group[i].count = h->targets;
		targets[i]->handle = NULL;
		targets[i]->open = 0;
	}
	if (!(err = restore(group, h->targets, progress, diag)))
		*count = h->targets;
	return err;
}

int caplog_restore(const struct caplog_platform *p, const void *image, uint64_t size,
                   struct caplog_target *const *targets, uint32_t capacity, uint32_t *count,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag)
{
	struct caplog_image_link const link = { image, size };

	return caplog_restore_chain(p, &link, 1, targets, capacity, count, progress, diag);
}
