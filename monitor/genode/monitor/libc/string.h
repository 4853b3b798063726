/* SPDX-License-Identifier: BSD-2-Clause */
/* What the engine and xxHash need of a C library; Genode's C++ runtime has it */
#ifndef CAPLOG_LIBC_STRING_H
#define CAPLOG_LIBC_STRING_H

#include <stddef.h>

#include <words.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *at, int byte, size_t size);

/* Genode's copies byte by byte, on x86 at least */
static inline void *caplog_copy(void *to, const void *from, size_t size)
{
	enum { FEW = 64 };

	if (__builtin_constant_p(size) && size <= FEW)
		return __builtin_memcpy(to, from, size);

	size_t const left = size < FEW ? size : caplog_copy_words(to, from, size);
	size_t const done = size - left;

	for (size_t i = done; i < size; i++)
		((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
	return to;
}

#define memcpy caplog_copy

/* So does its memset: the first bytes are copied over all that follow */
static inline void *caplog_set(void *at, int byte, size_t size)
{
	enum { FEW = 64 };

	size_t const first = size < FEW ? size : FEW;

	for (size_t i = 0; i < first; i++)
		((unsigned char *)at)[i] = (unsigned char)byte;
	caplog_copy((char *)at + first, at, size - first);
	return at;
}

#define memset caplog_set

/* Genode keeps this one to itself */
static inline int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *x = a, *y = b;

	for (; size && *x == *y; size--, x++, y++);
	return size ? *x - *y : 0;
}

#endif
