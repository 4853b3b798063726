/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flavour: the numbers of one Genode release on one kernel
 *
 * Slot layout, badge width and selector shift differ between releases. They
 * are written down in CAPLOG_FLAVOURS and nowhere else; a log names its
 * flavour, and every check takes its bounds from there.
 *
 * Source: Genode 16.08, repos/base-foc (Fiasco::USER_BASE_CAP and friends).
 */
#ifndef CAPLOG_FLAVOUR_H
#define CAPLOG_FLAVOUR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most slots any flavour has; bounds every static table of the host side. */
#define CAPLOG_SLOTS_MAX 4096u

/* "No slot": fits every 16-bit slot field and is no slot of any flavour. */
#define CAPLOG_NO_SLOT 0xffffu

#define CAPLOG_FLAVOUR_NAME_SIZE 16u

struct caplog_flavour {
	char     name[CAPLOG_FLAVOUR_NAME_SIZE];
	uint32_t slot_count;    /* slots of a component's capability space       */
	uint8_t  slot_shift;    /* selector = slot << slot_shift                 */
	uint8_t  badge_bits;    /* width of a badge in the cap map               */
	uint8_t  thread_stride; /* slots per thread: gate, pager gate, lock IRQ  */
	uint8_t  badge_step;    /* core hands out badges in multiples of this    */
	uint16_t task_slot;     /* the component's own task                      */
	uint16_t parent_slot;   /* gate of the parent                            */
	uint16_t thread_base;   /* gate of the main thread                       */
	uint16_t user_base;     /* first slot the component allocates itself     */
	uint32_t badge_unused;  /* map entry is free                             */
	uint32_t badge_none;    /* map entry is allocated and has no badge       */
	uint32_t main_badge;    /* fake badge of the main thread's gate          */
};

/* One line per flavour; add new ones here (CONTRIBUTING.md says how).       */
/*  name, slots, shift, bits, stride, step, task, parent, thread, user, ...  */
#define CAPLOG_FLAVOURS(X) \
	X("foc-16.08", 4096, 12, 16, 3, 4, 0x1, 0x8, 0x9, 0x200, 0, 0xffff, 1)

/*
 * All flavours this build knows
 *
 * \param count  receives their number, may be NULL
 */
const struct caplog_flavour *caplog_flavours(size_t *count);

/*
 * Look a flavour up by name
 *
 * \param name  not necessarily terminated, at most CAPLOG_FLAVOUR_NAME_SIZE
 * \return      NULL if this build does not know it
 */
const struct caplog_flavour *caplog_flavour_by_name(const char *name);

/*
 * n / d for d != 0, bit by bit: where the machine has no such instruction the
 * compiler would call a library that a component need not have
 */
static inline uint32_t caplog_divide(uint32_t n, uint32_t d)
{
	uint32_t quotient = 0, rest = 0;

	for (unsigned i = 0; i < 32; i++, n <<= 1) {
		rest = rest << 1 | n >> 31;
		quotient <<= 1;
		if (rest >= d) {
			rest -= d;
			quotient |= 1;
		}
	}
	return quotient;
}

/* True if 'slot' holds the gate of a thread (the thread area, every stride) */
static inline int caplog_is_thread_slot(const struct caplog_flavour *f, uint32_t slot)
{
	uint32_t const at = slot - f->thread_base;

	return slot >= f->thread_base && slot < f->user_base &&
	       slot + f->thread_stride <= f->user_base &&
	       caplog_divide(at, f->thread_stride) * f->thread_stride == at;
}

/* Number of threads that fit in the thread area */
static inline uint32_t caplog_thread_max(const struct caplog_flavour *f)
{
	return caplog_divide((uint32_t)f->user_base - f->thread_base, f->thread_stride);
}

#ifdef __cplusplus
}
#endif

#endif
