/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In the place of <caplog/bytes.h>, for fuzzers: the same by libc, whose functions the sanitizer
 * checks once for all bytes
 */
#ifndef CAPLOG_BYTES_H
#define CAPLOG_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void caplog_clear(void *to, size_t bytes)
{
	memset(to, 0, bytes);
}

static inline void caplog_copy(void *to, const void *from, size_t bytes)
{
	memcpy(to, from, bytes);
}

static inline void caplog_fill(void *to, uint16_t value, size_t count)
{
	for (size_t i = 0; i < count; i++)
		((uint16_t *)to)[i] = value;
}

static inline void caplog_fill_words(void *to, uint32_t value, size_t count)
{
	for (size_t i = 0; i < count; i++)
		((uint32_t *)to)[i] = value;
}

#endif
