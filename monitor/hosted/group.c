/* SPDX-License-Identifier: BSD-2-Clause */
#include "group.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

struct group group_empty(uint64_t seed, uint32_t first_badge)
{
	struct group g = { .node = hm_node_create(seed, first_badge, NODE_MEMORY) };

	g.platform = hm_platform(g.node);
	return g;
}

static struct caplog_target *new_target(void)
{
	struct caplog_target *t = calloc(1, sizeof *t);
	assert(t);
	return t;
}

void group_start(struct group *g, const struct scenario *s)
{
	g->node->group++;
	for (; g->count < GROUP_MAX && s->component[g->count].name; g->count++) {
		const struct component *c = &s->component[g->count];
		struct caplog_target *t = g->target[g->count] = new_target();
		t->handle = hm_start(g->node, c->name, c->construct, GROUP_LOG, &t->ledger);
	}
}

void group_free(struct group *g)
{
	for (uint32_t i = 0; i < g->count; i++)
		free(g->target[i]);
	hm_node_destroy(g->node);
}

int group_has_logs(const struct group *g)
{
	for (uint32_t i = 0; i < g->count; i++) {
		void *log = hm_memory(group_handle(g, i), HK_LOG, GROUP_LOG);
		struct caplog_reader r;

		if (!log || caplog_reader_open(&r, log, GROUP_LOG, NULL))
			return 0;
	}
	return 1;
}

int group_checkpoint(struct group *g, struct stored_image *image, struct caplog_diag *diag)
{
	struct caplog_image i;
	int err = caplog_capture(&g->platform, g->target, g->count, diag);

	memset(image, 0, sizeof *image);
	if (err)
		return err;
	image->size = 1 << 20;
	do { /* once for the size, if the guess was too small */
		image->data = realloc(image->data, image->size);
		assert(image->data);
		caplog_image_begin(&i, image->data, image->size);
		err = caplog_save(&g->platform, g->target, g->count, &i, diag);
		image->size = i.size;
	} while (err == CAPLOG_ENOSPC && i.size > i.capacity);
	for (uint32_t t = 0; t < g->count; t++)
		image->trace[t] = strdup(group_handle(g, t)->trace);
	return err;
}

void group_resume(struct group *g)
{
	caplog_resume(&g->platform, g->target, g->count);
}

int group_restore(struct group *g, const struct stored_image *image, struct caplog_diag *diag)
{
	struct caplog_image_link const link = { image->data, image->size };

	return group_restore_chain(g, &link, 1, image, diag);
}

int group_restore_chain(struct group *g, const struct caplog_image_link *link, uint32_t links,
                        const struct stored_image *image, struct caplog_diag *diag)
{
	struct caplog_target *targets[CAPLOG_TARGETS_MAX];
	uint32_t count = 0;
	int err;

	g->node->group++;
	for (uint32_t i = 0; i < GROUP_MAX; i++)
		targets[i] = new_target();
	err = caplog_restore_chain(&g->platform, link, links, targets, GROUP_MAX, &count, NULL, diag);
	for (uint32_t i = 0; i < GROUP_MAX; i++) {
		if (i >= count) {
			free(targets[i]);
			continue;
		}
		struct hm_target *h = targets[i]->handle;
		g->target[g->count++] = targets[i];
		strcpy(h->trace, image->trace[i]);
		h->traced = strlen(h->trace);
	}
	return err;
}

void image_free(struct stored_image *image)
{
	free(image->data);
	for (uint32_t i = 0; i < GROUP_MAX; i++)
		free(image->trace[i]);
	memset(image, 0, sizeof *image);
}


/*
 * Comparison
 */

static int differ(struct caplog_diag *diag, const struct hm_target *t, uint32_t slot,
                  const char *what)
{
	snprintf(diag->text, sizeof diag->text, "%s: slot 0x%x: %s", t->name, slot, what);
	return 1;
}

static unsigned thread_index(const struct hk_thread *t) { return t ? t->index : HK_THREADS; }

static int objects_differ(const struct hm_target *a, const struct hm_target *b, uint32_t slot,
                          struct caplog_diag *diag)
{
	const struct hk_object *x = hk_slot(a->task, slot), *y = hk_slot(b->task, slot);

	if (!x || !y || x->type != y->type)
		return differ(diag, a, slot, !y ? "is empty after the restore" : !x
		              ? "is filled after the restore" : "holds another type");
	if (x->type == HK_GATE) {
		const struct hk_gate *g = (const void *)x, *h = (const void *)y;
		if (!g->thread != !h->thread || thread_index(g->thread) != thread_index(h->thread))
			return differ(diag, a, slot, "gate is bound to another thread");
	}
	if (x->type == HK_IRQ) {
		const struct hk_irq *i = (const void *)x, *j = (const void *)y;
		if (thread_index(i->thread) != thread_index(j->thread) || i->label != j->label)
			return differ(diag, a, slot, "IRQ is attached to another thread");
	}
	return 0;
}

/* What can a badge in the restored map find? Only the kernel object of its slot */
static int badge_differs(const struct hm_target *b, const struct caplog_cap *c, int dead,
                         uint32_t slot, struct caplog_diag *diag)
{
	struct hb_env *env = hm_memory((struct hm_target *)(uintptr_t)b, HK_BSS, sizeof *env);
	const struct caplog_flavour *f = caplog_own_flavour();
	uint32_t const badge = env->storage.badge[slot];
	const struct hk_object *o = hk_slot(b->task, slot);

	if (c->stale || dead || c->kind == CAPLOG_TOMBSTONE) {
		if (badge % f->badge_step == 0 || badge == f->main_badge || badge == f->badge_none)
			return differ(diag, b, slot, "dead entry has a badge that core may hand out");
	} else if (slot == f->thread_base) {
		if (badge != f->main_badge)
			return differ(diag, b, slot, "the main thread lost its badge 1");
	} else if (o && o->type == HK_GATE && ((const struct hk_gate *)(const void *)o)->label != badge) {
		return differ(diag, b, slot, "badge and label differ");
	}
	return 0;
}

/*
 * Lookups by badge: what the original's map and pools found, the restored ones
 * find under the new badge
 */

struct found {
	uint32_t                 badge, slot;
	struct caplog_pool_node *object[HB_EPS];
};

static struct found look_up(struct hm_target *t, uint32_t slot)
{
	struct found f = { 0, CAPLOG_NONE, { NULL } };

	hk_look_into(t->task);
	f.badge = HB->map.badge[slot];
	f.slot = caplog_map_find(&HB->map, f.badge);
	for (unsigned i = 0; i < HB_EPS; i++)
		if (HB->all_eps[i])
			f.object[i] = caplog_pool_find(&HB->all_eps[i]->pool, f.badge);
	return f;
}

static int lookup_differs(const struct hm_target *a, const struct hm_target *b, uint32_t slot,
                          struct caplog_diag *diag)
{
	struct found const was = look_up((struct hm_target *)(uintptr_t)a, slot);
	struct found const is = look_up((struct hm_target *)(uintptr_t)b, slot);

	if (was.slot != is.slot)
		return differ(diag, a, slot, "cap map finds another slot under its badge");
	for (unsigned i = 0; i < HB_EPS; i++)
		if (was.object[i] != is.object[i])
			return differ(diag, a, slot, "object pool finds another object under its badge");
	return 0;
}

int group_slot_differs(const struct group *original, const struct group *restored, uint32_t i,
                       uint32_t slot, struct caplog_diag *diag)
{
	const struct hm_target *a = group_handle(original, i), *b = group_handle(restored, i);
	const struct caplog_image_slot *s = &original->target[i]->slot[slot];
	const struct caplog_cap *c = &original->target[i]->space.cap[slot];
	int const dead = s->from == CAPLOG_FROM_DEAD;
	int const live = c->kind != CAPLOG_EMPTY && !c->stale && !dead && c->kind != CAPLOG_TOMBSTONE;

	if (slot < caplog_own_flavour()->user_base && !live) {
		/* core's own: there or not there, as in the original */
		if (!hk_slot(a->task, slot) != !hk_slot(b->task, slot))
			return differ(diag, a, slot, "of core is not as it was");
		return 0;
	}
	if (live && objects_differ(a, b, slot, diag))
		return 1;
	if (!live && hk_slot(b->task, slot))
		return differ(diag, a, slot, "is filled, though it was empty");
	if (c->kind != CAPLOG_EMPTY && badge_differs(b, c, dead, slot, diag))
		return 1;
	return live && lookup_differs(a, b, slot, diag);
}

int group_differs(const struct group *original, const struct group *restored,
                  struct caplog_diag *diag)
{
	for (uint32_t i = 0; i < original->count; i++)
		for (uint32_t slot = 0; slot < HK_SLOTS; slot++)
			if (group_slot_differs(original, restored, i, slot, diag))
				return 1;
	return 0;
}
