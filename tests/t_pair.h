/* SPDX-License-Identifier: BSD-2-Clause */
/* Recorded components, each as a log and as the kernel had it */
#ifndef T_PAIR_H
#define T_PAIR_H

#include "t_files.h"

#include "kernel.h"

/* One pair, and what verify said last */
static struct tool_log log_;
static struct kernel_space kernel;
static struct verify_counts n;
static uint32_t reported;       /* slot of the last mismatch */
static char     said[256];

/* Of the pairs in work */
static const char *flavour = CAPLOG_FOC_16_08_NAME;

static inline const struct load_options *options(void)
{
	static struct load_options o;

	o.flavour = caplog_flavour_by_name(flavour);
	o.word_bytes = 8;
	return &o;
}

static inline void report(void *ctx, const struct finding *f)
{
	(void)ctx;
	if (f->verdict != VERDICT_MISMATCH && f->verdict != VERDICT_LOST)
		return;
	reported = f->slot;
	snprintf(said, sizeof said, "%s", f->text);
}

static inline uint32_t verify(int allow_dead)
{
	reported = CAPLOG_NO_SLOT;
	said[0] = 0;
	struct verify_options const o = { .allow_dead = allow_dead };
	verify_space(&log_, &kernel, &o, &n, report, NULL);
	return n.mismatches + n.lost;
}

static inline int is_live(uint32_t slot)
{
	const struct caplog_cap *c = &log_.space->cap[slot];

	return c->kind != CAPLOG_EMPTY && c->kind != CAPLOG_TOMBSTONE && !c->stale;
}

/* Exactly this slot is found, with these words */
static inline void found(uint32_t slot, const char *expected, const char *instead)
{
	assert_int_equal(verify(0), 1);
	assert_int_equal(reported, slot);
	t_assert_has(said, expected);
	t_assert_has(said, instead);
}

/* Fill the slots of dead objects, so that a pair has no mismatch. \return how many there were */
static inline unsigned revive_dead(void)
{
	unsigned dead = 0;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		if (!is_live(slot) || log_.space->cap[slot].kind != CAPLOG_RECEIVED ||
		    kernel.cap[slot].type != CAPLOG_KERNEL_NONE)
			continue;
		kernel.cap[slot] = (struct caplog_kernel_cap){
			CAPLOG_KERNEL_GATE, 1, CAPLOG_NO_SLOT, log_.space->cap[slot].badge };
		kernel.count++;
		dead++;
	}
	return dead;
}

/* For every pair, with the pair loaded */
static void (*check_pair)(void);
static unsigned dead_objects;

static inline void load_pair(const char *trace, const char *space)
{
	assert_int_equal(log_load(&log_, trace, options()), 0);
	assert_int_equal(kernel_load(&kernel, space, log_.space), 0);
	/* as it was recorded, no bug is in it */
	if (verify(1))
		fail_msg("%s: %s", trace, said);

	unsigned const dead = revive_dead();
	assert_int_equal(dead, n.dead);
	dead_objects += dead;
}

static inline void with_pair(const char *trace, const char *space)
{
	if (!space)
		return;
	load_pair(trace, space);
	check_pair();
	kernel_free(&kernel);
	log_free(&log_);
}

static inline void each_trace_of_both(void (*check)(const char *trace, const char *space))
{
	t_each_trace(check);
	flavour = CAPLOG_FOC_26_02_NAME;
	t_each_trace26(check);
	flavour = CAPLOG_FOC_16_08_NAME;
}

static inline void each_pair(void (*check)(void))
{
	check_pair = check;
	each_trace_of_both(with_pair);
}

#endif
