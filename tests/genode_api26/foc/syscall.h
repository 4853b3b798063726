/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_FOC_SYSCALL_H
#define GENODE_API26_FOC_SYSCALL_H

namespace Foc {
#include <l4/sys/consts.h>
#include <l4/sys/debugger.h>
#include <l4/sys/factory.h>
#include <l4/sys/ipc.h>
#include <l4/sys/irq.h>
#include <l4/sys/kdebug.h>
#include <l4/sys/rcv_endpoint.h>
#include <l4/sys/task.h>
#include <l4/sys/thread.h>
#include <l4/sys/types.h>
#include <l4/sys/utcb.h>
}

#endif
