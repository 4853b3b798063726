/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Genode's spin lock needs of the kernel
 *
 * Takes the place of base-foc's header of this name. Blocking and waking are
 * in lock.cc.
 */
#ifndef CAPLOG_LOCK_HELPER_H
#define CAPLOG_LOCK_HELPER_H

#include <foc/syscall.h>

/* Let other threads run */
static inline void thread_yield() { Foc::l4_thread_yield(); }

#endif
