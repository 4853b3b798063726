/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_FOC_SYSCALL_H
#define GENODE_API26_MONITOR_FOC_SYSCALL_H

namespace Foc {

	struct l4_timeout_s { unsigned short t; };
	struct l4_timeout_t { unsigned raw; };

	l4_timeout_s l4_timeout_rel(unsigned mantissa, unsigned exponent);
	l4_timeout_t l4_timeout(l4_timeout_s send, l4_timeout_s receive);

	void l4_ipc_sleep(l4_timeout_t);
	void l4_thread_yield();
}

#endif
