/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flavour: the numbers of one Genode release on one kernel
 *
 * Slot layout, badge width and selector shift differ between releases. They
 * are defined here and nowhere else: at compile time as CAPLOG_<FLAVOUR>_*,
 * for C, C++ and assembly, and at run time as struct caplog_flavour, which a
 * log names and from which every check takes its bounds.
 */
#ifndef CAPLOG_FLAVOUR_H
#define CAPLOG_FLAVOUR_H

/* Genode 16.08 on Fiasco.OC. Source: repos/base-foc (Fiasco::USER_BASE_CAP and friends) */
#define CAPLOG_FOC_16_08_SLOTS         4096
#define CAPLOG_FOC_16_08_SLOT_SHIFT    12
#define CAPLOG_FOC_16_08_BADGE_BITS    16
#define CAPLOG_FOC_16_08_BADGE_STEP    4
#define CAPLOG_FOC_16_08_BADGE_UNUSED  0
#define CAPLOG_FOC_16_08_BADGE_NONE    0xffff
#define CAPLOG_FOC_16_08_BADGE_MAIN    1
#define CAPLOG_FOC_16_08_TASK_SLOT     0x1
#define CAPLOG_FOC_16_08_PARENT_SLOT   0x8
#define CAPLOG_FOC_16_08_THREAD_BASE   0x9
#define CAPLOG_FOC_16_08_THREAD_STRIDE 3
#define CAPLOG_FOC_16_08_USER_BASE     0x200
/* threads that fit the thread area */
#define CAPLOG_FOC_16_08_THREADS                                    \
	((CAPLOG_FOC_16_08_USER_BASE - CAPLOG_FOC_16_08_THREAD_BASE) / \
	 CAPLOG_FOC_16_08_THREAD_STRIDE)

/* Name in a log, prefix of the numbers above. CONTRIBUTING.md says how to add one. */
#define CAPLOG_FLAVOURS(X) \
	X("foc-16.08", CAPLOG_FOC_16_08)

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define CAPLOG_ASSERT(cond, text) static_assert(cond, text)
#else
#define CAPLOG_ASSERT(cond, text) _Static_assert(cond, text)
#endif

/* Most slots any flavour has; bounds every static table of the host side */
#define CAPLOG_SLOTS_MAX 4096u

/* A slot as logs and maps store it; CAPLOG_NO_SLOT is no slot of any flavour */
typedef uint16_t caplog_slot;
#define CAPLOG_NO_SLOT ((caplog_slot)~0u)

/* A badge as cap maps store it; CAPLOG_BADGE_NONE: the slot is allocated and has none */
typedef uint16_t caplog_badge;
#define CAPLOG_BADGE_NONE ((caplog_badge)~0u)

#define X(name, f)                                                                             \
	CAPLOG_ASSERT((f##_SLOTS) <= CAPLOG_SLOTS_MAX, name ": raise CAPLOG_SLOTS_MAX");             \
	CAPLOG_ASSERT((f##_SLOTS) < CAPLOG_NO_SLOT, name ": widen caplog_slot");                     \
	CAPLOG_ASSERT((f##_BADGE_BITS) <= 8 * sizeof(caplog_badge), name ": widen caplog_badge");    \
	CAPLOG_ASSERT((f##_BADGE_NONE) == CAPLOG_BADGE_NONE, name ": BADGE_NONE is not all ones");   \
	CAPLOG_ASSERT((f##_BADGE_UNUSED) == 0, name ": a zeroed cap map has to be an unused one");
CAPLOG_FLAVOURS(X)
#undef X

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

#endif /* __ASSEMBLER__ */

#endif
