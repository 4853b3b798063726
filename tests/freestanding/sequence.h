/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same work on every machine: map, pool, writer, reader and plan, driven by
 * a fixed sequence. What comes out, a log and a digest of everything else,
 * must be equal for 32 and 64 bit, but for the word size in the log's header.
 * Uses nothing but the core, and no division.
 */
#ifndef T_SEQUENCE_H
#define T_SEQUENCE_H

#include <caplog/map.h>
#include <caplog/plan.h>
#include <caplog/pool.h>
#include <caplog/reader.h>

#include "t_map.h"

enum { T_SEQ_LOG = 65536, T_SEQ_SLOTS = 4096, T_SEQ_BUCKETS = 2048, T_SEQ_NODES = 512 };

struct t_sequence {
	/* what comes out */
	uint64_t log[T_SEQ_LOG / 8];
	uint32_t digest[8];      /* map, pool, space, plan, counters, errors, 0, 0 */
	/* what it takes */
	uint32_t random;
	struct caplog_writer writer;
	struct caplog_map map;
	CAPLOG_MAP_STORAGE(T_SEQ_SLOTS, T_SEQ_BUCKETS) storage;
	struct caplog_pool pool;
	struct caplog_pool_node node[T_SEQ_NODES];
	uint8_t  in_pool[T_SEQ_NODES];
	uint16_t object[T_SEQ_SLOTS];
	struct caplog_reader reader;
	struct caplog_space space;
	struct caplog_plan plan;
};

static inline uint32_t t_seq_next(struct t_sequence *s)
{
	uint32_t x = s->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return s->random = x;
}

/* 0 <= result < n, n < 65536 */
static inline uint32_t t_seq_below(struct t_sequence *s, uint32_t n)
{
	return (t_seq_next(s) >> 16) * n >> 16;
}

static inline void t_seq_mix(struct t_sequence *s, unsigned part, uint64_t value)
{
	uint32_t const words[2] = { (uint32_t)value, (uint32_t)(value >> 32) };

	for (unsigned i = 0; i < 2; i++)
		s->digest[part] = (s->digest[part] ^ words[i]) * 0x9e3779b1u + (s->digest[part] >> 15);
}

static inline int t_seq_equal(void *ctx, uint32_t slot, uint32_t other)
{
	const struct t_sequence *s = (const struct t_sequence *)ctx;
	return s->object[slot] && s->object[slot] == s->object[other];
}

static inline int t_seq_valid(void *ctx, uint32_t slot)
{
	const struct t_sequence *s = (const struct t_sequence *)ctx;
	return s->object[slot] != 0;
}

static inline void t_seq_grant(void *ctx, uint32_t from, uint32_t to)
{
	struct t_sequence *s = (struct t_sequence *)ctx;
	s->object[to] = s->object[from];
}

/* Plans are made and never executed */
static inline int t_seq_make(void *ctx, const struct caplog_plan_step *s, uint32_t *badge,
                             struct caplog_diag *diag)
{
	(void)ctx; (void)s; (void)badge; (void)diag;
	return CAPLOG_EINVAL;
}

static inline int t_seq_act(void *ctx, const struct caplog_plan_step *s, struct caplog_diag *diag)
{
	(void)ctx; (void)s; (void)diag;
	return CAPLOG_EINVAL;
}

static inline void t_seq_undo(void *ctx, const struct caplog_plan_step *s)
{
	(void)ctx; (void)s;
}

static inline int t_seq_judge(void *ctx, uint32_t slot, const struct caplog_cap *cap,
                              struct caplog_diag *diag)
{
	(void)ctx, (void)cap, (void)diag;
	return slot & 7 ? CAPLOG_CAN : CAPLOG_DEAD;
}

/* A message with up to four capabilities, and what the component does with them */
static inline void t_seq_receive(struct t_sequence *s)
{
	struct caplog_map_ops const ops = { t_seq_equal, t_seq_valid, t_seq_grant, s };
	uint32_t const window = caplog_map_alloc(&s->map, CAPLOG_WINDOW);

	t_seq_mix(s, 0, window);
	for (uint32_t i = t_seq_below(s, 5); window != CAPLOG_NONE && i-- > 0; ) {
		uint32_t const badge = 8 * (1 + t_seq_below(s, 3000));
		uint32_t const old = caplog_map_find(&s->map, badge);

		s->object[window + i] = (uint16_t)(1 + t_seq_below(s, 3));
		if (old != CAPLOG_NONE && t_seq_below(s, 3) == 0)
			s->object[old] = 0;
		t_seq_mix(s, 0, caplog_map_insert_map(&s->map, badge, window + i, &ops, NULL));
	}
	if (window != CAPLOG_NONE)
		caplog_map_free(&s->map, window, CAPLOG_WINDOW);
}

static inline void t_seq_drop(struct t_sequence *s)
{
	uint32_t const badge = 8 * (1 + t_seq_below(s, 3000));
	uint32_t const slot = caplog_map_find(&s->map, badge);

	t_seq_mix(s, 0, slot);
	if (slot != CAPLOG_NONE)
		caplog_map_remove(&s->map, slot, 1);
}

/* Events beside the map; wide values, so that no half of them is lost */
static inline void t_seq_event(struct t_sequence *s)
{
	uint32_t const slot = 9 + 3 * t_seq_below(s, 5), irq = 0x200 + t_seq_below(s, 10);
	uint32_t const run = 0x300 + t_seq_below(s, 0xc00);

	switch (t_seq_below(s, 6)) {
	case 0:
		caplog_map_insert_at(&s->map, 8 * slot + 30000, slot);
		caplog_append_thread(&s->writer, slot, 8 * slot, 0xb3000000u + slot,
		                     (uint64_t)t_seq_next(s) << 32 | slot);
		break;
	case 1:
		caplog_append_irq(&s->writer, irq, slot, t_seq_below(s, 2) ? t_seq_next(s) : 0);
		break;
	case 2:
		caplog_append(&s->writer, CAPLOG_IRQ_DETACH, irq, 0, 0, 0);
		break;
	case 3:
		caplog_append(&s->writer, CAPLOG_RPC_ALLOC, irq, 0, slot, 0);
		break;
	case 4:
		caplog_append(&s->writer, CAPLOG_RPC_FREE, irq, 0, 0, 0);
		break;
	default:
		t_seq_mix(s, 0, caplog_map_alloc(&s->map, 1 + t_seq_below(s, 70)));
		caplog_map_free(&s->map, run, 1 + t_seq_below(s, 60));
	}
}

static inline void t_seq_pool(struct t_sequence *s)
{
	uint32_t const i = t_seq_below(s, T_SEQ_NODES);
	struct caplog_pool_node *n = &s->node[i];

	if (s->in_pool[i]) {
		t_seq_mix(s, 1, (uint64_t)(int64_t)caplog_pool_remove(&s->pool, n));
		s->in_pool[i] = 0;
	} else {
		n->slot = 0x200 + t_seq_below(s, 0xe00);
		caplog_pool_insert(&s->pool, n);
		s->in_pool[i] = 1;
	}
	n = caplog_pool_find(&s->pool, 8 * (1 + t_seq_below(s, 3000)));
	t_seq_mix(s, 1, n ? n->badge : 0);
}

static inline void t_seq_digest(struct t_sequence *s)
{
	struct caplog_ops ops;
	struct caplog_log_stat stat;
	struct caplog_diag diag;
	int err;

	for (uint32_t i = 0; i < T_SEQ_SLOTS; i++)
		t_seq_mix(s, 0, s->map.badge[i]);
	t_seq_mix(s, 0, t_map_used(&s->map));

	err = caplog_reader_open(&s->reader, s->log, T_SEQ_LOG, &diag);
	t_seq_mix(s, 5, (uint32_t)err);
	err = err ? err : caplog_reader_update(&s->reader, &s->space, (uint64_t *)0, &diag);
	t_seq_mix(s, 5, (uint32_t)err);
	if (err)
		return;
	for (uint32_t i = 0; i < T_SEQ_SLOTS; i++) {
		const struct caplog_cap *c = &s->space.cap[i];

		t_seq_mix(s, 2, (uint64_t)c->badge << 32 | (uint32_t)c->other << 16 |
		                (uint32_t)c->kind << 8 | c->stale);
		t_seq_mix(s, 2, c->version);
		if (c->kind == CAPLOG_THREAD || c->kind == CAPLOG_IRQ) {
			t_seq_mix(s, 2, s->space.a[i]);
			t_seq_mix(s, 2, s->space.b[i]);
		}
	}
	caplog_reader_stat(&s->reader, &stat);
	t_seq_mix(s, 4, stat.records);
	t_seq_mix(s, 4, stat.count[CAPLOG_INSERT_MAP]);

	ops.ctx = s;
	ops.judge = t_seq_judge;
	ops.thread = ops.object = ops.gate = t_seq_make;
	ops.install = ops.attach = ops.badge = ops.registers = ops.start = t_seq_act;
	ops.undo = t_seq_undo;
	err = caplog_plan(&s->plan, &s->space, &ops, &diag);
	/* forged events make a plan that is refused, and always in the same words */
	t_seq_mix(s, 3, (uint32_t)err);
	for (unsigned i = 0; err && diag.text[i]; i++)
		t_seq_mix(s, 3, (uint8_t)diag.text[i]);
	for (uint32_t i = 0; !err && i < s->plan.count; i++)
		t_seq_mix(s, 3, (uint32_t)s->plan.step[i].slot << 8 | s->plan.step[i].phase);
}

/* s: all zero */
static inline void t_sequence_run(struct t_sequence *s, const struct caplog_flavour *flavour)
{
	struct caplog_format f;

	f.flavour = flavour;
	f.word_bytes = 0;
	f.generation = 7;
	f.map.address = 0x12345678;
	f.map.epoch_address = 0x12340000;
	f.map.holders_address = 0x12340010;
	f.map.holders_count = 256;
	f.map.rest_word = 256;
	f.map.stride = f.map.width = 2;
	f.map.offset = 0;
	f.map.count = T_SEQ_SLOTS;
	for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++)
		f.stub[i] = 0x1000 + i;

	s->random = 0x1234567;
	CAPLOG_MAP_BIND(&s->map, &s->storage);
	caplog_map_init(&s->map, T_SEQ_SLOTS, flavour->user_base, T_SEQ_BUCKETS, &s->writer);
	caplog_pool_init(&s->pool, &s->map);
	for (unsigned i = 0; i < 12; i++)
		t_seq_receive(s); /* early records */
	t_seq_mix(s, 5, (uint32_t)caplog_format(s->log, T_SEQ_LOG, &f));
	t_seq_mix(s, 5, (uint32_t)caplog_writer_attach(&s->writer, s->log));
	for (unsigned i = 0; i < 20000; i++) {
		t_seq_receive(s);
		t_seq_drop(s);
		if (t_seq_below(s, 4) == 0)
			t_seq_event(s);
		t_seq_pool(s);
		if (t_seq_below(s, 1000) == 0)
			s->map.epoch++;
	}
	t_seq_digest(s);
}

#endif
