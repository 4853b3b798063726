/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CAPLOG_NUMBERS_H
#define CAPLOG_NUMBERS_H

#include <caplog/flavour.h>

/* Initialiser of a struct caplog_flavour, from the numbers with this prefix */
#define CAPLOG_NUMBERS(f)                  \
	{                                        \
		.name          = f##_NAME,             \
		.slot_count    = f##_SLOTS,            \
		.slot_shift    = f##_SLOT_SHIFT,       \
		.badge_bits    = f##_BADGE_BITS,       \
		.thread_stride = f##_THREAD_STRIDE,    \
		.badge_step    = f##_BADGE_STEP,       \
		.task_slot     = f##_TASK_SLOT,        \
		.parent_slot   = f##_PARENT_SLOT,      \
		.thread_base   = f##_THREAD_BASE,      \
		.user_base     = f##_USER_BASE,        \
		.threads       = f##_THREADS,          \
		.badge_unused  = f##_BADGE_UNUSED,     \
		.badge_none    = f##_BADGE_NONE,       \
		.main_badge    = f##_BADGE_MAIN,       \
	}

#endif
