/* SPDX-License-Identifier: BSD-2-Clause */
/* What the engine and xxHash need of a C library; Genode's C++ runtime has it */
#ifndef CAPLOG_LIBC_STRING_H
#define CAPLOG_LIBC_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *at, int byte, size_t size);

/* Genode keeps this one to itself */
static inline int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *x = a, *y = b;

	for (; size && *x == *y; size--, x++, y++);
	return size ? *x - *y : 0;
}

#endif
