/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's interface, under the name that later releases have for it
 */
#ifndef CAPLOG_FOC_SYSCALL_H
#define CAPLOG_FOC_SYSCALL_H

namespace Fiasco {
#include <l4/sys/consts.h>
#include <l4/sys/debugger.h>
#include <l4/sys/factory.h>
#include <l4/sys/ipc.h>
#include <l4/sys/irq.h>
#include <l4/sys/task.h>
#include <l4/sys/thread.h>
#include <l4/sys/types.h>
#include <l4/sys/utcb.h>
}

namespace Foc = Fiasco;

#endif
