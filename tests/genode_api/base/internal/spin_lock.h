/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_SPIN_LOCK_H
#define GENODE_API_BASE_INTERNAL_SPIN_LOCK_H

#include <cpu/atomic.h>
#include <cpu/memory_barrier.h>
#include <base/internal/native_thread.h>
#include <base/internal/lock_helper.h>

enum State { SPINLOCK_LOCKED, SPINLOCK_UNLOCKED };

static inline void spinlock_lock(volatile int *lock)
{
	while (!Genode::cmpxchg(lock, SPINLOCK_UNLOCKED, SPINLOCK_LOCKED))
		thread_yield();
}

static inline void spinlock_unlock(volatile int *lock)
{
	Genode::memory_barrier();
	*lock = SPINLOCK_UNLOCKED;
}

#endif
