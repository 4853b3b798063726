/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Space: the live capability space of a component, as folded from its log
 *
 * About 128 KiB; the caller allocates it.
 */
#ifndef CAPLOG_SPACE_H
#define CAPLOG_SPACE_H

#include <caplog/cap.h>

#ifdef __cplusplus
extern "C" {
#endif

struct caplog_space {
	const struct caplog_flavour *flavour;
	uint32_t word_bytes;
	struct caplog_cap cap[CAPLOG_SLOTS_MAX];
	uint64_t a[CAPLOG_SLOTS_MAX]; /* THREAD: UTCB address; IRQ: label */
	uint64_t b[CAPLOG_SLOTS_MAX]; /* THREAD: Thread object            */
	/* a bit per slot: set when a slot may have changed, cleared by its user only */
	uint32_t changed[CAPLOG_SLOTS_MAX / 32];
};

struct caplog_census {
	uint32_t live, tombstones, stale, threads, rpc, irqs, received, placed;
};

void caplog_space_init(struct caplog_space *space, const struct caplog_flavour *flavour,
                       uint32_t word_bytes);

/*
 * Apply one event, whatever version it carries
 *
 * \return 0; -EINVAL for an unknown kind or a slot, badge, entrypoint or
 *         thread slot that the flavour does not have: nothing is changed then
 */
int caplog_fold(struct caplog_space *space, const struct caplog_event *event);

/*
 * Count what is there; live: allocated and neither stale nor tombstone. A
 * tombstone whose badge came again is stale as well; it counts as a tombstone.
 */
void caplog_space_census(const struct caplog_space *space, struct caplog_census *census);

/* Name of a kind or an event; NULL for a number without one */
const char *caplog_kind_name(unsigned kind);
const char *caplog_event_name(unsigned kind);

/* What `show` calls a slot: its kind, or "parent" for the flavour's parent slot */
const char *caplog_slot_name(const struct caplog_space *space, uint32_t slot);

/*
 * A badge that core never hands out, one per slot
 *
 * For entries that must not match any more: core's badges are multiples of
 * the flavour's badge_step, these are not; 1 and 0xffff are taken.
 */
uint32_t caplog_dead_badge(const struct caplog_flavour *flavour, uint32_t slot);

#ifdef __cplusplus
}
#endif

#endif
