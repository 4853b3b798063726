/* SPDX-License-Identifier: BSD-2-Clause */
/* A stream of random events through a log, with the state that it leads to */
#ifndef T_STREAM_H
#define T_STREAM_H

#include "t_log.h"

static struct caplog_space fresh, followed;

/* One stream: which slots, how many events */
struct stream {
	struct t_log    log;
	struct t_ref   *ref;
	struct t_random r;
	uint16_t        slot[CAPLOG_SLOTS_MAX];
	uint32_t        slots;
	int             refill; /* slot just emptied, or -1: keeps the others live */
};

static inline void stream_open(struct stream *s, const char *name, size_t size)
{
	s->r = t_seed(name);
	s->ref = t_alloc(sizeof *s->ref);
	s->slots = 0;
	s->refill = -1;
	t_log_open(&s->log, size);
}

static inline void stream_close(struct stream *s)
{
	t_log_close(&s->log);
	free(s->ref);
}

/* n slots anywhere, or in a row */
static inline void pick_slots(struct stream *s, uint32_t n, int clustered)
{
	uint32_t const first = clustered ? t_below(&s->r, CAPLOG_SLOTS_MAX - n + 1) : 0;
	uint16_t all[CAPLOG_SLOTS_MAX];

	for (uint32_t i = 0; i < CAPLOG_SLOTS_MAX; i++)
		all[i] = (uint16_t)i;
	for (uint32_t i = 0; !clustered && i < n; i++) {
		uint32_t const j = i + t_below(&s->r, CAPLOG_SLOTS_MAX - i);
		uint16_t const swap = all[i];
		all[i] = all[j];
		all[j] = swap;
	}
	for (uint32_t i = 0; i < n; i++)
		s->slot[i] = all[first + i];
	s->slots = n;
}

/* A random event; slots stay live but for an instant */
static inline struct t_event stream_step(struct stream *s)
{
	uint32_t const slot = s->refill >= 0 ? (uint32_t)s->refill
	                                     : s->slot[t_below(&s->r, s->slots)];
	struct t_event const e = t_random_event(&s->r, s->ref, slot);

	t_write(&s->log.writer, &e);
	t_ref_apply(s->ref, &e);
	s->refill = e.kind == CAPLOG_REMOVE && t_chance(&s->r, 98) ? (int)slot : -1;
	return e;
}

#endif
