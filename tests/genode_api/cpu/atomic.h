/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CPU_ATOMIC_H
#define GENODE_API_CPU_ATOMIC_H

namespace Genode {

	inline int cmpxchg(volatile int *at, int expected, int value) {
		return __atomic_compare_exchange_n(at, &expected, value, false,
		                                   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); }
}

#endif
