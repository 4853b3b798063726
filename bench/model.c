/* SPDX-License-Identifier: BSD-2-Clause */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "bench.h"

enum { LOG = 64 * 1024, NODE_A = 8 };

static const struct caplog_flavour *flavour(void) { return caplog_flavours(NULL); }

static struct hm_target *handle(const struct model *m, uint32_t i) { return m->target[i]->handle; }

static void need(int ok, const char *what, const struct caplog_diag *diag)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, diag ? diag->text : "failed");
	exit(2);
}

static int op_equal(void *ctx, uint32_t a, uint32_t b)
{
	struct hm_target *t = ctx;
	return hk_slot(t->task, a) && hk_slot(t->task, a) == hk_slot(t->task, b);
}

static int op_valid(void *ctx, uint32_t slot)
{
	return hk_slot(((struct hm_target *)ctx)->task, slot) != NULL;
}

static void op_grant(void *ctx, uint32_t from, uint32_t to)
{
	struct hm_target *t = ctx;
	hk_map(t->task, to, hk_slot(t->task, from));
	hk_map(t->task, from, NULL);
}

/* What a kernel entry does to a message's capability: it lands in the first slot */
static void receive(struct hm_target *t, const struct hm_object *o)
{
	struct caplog_map_ops const ops = { op_equal, op_valid, op_grant, t };
	uint32_t const from = 1000; /* not in use while a capability is on its way */
	struct hk_object *const there = hk_slot(t->task, from);

	hk_map(t->task, from, o->o);
	uint32_t const slot = caplog_map_insert_map(&HB->map, o->badge, from, &ops, NULL);
	need(slot != CAPLOG_NONE, "out of slots", NULL);
	if (slot != from)
		hk_map(t->task, from, there);
	if (o->kind == CAPLOG_OBJECT_GATE)
		caplog_append(&HB->log, CAPLOG_RPC_ALLOC, slot, o->badge, flavour()->thread_base, 0);
}

static void receive_new(struct hm_target *t, int own)
{
	union caplog_words const ep = { .gate = { flavour()->thread_base } };
	union caplog_words const context = {
		.context = { 0, caplog_ledger_first(t->ledger, CAPLOG_OBJECT_SOURCE)->id }
	};
	uint32_t const badge = hm_badge_alloc(t->node);

	if (own)
		receive(t, hm_give(t, CAPLOG_OBJECT_GATE,
		                   &hk_gate_create(t->node->k, badge, t->task->thread[0])->o, badge, &ep,
		                   "rpc"));
	else
		receive(t, hm_give(t, CAPLOG_OBJECT_CONTEXT, NULL, badge, &context, "context"));
}

/* A component that came as far as its log: main thread, parent, map, log */
static void start(struct model *m, uint32_t i)
{
	struct caplog_target *t = m->target[i] = calloc(1, sizeof *t);
	uint32_t slot, badge;

	need(t != NULL, "memory", NULL);
	struct hm_target *h = hm_target_create(m->node, i ? "second" : "first", LOG, &t->ledger);
	t->handle = h;
	caplog_ledger_init(&t->ledger);
	hm_attach_new(h, CAPLOG_OBJECT_DATASPACE, HK_BSS, HB_SIZE, "bss");
	hm_attach_new(h, CAPLOG_OBJECT_DATASPACE, HK_STACKS, HK_STACK_SIZE, "stack");
	hm_attach_new(h, CAPLOG_OBJECT_LOG_DS, HK_LOG, LOG, "log");
	hm_give(h, CAPLOG_OBJECT_SOURCE, NULL, hm_badge_alloc(m->node), NULL, "source");
	struct hm_object *parent = hm_give(h, CAPLOG_OBJECT_PARENT, NULL, hm_badge_alloc(m->node), NULL,
	                                   "parent");
	hk_map(h->task, flavour()->parent_slot, parent->o);
	need(hm_thread_create(h, &slot, &badge) != NULL, "thread", NULL);

	hk_look_into(h->task);
	CAPLOG_MAP_BIND(&HB->map, &HB->storage);
	caplog_map_init(&HB->map, HK_SLOTS, flavour()->user_base,
	                sizeof HB->storage.head / sizeof HB->storage.head[0], &HB->log);
	caplog_map_insert_at(&HB->map, flavour()->main_badge, flavour()->thread_base);
	caplog_map_insert_at(&HB->map, parent->badge, flavour()->parent_slot);
	struct caplog_format const format = hb_log_format();
	need(!caplog_format((void *)HK_LOG, LOG, &format) &&
	     !caplog_writer_attach(&HB->log, (void *)HK_LOG), "log", NULL);
}

struct model *model_new(uint32_t live)
{
	struct model *m = calloc(1, sizeof *m);

	need(m && live <= MODEL_TARGETS * MODEL_SLOTS, "memory", NULL);
	m->node = hm_node_create(1, NODE_A, MODEL_MEMORY);
	m->node->group++;
	m->platform = hm_platform(m->node);
	for (uint32_t left = live; !m->count || left; m->count++) {
		uint32_t const here = left < MODEL_SLOTS ? left : MODEL_SLOTS;
		start(m, m->count);
		for (uint32_t i = 0; i < here; i++)
			receive_new(handle(m, m->count), i % 8 == 0);
		m->live[m->count] = here;
		left -= here;
	}
	return m;
}

void model_free(struct model *m)
{
	for (uint32_t i = 0; i < m->count; i++)
		free(m->target[i]);
	hm_node_destroy(m->node);
	free(m);
}

/* Drop a received capability of slot `base + pick` or the next such slot */
static struct hm_object *drop(struct hm_target *t, uint32_t live)
{
	uint32_t slot, i = bench_random(live);
	struct hm_object *h;

	do {
		slot = flavour()->user_base + i;
		i = (i + 1) % live;
		h = hk_slot(t->task, slot) ? hm_object_of(t, hk_slot(t->task, slot)) : NULL;
	} while (!h || h->kind != CAPLOG_OBJECT_CONTEXT || caplog_map_find(&HB->map, h->badge) != slot);
	caplog_map_remove(&HB->map, slot, 1);
	return h;
}

static void churn(struct hm_target *t, uint32_t live, uint32_t events, int destroy)
{
	struct hm_object *dropped[512];
	uint32_t n = 0;

	hk_look_into(t->task);
	for (; 2 * n < events && n < 512; n++)
		dropped[n] = drop(t, live);
	for (uint32_t i = 0; i < n; i++) {
		if (!destroy) {
			receive(t, dropped[i]);
			continue;
		}
		hm_object_destroy(dropped[i]);
		receive_new(t, 0);
	}
}

void model_churn(struct model *m, uint32_t events, int destroy)
{
	uint32_t const all = m->live[0] + m->live[1];

	for (uint32_t i = 0; i < m->count; i++)
		churn(handle(m, i), m->live[i], events * m->live[i] / all & ~1u, destroy);
}

static int never(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	(void)a;
	(void)b;
	return 0;
}

static int not_valid(void *ctx, uint32_t slot)
{
	(void)ctx;
	(void)slot;
	return 0;
}

static void stays(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx;
	need(from == to, "slots are not packed", NULL);
}

static void spin(struct hm_target *t, uint32_t live, uint64_t events)
{
	static const struct caplog_map_ops ops = { never, not_valid, stays, NULL };

	hk_look_into(t->task);
	for (uint64_t i = 0; i < events; i += 2) {
		/* one in eight is an RPC object and stays as it is */
		uint32_t const slot = flavour()->user_base + (bench_random(live) | 1u) % live;
		uint32_t const badge = HB->map.badge[slot];

		caplog_map_remove(&HB->map, slot, 1);
		caplog_map_insert_map(&HB->map, badge, slot, &ops, NULL);
	}
}

void model_spin(struct model *m, uint64_t events)
{
	for (uint32_t i = 0; i < m->count; i++)
		spin(handle(m, i), m->live[i], events * m->live[i] / (m->live[0] + m->live[1]));
}

void model_capture(struct model *m)
{
	struct caplog_diag diag = { 0, "" };
	need(!caplog_capture(&m->platform, m->target, m->count, &diag), "capture", &diag);
}

void model_resume(struct model *m)
{
	caplog_resume(&m->platform, m->target, m->count);
}

void *model_image(struct model *m, uint64_t *size)
{
	enum { CAPACITY = 8 << 20 };
	struct caplog_diag diag = { 0, "" };
	struct caplog_image image;
	void *data = malloc(CAPACITY);

	need(data != NULL, "memory", NULL);
	model_capture(m);
	caplog_image_begin(&image, data, CAPACITY);
	need(!caplog_save(&m->platform, m->target, m->count, &image, &diag), "save", &diag);
	model_resume(m);
	*size = image.size;
	return data;
}
