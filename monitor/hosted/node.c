/* SPDX-License-Identifier: BSD-2-Clause */
#include "node.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* Where badges are wider than 16 bits, all bits are used */
enum { FIRST_STEP = 8, BADGE_STEP = FIRST_STEP << (CAPLOG_OWN(BADGE_BITS) - 16) };


/*
 * Badges: lowest free first, so a freed one is reused at once
 */

static uint8_t *unused_badge(struct hm_node *n)
{
	uint32_t const first = n->first_badge / FIRST_STEP;

	return memchr(n->badge_used + first, 0, sizeof n->badge_used - 1 - first);
}

int hm_badge_left(const struct hm_node *n)
{
	return unused_badge((struct hm_node *)(uintptr_t)n) != NULL;
}

uint32_t hm_badge_alloc(struct hm_node *n)
{
	uint8_t *unused = unused_badge(n);

	if (!unused)
		abort();
	*unused = 1;
	return (uint32_t)(unused - n->badge_used) * BADGE_STEP;
}

static void badge_free(struct hm_node *n, uint32_t badge)
{
	n->badge_used[badge / BADGE_STEP] = 0;
}


/*
 * Objects
 */

struct hm_object *hm_object_by_id(struct hm_target *t, uint64_t id)
{
	return id < t->objects ? t->object[id] : NULL;
}

struct hm_object *hm_object_of(struct hm_target *t, const struct hk_object *o)
{
	for (uint32_t i = 0; i < t->objects; i++)
		if (t->object[i] && t->object[i]->o == o)
			return t->object[i];
	return NULL;
}

struct hm_object *hm_enter(struct hm_target *t, uint32_t id, uint32_t kind,
                           struct hk_object *o, uint32_t badge)
{
	struct hm_object *h = calloc(1, sizeof *h);

	assert(h);
	if (id >= t->objects) {
		uint32_t const more = id + 64;
		t->object = realloc(t->object, more * sizeof *t->object);
		assert(t->object);
		memset(t->object + t->objects, 0, (more - t->objects) * sizeof *t->object);
		t->objects = more;
	}
	h->id     = id;
	h->kind   = kind;
	h->badge  = badge;
	h->target = t;
	h->o      = o ? o : &hk_service_create(t->node->k, badge, hm_service, h)->o;
	t->object[id] = h;
	return h;
}

struct hm_object *hm_give(struct hm_target *t, uint32_t kind, struct hk_object *o,
                          uint32_t badge, const union caplog_words *words, const char *name)
{
	uint32_t const id = caplog_ledger_give(t->ledger, kind, badge, words, name);
	assert(id);
	return hm_enter(t, id, kind, o, badge);
}

struct caplog_object *hm_line(const struct hm_object *h)
{
	return caplog_ledger_by_id(h->target->ledger, h->id);
}

void hm_object_destroy(struct hm_object *h)
{
	struct hm_target *t = h->target;

	caplog_ledger_drop(t->ledger, hm_line(h));
	hk_destroy(h->o);
	badge_free(t->node, h->badge);
	t->object[h->id] = NULL;
	hm_forget_written(h);
	free(h);
}


/*
 * Threads
 */

static const struct caplog_flavour *flavour(void) { return caplog_own_flavour(); }

uint32_t hm_thread_slot(uint32_t index)
{
	return flavour()->thread_base + index * flavour()->thread_stride;
}

uint32_t hm_thread_index(uint32_t slot)
{
	return caplog_is_thread_slot(flavour(), slot)
	       ? (slot - flavour()->thread_base) / flavour()->thread_stride : HK_THREADS;
}

static void ignore(void *ctx, struct hk_thread *caller, uint64_t label, struct hk_message *m)
{
	(void)ctx;
	(void)caller;
	(void)label;
	m->words = m->caps = 0;
}

struct hk_thread *hm_thread_create(struct hm_target *t, uint32_t *slot, uint32_t *badge)
{
	struct hk_thread *th = hk_thread_create(t->task);

	if (!th)
		return NULL;
	*slot  = hm_thread_slot(th->index);
	*badge = hm_badge_alloc(t->node);
	struct hk_gate *gate = hk_gate_create(t->node->k, *badge, th);
	struct hk_irq *irq = hk_irq_create(t->node->k);
	t->gate[th->index] = gate;
	hk_map(t->task, *slot, &gate->o);
	hk_map(t->task, *slot + 1, &hk_service_create(t->node->k, 0, ignore, NULL)->o);
	hk_map(t->task, *slot + 2, &irq->o);
	hk_irq_attach(irq, th, 0);
	return th;
}

void hm_thread_destroy(struct hm_target *t, uint32_t slot)
{
	const struct caplog_flavour *f = flavour();
	uint32_t const index = hm_thread_index(slot);

	if (index >= HK_THREADS || !t->gate[index])
		return;

	struct hk_thread *th = t->task->thread[index];
	hk_destroy(&t->gate[index]->o);
	badge_free(t->node, (uint32_t)t->gate[index]->label);
	t->gate[index] = NULL;
	for (uint32_t i = 0; i < f->thread_stride; i++)
		hk_map(t->task, slot + i, NULL);
	if (th)
		hk_destroy(&th->o);
}


/*
 * Targets
 */

struct hm_object *hm_dataspace(struct hm_target *t, uint32_t kind, uint64_t size,
                               const char *name)
{
	union caplog_words const log = { .log_ds = { size } }, ram = { .dataspace = { size, 0 } };
	struct hm_object *h = hm_give(t, kind, NULL, hm_badge_alloc(t->node),
	                              kind == CAPLOG_OBJECT_LOG_DS ? &log : &ram, name);

	h->memory = hk_memory_alloc(t->node->k, size);
	return h;
}

int hm_attach(struct hm_target *t, const struct hm_object *h, uint64_t address, uint64_t offset,
              uint64_t size)
{
	struct caplog_shared const shared = { h->target->index, h->id };
	uint64_t const bytes = caplog_object_bytes(hm_line(h));

	if (!size || offset % HK_PAGE || offset > bytes || size > bytes - offset ||
	    hk_attach_region(t->task, address, size, h->memory + offset))
		return HK_E_INVAL;
	if (t == h->target)
		caplog_region_add(t->ledger, CAPLOG_MAP_ADDRESS_SPACE, address, size, hm_line(h), offset, 0);
	else
		caplog_region_share(t->ledger, CAPLOG_MAP_ADDRESS_SPACE, address, size, &shared, offset, 0);
	return 0;
}

int hm_attach_new(struct hm_target *t, uint32_t kind, uint64_t address, uint64_t size,
                  const char *name)
{
	return caplog_region_at(t->ledger, CAPLOG_MAP_ADDRESS_SPACE, address)
	       ? HK_E_INVAL : hm_attach(t, hm_dataspace(t, kind, size, name), address, 0, size);
}

/* Core does that; only the owner's monitor hears of it */
void hm_dataspace_free(struct hm_object *h)
{
	uint64_t const begin = h->memory, end = begin + caplog_object_bytes(hm_line(h));
	struct hm_node *n = h->target->node;

	for (uint32_t i = 0; i < n->targets; i++)
		for (unsigned r = n->target[i]->task->regions; r--;) {
			const struct hk_region *region = &n->target[i]->task->region[r];

			if (region->offset >= begin && region->offset < end)
				hk_detach_region(n->target[i]->task, region->address);
		}
	caplog_region_detach_all(h->target->ledger, hm_line(h));
	hm_object_destroy(h);
}

void *hm_memory(struct hm_target *t, uint64_t address, uint64_t size)
{
	struct caplog_place place;
	const struct hm_object *h;

	if (caplog_region_find(t->ledger, address, size, &place) ||
	    !(h = hm_object_by_id(t, place.dataspace->id)))
		return NULL;
	return (uint8_t *)hk_memory(t->node->k, h->memory) + place.offset;
}

struct hm_target *hm_target_create(struct hm_node *node, const char *name, uint64_t log_size,
                                   struct caplog_ledger *ledger)
{
	struct hm_target *t = calloc(1, sizeof *t);

	assert(t && node->targets < HM_TARGETS);
	for (uint32_t i = 0; i < node->targets; i++)
		t->index += node->target[i]->group == node->group;
	t->node     = node;
	t->group    = node->group;
	t->task     = hk_task_create(node->k);
	t->ledger   = ledger;
	t->log_size = log_size;
	t->trace    = calloc(1, HM_TRACE);
	assert(t->trace);
	snprintf(t->name, sizeof t->name, "%s", name);
	hk_map(t->task, flavour()->task_slot, &t->task->o);
	node->target[node->targets++] = t;
	return t;
}

struct hm_target *hm_start(struct hm_node *node, const char *name, void (*construct)(void),
                           uint64_t log_size, struct caplog_ledger *ledger)
{
	struct hm_target *t = hm_target_create(node, name, log_size, ledger);
	uint32_t slot, badge;

	caplog_ledger_init(ledger);
	t->quota = HM_QUOTA;
	hm_attach_new(t, CAPLOG_OBJECT_DATASPACE, HK_BSS, HB_SIZE, "bss");
	hm_attach_new(t, CAPLOG_OBJECT_DATASPACE, HK_STACKS, HK_THREADS * HK_STACK_SIZE, "stacks");
	struct hm_object *parent = hm_give(t, CAPLOG_OBJECT_PARENT, NULL, hm_badge_alloc(node), NULL,
	                                   "parent");
	hk_map(t->task, flavour()->parent_slot, parent->o);

	struct hb_env *env = hm_memory(t, HK_BSS, sizeof *env);
	env->parent_badge = parent->badge;
	env->construct    = construct;
	struct hk_thread *main = hm_thread_create(t, &slot, &badge);
	hk_thread_start(main, (uint64_t)(uintptr_t)hb_main, 0, 0);
	return t;
}

static void forget(struct hm_target *t)
{
	for (uint32_t i = 0; i < t->objects; i++) {
		if (t->object[i])
			hm_forget_written(t->object[i]);
		free(t->object[i]);
	}
	hm_forget_held(t);
	free(t->object);
	free(t->trace);
	free(t);
}

void hm_kill(struct hm_target *t)
{
	struct hm_node *n = t->node;

	hk_destroy(&t->task->o);
	for (uint32_t i = 0; i < t->objects; i++)
		if (t->object[i])
			hm_object_destroy(t->object[i]);
	for (unsigned i = 0; i < HK_THREADS; i++)
		hm_thread_destroy(t, hm_thread_slot(i));
	for (uint32_t i = 0; i < n->targets; i++)
		if (n->target[i] == t)
			n->target[i] = n->target[--n->targets];
	forget(t);
}

struct hm_node *hm_node_create(uint64_t seed, uint32_t first_badge, uint64_t memory)
{
	struct hm_node *n = calloc(1, sizeof *n);

	assert(n);
	n->k = hk_node_create(seed, memory);
	n->first_badge = first_badge;
	n->copies = UINT64_MAX;
	return n;
}

void hm_node_destroy(struct hm_node *n)
{
	for (uint32_t i = 0; i < n->targets; i++)
		forget(n->target[i]);
	hk_node_destroy(n->k);
	free(n);
}


/*
 * Time
 */

static struct hm_object *next_timer(struct hm_node *n)
{
	struct hm_object *first = NULL;

	for (uint32_t i = 0; i < n->targets; i++)
		for (uint32_t id = 0; id < n->target[i]->objects; id++) {
			struct hm_object *o = n->target[i]->object[id];
			if (o && o->kind == CAPLOG_OBJECT_TIMER && o->deadline && !n->target[i]->exited &&
			    (!first || o->deadline < first->deadline))
				first = o;
		}
	return first;
}

static int all_exited(const struct hm_node *n)
{
	for (uint32_t i = 0; i < n->targets; i++)
		if (!n->target[i]->exited)
			return 0;
	return 1;
}

int hm_step(struct hm_node *n)
{
	if (all_exited(n))
		return 0;

	int const ran = hk_step(n->k);

	/* memory may be a sibling's */
	for (uint32_t i = 0; i < n->targets; i++)
		hm_note_held(n->target[i]);
	if (ran)
		return 1;

	struct hm_object *timer = next_timer(n);
	if (!timer)
		return -1;
	if (timer->deadline > n->now)
		n->now = timer->deadline;
	timer->deadline = 0;
	hm_submit(timer->target, timer->sigh, 1);
	return 1;
}

int hm_run(struct hm_node *n, uint64_t events)
{
	for (;;) {
		if (!all_exited(n) && hk_events(n->k) >= events)
			return 0;
		int const more = hm_step(n);
		if (more <= 0)
			return more ? -1 : 1;
	}
}
