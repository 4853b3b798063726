/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loops that stay loops
 *
 * Compilers turn a loop that clears, fills or copies into a call of memset or
 * memcpy, which do not exist where the core runs. The volatile accesses below
 * prevent that; no other place of the core needs them. Shifts instead of
 * divisions: these are calls as well on some targets without optimisation.
 */
#ifndef CAPLOG_BYTES_H
#define CAPLOG_BYTES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Words that may lie over an object of any type */
typedef unsigned long __attribute__((may_alias)) caplog_any_long;
typedef uint32_t __attribute__((may_alias)) caplog_any_word;
typedef uint16_t __attribute__((may_alias)) caplog_any_half;

/* Set to zero; 4-byte aligned, and a multiple of 4 bytes */
static inline void caplog_clear(void *to, size_t bytes)
{
	volatile caplog_any_word *word = (volatile caplog_any_word *)to;
	size_t const tail = (uintptr_t)to & (sizeof(long) - 1) ? bytes : bytes & (sizeof(long) - 1);
	volatile caplog_any_long *at = (volatile caplog_any_long *)to;
	volatile caplog_any_long *const end = at + ((bytes - tail) >> (sizeof(long) == 8 ? 3 : 2));

	/* machine words first: a space has 128 KiB */
	while (at != end)
		*at++ = 0;
	word += (bytes - tail) >> 2;
	for (size_t i = 0; i < tail >> 2; i++)
		word[i] = 0;
}

/* Copy; both 4-byte aligned, and a multiple of 4 bytes */
static inline void caplog_copy(void *to, const void *from, size_t bytes)
{
	volatile caplog_any_word *word = (volatile caplog_any_word *)to;

	for (size_t i = 0; i < bytes >> 2; i++)
		word[i] = ((const caplog_any_word *)from)[i];
}

/* Set each of `count` 16-bit elements to one value */
static inline void caplog_fill(void *to, uint16_t value, size_t count)
{
	volatile caplog_any_half *half = (volatile caplog_any_half *)to;

	for (size_t i = 0; i < count; i++)
		half[i] = value;
}

/* Likewise of 32-bit elements */
static inline void caplog_fill_words(void *to, uint32_t value, size_t count)
{
	volatile caplog_any_word *word = (volatile caplog_any_word *)to;

	for (size_t i = 0; i < count; i++)
		word[i] = value;
}

#ifdef __cplusplus
}
#endif

#endif
