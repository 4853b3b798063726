/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access to memory that another protection domain reads or writes meanwhile
 *
 * All ordering between writer and reader is stated here. Writer: record, then
 * head (release), then, after a fence, details and the table entry with its
 * version last (release); the fence also keeps the next record, which replaces
 * an old one, after this head. Reader: version first (acquire), then the rest
 * of the entry; head (acquire) first, then records; after a fence the head
 * again, which shows whether what was read may have been overwritten. 32-bit
 * accesses only: these are single on every target.
 */
#ifndef CAPLOG_SHARED_H
#define CAPLOG_SHARED_H

#include <stdint.h>

static inline void shared_put(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

static inline void shared_publish(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

/* Stores before it are seen before stores after it */
static inline void shared_stores_in_order(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

/* Loads before it are done before loads after it */
static inline void shared_loads_in_order(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static inline uint32_t shared_get(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline uint32_t shared_observe(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

#endif
