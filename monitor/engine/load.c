/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Image to targets: nothing of an image is used before it passed here
 *
 * Each record is copied, checked, and used as it was copied.
 */
#include "load.h"

#include <string.h>

#include "open.h"

/* What all parts of one component need */
struct load {
	struct caplog_target *t;
	const struct caplog_image_source *image;
	uint32_t              index, platform;
	struct caplog_diag   *diag;
};

static int bad(const struct load *l, const char *what, uint32_t number)
{
	return caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has an invalid %s %x", l->t->name, what,
	                  number);
}

const void *caplog_load_find(const struct caplog_image_source *image, uint32_t kind,
                             uint32_t index, uint64_t each, uint64_t *count)
{
	struct caplog_image_walk walk = { image->data, 0, 0, image->size };
	uint64_t size = 0;
	const void *found = caplog_image_next(&walk, kind, index, each, &size);

	*count = size / each;
	return found;
}

static const void *find(const struct load *l, uint32_t kind, uint64_t each, uint64_t *count)
{
	return caplog_load_find(l->image, kind, l->index, each, count);
}


/*
 * Head, slots, threads
 */

/* The head has room for the beginning of a name, which has a chunk of its own if it is longer */
static int load_name(const struct load *l, const struct caplog_image_target *head)
{
	char *name = l->t->name;
	uint64_t length;
	const void *found = find(l, CAPLOG_CHUNK_NAME, 1, &length);

	memset(name, 0, sizeof l->t->name);
	memcpy(name, head->name, sizeof head->name - 1);
	if (!found)
		return 0;
	if (length < sizeof head->name || length >= sizeof l->t->name)
		return bad(l, "length of its name", (uint32_t)length);
	caplog_image_take(name, found, length);
	return memcmp(name, head->name, sizeof head->name - 1) ? bad(l, "name, of length", (uint32_t)length)
	                                                       : 0;
}

static int load_head(const struct load *l)
{
	uint64_t count;
	struct caplog_image_target head;
	const void *found = find(l, CAPLOG_CHUNK_TARGET, sizeof head, &count);
	struct caplog_target *t = l->t;

	if (!found || count != 1)
		return caplog_say(l->diag, CAPLOG_EINVAL, "image does not describe component %u",
		                  l->index);
	caplog_image_take(&head, found, sizeof head);

	const struct caplog_flavour *f = caplog_flavour_by_name(head.flavour);
	if (!f || !caplog_is_own(f) || (head.word_bytes != 4 && head.word_bytes != 8))
		return caplog_say(l->diag, CAPLOG_ENOTSUP, "component %u of the image has a flavour or "
		                  "word size that is not known here", l->index);

	struct caplog_map_place const place = {
		head.map_address, head.epoch_address, head.holders_address, head.map_stride,
		head.map_offset, head.map_width, head.map_count, head.holders_count, 0
	};
	t->map = place;
	caplog_space_init(&t->space, f, head.word_bytes);
	int const err = load_name(l, &head);
	if (err)
		return err;
	if (caplog_map_place_check(&t->map, f, head.word_bytes))
		return bad(l, "place of the cap map, of width", t->map.width);
	return 0;
}

static int load_slot(const struct load *l, const struct caplog_image_slot *s)
{
	struct caplog_target *t = l->t;
	const struct caplog_flavour *f = t->space.flavour;
	struct caplog_cap *c = &t->space.cap[s->slot < f->slot_count ? s->slot : 0];

	if (s->slot >= f->slot_count || c->kind != CAPLOG_EMPTY)
		return bad(l, "or repeated slot", s->slot);
	if (s->kind == CAPLOG_EMPTY || !caplog_kind_valid(s->kind) || s->stale > 1 ||
	    s->from >= CAPLOG_FROM_COUNT || s->target >= l->image->header.targets ||
	    s->badge >> f->badge_bits || s->other >= f->slot_count)
		return bad(l, "record of slot", s->slot);
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

static int load_slots(const struct load *l)
{
	uint64_t count;
	const struct caplog_image_slot *list = find(l, CAPLOG_CHUNK_SLOTS, sizeof *list, &count);
	int err = 0;

	memset(l->t->slot, 0, sizeof l->t->slot);
	if (!list)
		return caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has no slots", l->t->name);
	for (uint64_t i = 0; i < count && !err; i++) {
		struct caplog_image_slot s;

		caplog_image_take(&s, &list[i], sizeof s);
		err = load_slot(l, &s);
	}
	return err;
}

static int load_threads(const struct load *l)
{
	uint64_t count;
	const struct caplog_image_thread *th = find(l, CAPLOG_CHUNK_THREADS, sizeof *th, &count);
	struct caplog_target *t = l->t;

	t->threads = 0;
	if (!th || count > t->space.flavour->threads)
		return caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has no threads, or too many",
		                  t->name);
	for (uint32_t i = 0; i < count; i++) {
		struct caplog_image_thread *to = &t->thread[i];

		caplog_image_take(to, &th[i], sizeof *to);
		if (!caplog_is_thread_slot(t->space.flavour, to->slot) ||
		    (i && to->slot <= to[-1].slot) || to->state >= CAPLOG_THREAD_STATES)
			return bad(l, "thread in slot", to->slot);
		t->threads++;
	}
	return 0;
}

/* They ascend by slot */
const struct caplog_image_thread *caplog_thread_of(const struct caplog_target *t, uint32_t slot)
{
	uint32_t low = 0, high = t->threads;

	while (low < high) {
		uint32_t const middle = (low + high) / 2;
		if (t->thread[middle].slot < slot)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->threads && t->thread[low].slot == slot ? &t->thread[low] : NULL;
}


/*
 * Ledger
 */

/* An earlier line of this kind, since a line is recreated from those before it */
static int refers(const struct load *l, const struct caplog_object *o, uint64_t id, uint32_t kind)
{
	return id < o->id && caplog_ledger_of(&l->t->ledger, id, kind);
}

static int refers_to_dataspace(const struct load *l, const struct caplog_object *o)
{
	static const uint32_t kinds[] = {
		CAPLOG_OBJECT_DATASPACE, CAPLOG_OBJECT_LOG_DS, CAPLOG_OBJECT_ROM_DS,
		CAPLOG_OBJECT_BINARY_DS, CAPLOG_OBJECT_TRACE_DS, CAPLOG_OBJECT_REGION_MAP_DS
	};

	for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (refers(l, o, o->region.dataspace, kinds[i]))
			return 1;
	return 0;
}

static int in_thread_area(const struct load *l, uint64_t slot)
{
	return slot < CAPLOG_SLOTS_MAX && caplog_is_thread_slot(l->t->space.flavour, (uint32_t)slot);
}

/* Are the words of a line what the list of kinds says of them? */
static int words_fit(const struct load *l, const struct caplog_object *o)
{
	switch (o->kind) {
	case CAPLOG_OBJECT_GATE:          return in_thread_area(l, o->gate.entrypoint);
	case CAPLOG_OBJECT_THREAD:        return in_thread_area(l, o->thread.slot);
	case CAPLOG_OBJECT_REGION_MAP:    return o->region_map.map < CAPLOG_MAPS;
	case CAPLOG_OBJECT_REGION_MAP_DS: return o->region_map_ds.map < CAPLOG_MAPS;
	case CAPLOG_OBJECT_DATASPACE:
	case CAPLOG_OBJECT_LOG_DS:        return caplog_object_bytes(o) != 0;
	case CAPLOG_OBJECT_ROM_DS:        return !o->rom_ds.session ||
	                                         refers(l, o, o->rom_ds.session, CAPLOG_OBJECT_ROM);
	case CAPLOG_OBJECT_SEMAPHORE:     return refers(l, o, o->semaphore.source, CAPLOG_OBJECT_SOURCE);
	case CAPLOG_OBJECT_CONTEXT:       return refers(l, o, o->context.source, CAPLOG_OBJECT_SOURCE);
	case CAPLOG_OBJECT_SERVICE:       return refers(l, o, o->service.gate, CAPLOG_OBJECT_GATE);
	case CAPLOG_OBJECT_PEER:          return o->peer.server < l->image->header.targets;
	case CAPLOG_OBJECT_REGION:        return o->region.map < CAPLOG_MAPS && o->region.executable < 2 &&
	                                         refers_to_dataspace(l, o);
	case CAPLOG_OBJECT_SHARED_REGION: return o->shared_region.map < CAPLOG_MAPS &&
	                                         o->shared_region.executable < 2 &&
	                                         o->shared_region.owner != l->index &&
	                                         o->shared_region.owner < l->image->header.targets;
	default:                          return 1;
	}
}

static int check_line(const struct load *l, const struct caplog_object *o)
{
	const struct caplog_object_kind *kind = caplog_object_kind(o->kind);

	if (!caplog_kind_on(o->kind, (enum caplog_platform_number)l->platform))
		return caplog_say(l->diag, CAPLOG_ENOTSUP, "%s: object \"%s\" (%s, ledger line %u) cannot "
		                  "be recreated here", l->t->name, o->name, kind->name, o->id);
	if (!words_fit(l, o))
		return caplog_say(l->diag, CAPLOG_EINVAL, "%s: object \"%s\" (%s, ledger line %u): "
		                  "its words in the image are invalid", l->t->name, o->name, kind->name, o->id);
	return 0;
}

static int load_ledger(const struct load *l)
{
	uint64_t count;
	const struct caplog_object *list = find(l, CAPLOG_CHUNK_OBJECTS, sizeof *list, &count);
	struct caplog_ledger *ledger = &l->t->ledger;
	int err = 0;

	caplog_ledger_init(ledger);
	if (!list || count > CAPLOG_LEDGER_MAX)
		return caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has no ledger, or one that is too "
		                  "long", l->t->name);
	for (uint64_t i = 0; i < count && !err; i++) {
		struct caplog_object o;

		caplog_image_take(&o, &list[i], sizeof o);
		if (o.id < ledger->next_id || o.id == UINT32_MAX || !caplog_object_kind(o.kind))
			return bad(l, "ledger line", o.id);
		ledger->next_id = o.id;
		caplog_ledger_give(ledger, o.kind, CAPLOG_NO_BADGE, &o.words, "");
		memcpy(ledger->line[ledger->count - 1].name, o.name, sizeof o.name - 1);
		err = check_line(l, &ledger->line[ledger->count - 1]);
	}
	if (!err && !caplog_ledger_first(ledger, CAPLOG_OBJECT_LOG_DS))
		return caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has no log", l->t->name);
	return err;
}


/*
 * What objects carry: ids ascend, and each belongs to a line of the right kind
 */

static int carried(const struct load *l, uint64_t id, uint64_t *last, enum caplog_carries what)
{
	struct caplog_object *o = caplog_ledger_by_id(&l->t->ledger, id);

	if (!o || id <= *last || caplog_kind_carries(o->kind) != what)
		return bad(l, "state of ledger line", (uint32_t)id);
	*last = id;
	return 0;
}

static int check_states(const struct load *l)
{
	uint64_t states, pendings, last = 0;
	const struct caplog_image_state *s = find(l, CAPLOG_CHUNK_STATES, sizeof *s, &states);
	const struct caplog_image_pending *p = find(l, CAPLOG_CHUNK_PENDING, sizeof *p, &pendings);
	int err = 0;

	if (!s || !p)
		return caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has no states of objects",
		                  l->t->name);
	for (uint64_t i = 0; i < states && !err; i++) {
		struct caplog_image_state state;

		caplog_image_take(&state, &s[i], sizeof state);
		if (!(err = carried(l, state.object, &last, CAPLOG_CARRIES_SESSION)) &&
		    state.state.args[sizeof state.state.args - 1])
			err = bad(l, "state of ledger line", (uint32_t)state.object);
	}
	last = 0;
	for (uint64_t i = 0; i < pendings && !err; i++) {
		struct caplog_image_pending pending;

		caplog_image_take(&pending, &p[i], sizeof pending);
		err = carried(l, pending.object, &last, CAPLOG_CARRIES_PENDING);
	}
	return err;
}

/* Each line that carries memory has a chunk of its bytes */
static int check_memory(const struct load *l)
{
	struct caplog_pages_walk walk;
	const struct caplog_pages *m;
	uint64_t last = 0, found = 0, wanted = 0;
	int err;

	caplog_pages_begin(&walk, l->image->data, l->image->size, l->index);
	while ((m = caplog_pages_next(&walk))) {
		if ((err = carried(l, m->object, &last, CAPLOG_CARRIES_MEMORY)))
			return err;
		if (caplog_object_bytes(caplog_ledger_by_id(&l->t->ledger, m->object)) != m->size)
			return bad(l, "size of ledger line", (uint32_t)m->object);
		found++;
	}
	for (uint32_t i = 0; i < l->t->ledger.count; i++)
		wanted += caplog_kind_carries(l->t->ledger.line[i].kind) == CAPLOG_CARRIES_MEMORY;
	return found == wanted ? 0
	       : caplog_say(l->diag, CAPLOG_EINVAL, "%s: image has %n pieces of memory for %n "
	                    "dataspaces", l->t->name, found, wanted);
}

int caplog_load(struct caplog_target *t, const struct caplog_image_source *image, uint32_t index,
                uint32_t platform, struct caplog_diag *diag)
{
	struct load const l = { t, image, index, platform, diag };
	int err;

	if ((err = load_head(&l)) || (err = load_slots(&l)) || (err = load_ledger(&l)) ||
	    (err = load_threads(&l)) || (err = check_states(&l)))
		return err;
	return check_memory(&l);
}
