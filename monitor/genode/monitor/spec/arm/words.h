/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying of memory in the largest steps that need no register of the FPU */
#ifndef CAPLOG_WORDS_H
#define CAPLOG_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* \return  bytes at the end that are not copied */
static inline size_t caplog_copy_words(void *to, const void *from, size_t size)
{
	/* these instructions want addresses of words */
	if (((uintptr_t)to | (uintptr_t)from) % 4)
		return size;

	for (; size >= 32; size -= 32)
		__asm__ volatile ("ldmia %1!, {r3-r6}\n\tstmia %0!, {r3-r6}\n\t"
		                  "ldmia %1!, {r3-r6}\n\tstmia %0!, {r3-r6}"
		                  : "+r" (to), "+r" (from) : : "r3", "r4", "r5", "r6", "memory");
	return size;
}

#endif
