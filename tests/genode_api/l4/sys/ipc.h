/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_IPC_H
#define GENODE_API_L4_SYS_IPC_H

#include <l4/sys/utcb.h>

enum l4_ipc_tcr_error_t { L4_IPC_RETIMEOUT = 3, L4_IPC_SETIMEOUT = 2, L4_IPC_RECANCELED = 7 };

l4_msgtag_t l4_ipc_call(l4_cap_idx_t dest, l4_utcb_t *, l4_msgtag_t, l4_timeout_t);
l4_msgtag_t l4_ipc_send(l4_cap_idx_t dest, l4_utcb_t *, l4_msgtag_t, l4_timeout_t);
l4_msgtag_t l4_ipc_sleep(l4_timeout_t);
l4_umword_t l4_ipc_error(l4_msgtag_t, l4_utcb_t *);
long        l4_error(l4_msgtag_t);

#endif
