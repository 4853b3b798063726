/* SPDX-License-Identifier: BSD-2-Clause */
/* What fuzzers share: how they fail, and where an input's bytes lie */
#ifndef T_FUZZ_H
#define T_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define T_POISON(at, size)   __asan_poison_memory_region((at), (size))
#define T_UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
#endif
#endif
#ifndef T_POISON
#define T_POISON(at, size)   ((void)(at), (void)(size))
#define T_UNPOISON(at, size) ((void)(at), (void)(size))
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Also what asks for it is checked no further: a fuzzer has no other way to fail */
static inline void t_must(int holds)
{
	if (!holds)
		abort();
}

enum { T_GUARD = 64 };

/*
 * The last `size` bytes of an arena: an access before or after them is an access outside, to the
 * sanitizer. The same memory each time, which costs less than one of its own from the heap.
 *
 * \param arena  static, of T_GUARD + most + T_GUARD bytes, 64-byte aligned
 * \param size   aligned bytes begin at an aligned address
 */
static inline uint8_t *t_fuzz_last(uint8_t *arena, size_t most, size_t size)
{
	uint8_t *const end = arena + T_GUARD + most, *const begin = end - size;

	t_must(size <= most);
	T_UNPOISON(arena, most + 2 * T_GUARD);
	/* of the shadow's granules only the end may be in the middle */
	T_POISON(begin - T_GUARD, T_GUARD - (uintptr_t)begin % 8);
	T_POISON(end, T_GUARD);
	return begin;
}

#endif
