/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Space: the live capability space of a component, as folded from its log
 *
 * struct caplog_space has 128 KiB and a few bytes; the caller allocates it.
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
CAPLOG_ASSERT(sizeof(struct caplog_space) >> 10 == 128, "struct caplog_space has 128 KiB");

/* live: allocated and neither stale nor tombstone; kind[]: of these, by enum caplog_kind */
struct caplog_census {
	uint32_t live, tombstones, stale;
	uint32_t kind[CAPLOG_KIND_NUMBERS];
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
 * Count what is there. A tombstone whose badge came again is stale as well; it
 * counts as a tombstone.
 */
void caplog_space_census(const struct caplog_space *space, struct caplog_census *census);

/* Name of what a slot holds as `caplog show` prints it: the kind's, or "parent", "thread" */
const char *caplog_slot_name(const struct caplog_space *space, uint32_t slot);

/*
 * A badge that core never hands out, one per slot
 *
 * For entries that must not match any more. Core's badges are multiples of the
 * flavour's badge_step, these are not; nor is any of them main_badge or
 * badge_none.
 */
uint32_t caplog_dead_badge(const struct caplog_flavour *flavour, uint32_t slot);

#ifdef __cplusplus
}
#endif

#endif
