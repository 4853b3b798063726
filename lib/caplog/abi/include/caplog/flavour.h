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

/*
 * Genode on Fiasco.OC; each flavour is named after the first release that has
 * it. Sources: in repos/base-foc, native_capability.h (slots), cap_alloc.cc
 * (their number), rpc_cap_factory.cc (that of core's entries),
 * capability_data.h (badges), platform_pd.h (threads).
 */

/* 16.08 to 17.02 */
#define CAPLOG_FOC_16_08_NAME          "foc-16.08"
#define CAPLOG_FOC_16_08_SLOTS         4096
#define CAPLOG_FOC_16_08_CORE_SLOTS    (10 * 1024)
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
/* as many as fit; core makes up to 128, but logs of this flavour have room for these */
#define CAPLOG_FOC_16_08_THREADS                                    \
	((CAPLOG_FOC_16_08_USER_BASE - CAPLOG_FOC_16_08_THREAD_BASE) / \
	 CAPLOG_FOC_16_08_THREAD_STRIDE)

/* 17.05 to 19.02 */
#define CAPLOG_FOC_17_05_NAME          "foc-17.05"
#define CAPLOG_FOC_17_05_SLOTS         4096
#define CAPLOG_FOC_17_05_CORE_SLOTS    (10 * 1024)
#define CAPLOG_FOC_17_05_SLOT_SHIFT    12
#define CAPLOG_FOC_17_05_BADGE_BITS    16
#define CAPLOG_FOC_17_05_BADGE_STEP    4
#define CAPLOG_FOC_17_05_BADGE_UNUSED  0
#define CAPLOG_FOC_17_05_BADGE_NONE    0xffff
#define CAPLOG_FOC_17_05_BADGE_MAIN    1
#define CAPLOG_FOC_17_05_TASK_SLOT     0x1
#define CAPLOG_FOC_17_05_PARENT_SLOT   0xb
#define CAPLOG_FOC_17_05_THREAD_BASE   0xc
#define CAPLOG_FOC_17_05_THREAD_STRIDE 3
#define CAPLOG_FOC_17_05_USER_BASE     0x200
#define CAPLOG_FOC_17_05_THREADS       128

/* 19.05 to 24.11 */
#define CAPLOG_FOC_19_05_NAME          "foc-19.05"
#define CAPLOG_FOC_19_05_SLOTS         4096
#define CAPLOG_FOC_19_05_CORE_SLOTS    (10 * 1024)
#define CAPLOG_FOC_19_05_SLOT_SHIFT    12
#define CAPLOG_FOC_19_05_BADGE_BITS    16
#define CAPLOG_FOC_19_05_BADGE_STEP    4
#define CAPLOG_FOC_19_05_BADGE_UNUSED  0
#define CAPLOG_FOC_19_05_BADGE_NONE    0xffff
#define CAPLOG_FOC_19_05_BADGE_MAIN    1
#define CAPLOG_FOC_19_05_TASK_SLOT     0x1
#define CAPLOG_FOC_19_05_PARENT_SLOT   0xb
#define CAPLOG_FOC_19_05_THREAD_BASE   0xc
#define CAPLOG_FOC_19_05_THREAD_STRIDE 5
#define CAPLOG_FOC_19_05_USER_BASE     0x300
#define CAPLOG_FOC_19_05_THREADS       128

/* 25.02 to 26.02: as 19.05, but for badges and core's entries */
#define CAPLOG_FOC_26_02_NAME          "foc-26.02"
#define CAPLOG_FOC_26_02_SLOTS         4096
#define CAPLOG_FOC_26_02_CORE_SLOTS    (128 * 1024)
#define CAPLOG_FOC_26_02_SLOT_SHIFT    12
#define CAPLOG_FOC_26_02_BADGE_BITS    28
#define CAPLOG_FOC_26_02_BADGE_STEP    4
#define CAPLOG_FOC_26_02_BADGE_UNUSED  0
#define CAPLOG_FOC_26_02_BADGE_NONE    0xffffffff
#define CAPLOG_FOC_26_02_BADGE_MAIN    1
#define CAPLOG_FOC_26_02_TASK_SLOT     0x1
#define CAPLOG_FOC_26_02_PARENT_SLOT   0xb
#define CAPLOG_FOC_26_02_THREAD_BASE   0xc
#define CAPLOG_FOC_26_02_THREAD_STRIDE 5
#define CAPLOG_FOC_26_02_USER_BASE     0x300
#define CAPLOG_FOC_26_02_THREADS       128

/* Prefixes of the numbers above. CONTRIBUTING.md says how to add one. */
#define CAPLOG_FLAVOURS(X) \
	X(CAPLOG_FOC_16_08)      \
	X(CAPLOG_FOC_17_05)      \
	X(CAPLOG_FOC_19_05)      \
	X(CAPLOG_FOC_26_02)

/*
 * The one that this program is compiled for: width of its cap map, and numbers
 * of its own capability space as CAPLOG_OWN(SLOTS) and so on. All that is linked
 * together is compiled for the same.
 */
#ifndef CAPLOG_FLAVOUR
#define CAPLOG_FLAVOUR CAPLOG_FOC_16_08
#endif
#define CAPLOG_OF_(f, number) f##_##number
#define CAPLOG_OF(f, number)  CAPLOG_OF_(f, number)
#define CAPLOG_OWN(number)    CAPLOG_OF(CAPLOG_FLAVOUR, number)

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

/* A slot as logs store it; CAPLOG_NO_SLOT is no slot of any flavour */
typedef uint16_t caplog_slot;
#define CAPLOG_NO_SLOT ((caplog_slot)~0u)

/*
 * As cap maps store them, of one width: a badge (CAPLOG_BADGE_NONE: the slot is
 * allocated and has none), and a link of the index, which is a slot
 */
#if CAPLOG_OWN(BADGE_BITS) > 16
typedef uint32_t caplog_badge;
typedef uint32_t caplog_link;
#else
typedef uint16_t caplog_badge;
typedef uint16_t caplog_link;
#endif
#define CAPLOG_BADGE_NONE ((caplog_badge)~0u)
#define CAPLOG_NO_LINK    ((caplog_link)~0u)

#define X(f)                                                                                    \
	CAPLOG_ASSERT((f##_SLOTS) <= CAPLOG_SLOTS_MAX, f##_NAME ": raise CAPLOG_SLOTS_MAX");          \
	CAPLOG_ASSERT((f##_SLOTS) < CAPLOG_NO_SLOT, f##_NAME ": widen caplog_slot");                  \
	CAPLOG_ASSERT((f##_BADGE_BITS) <= 28, f##_NAME ": records and table entries hold 28 bits");   \
	CAPLOG_ASSERT((f##_BADGE_NONE) == ((f##_BADGE_BITS) > 16 ? ~0u : 0xffffu),                    \
	              f##_NAME ": BADGE_NONE is not all ones");                                       \
	CAPLOG_ASSERT((f##_BADGE_UNUSED) == 0, f##_NAME ": a zeroed cap map has to be an unused one"); \
	CAPLOG_ASSERT((f##_THREAD_BASE) + (f##_THREADS) * (f##_THREAD_STRIDE) <= (f##_USER_BASE),     \
	              f##_NAME ": threads reach into the slots of the component");
CAPLOG_FLAVOURS(X)
#undef X
CAPLOG_ASSERT(CAPLOG_OWN(BADGE_NONE) == CAPLOG_BADGE_NONE, "widen caplog_badge");
/* two values of a link are no slots */
CAPLOG_ASSERT(CAPLOG_OWN(CORE_SLOTS) < CAPLOG_NO_LINK, "widen caplog_link");

#define CAPLOG_FLAVOUR_NAME_SIZE 16u

struct caplog_flavour {
	char     name[CAPLOG_FLAVOUR_NAME_SIZE];
	uint32_t slot_count;    /* slots of a component's capability space       */
	uint8_t  slot_shift;    /* selector = slot << slot_shift                 */
	uint8_t  badge_bits;    /* width of a badge in the cap map               */
	uint8_t  thread_stride; /* slots per thread: gate, pager gate, lock IRQ,
	                           and what a virtual CPU needs                  */
	uint8_t  badge_step;    /* core hands out badges in multiples of this    */
	uint16_t task_slot;     /* the component's own task                      */
	uint16_t parent_slot;   /* gate of the parent                            */
	uint16_t thread_base;   /* gate of the main thread                       */
	uint16_t user_base;     /* first slot the component allocates itself     */
	uint16_t threads;       /* most threads of a component                   */
	uint32_t badge_unused;  /* map entry is free                             */
	uint32_t badge_none;    /* map entry is allocated and has no badge       */
	uint32_t main_badge;    /* fake badge of the main thread's gate          */
};

/* The flavour that this program is compiled for */
const struct caplog_flavour *caplog_own_flavour(void);

/*
 * All flavours this build knows, foc-16.08 first
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

	return slot >= f->thread_base && at < (uint32_t)f->threads * f->thread_stride &&
	       caplog_divide(at, f->thread_stride) * f->thread_stride == at;
}

#ifdef __cplusplus
}
#endif

#endif /* __ASSEMBLER__ */

#endif
