/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying of memory in the largest steps that need no register of the FPU */
#ifndef CAPLOG_WORDS_H
#define CAPLOG_WORDS_H

#include <stddef.h>

/* \return  bytes at the end that are not copied */
static inline size_t caplog_copy_words(void *to, const void *from, size_t size)
{
	size_t words = size / 4;

	__asm__ volatile ("rep movsl" : "+D" (to), "+S" (from), "+c" (words) : : "memory");
	return size % 4;
}

#endif
