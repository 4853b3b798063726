/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/flavour.h>

static const struct caplog_flavour flavours[] = {
#define X(flavour_name, f)                 \
	{                                        \
		.name          = flavour_name,         \
		.slot_count    = f##_SLOTS,            \
		.slot_shift    = f##_SLOT_SHIFT,       \
		.badge_bits    = f##_BADGE_BITS,       \
		.thread_stride = f##_THREAD_STRIDE,    \
		.badge_step    = f##_BADGE_STEP,       \
		.task_slot     = f##_TASK_SLOT,        \
		.parent_slot   = f##_PARENT_SLOT,      \
		.thread_base   = f##_THREAD_BASE,      \
		.user_base     = f##_USER_BASE,        \
		.badge_unused  = f##_BADGE_UNUSED,     \
		.badge_none    = f##_BADGE_NONE,       \
		.main_badge    = f##_BADGE_MAIN,       \
	},
	CAPLOG_FLAVOURS(X)
#undef X
};

#define COUNT (sizeof flavours / sizeof flavours[0])

const struct caplog_flavour *caplog_flavours(size_t *count)
{
	if (count)
		*count = COUNT;
	return flavours;
}

const struct caplog_flavour *caplog_flavour_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT; i++) {
		size_t j = 0;
		while (j < CAPLOG_FLAVOUR_NAME_SIZE && name[j] == flavours[i].name[j]) {
			if (!name[j])
				return &flavours[i];
			j++;
		}
		if (j == CAPLOG_FLAVOUR_NAME_SIZE)
			return &flavours[i];
	}
	return NULL;
}
