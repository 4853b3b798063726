/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_UTCB_H
#define GENODE_API_L4_SYS_UTCB_H

#include <l4/sys/types.h>

/* in words from the start */
enum {
	L4_UTCB_GENERIC_DATA_SIZE    = 63,
	L4_UTCB_GENERIC_BUFFERS_SIZE = 58,
	L4_UTCB_BUF_REGS_OFFSET      = 64*sizeof(l4_umword_t),
	L4_UTCB_THREAD_REGS_OFFSET   = 123*sizeof(l4_umword_t)
};

typedef struct l4_utcb_t l4_utcb_t;

typedef struct { l4_umword_t mr[L4_UTCB_GENERIC_DATA_SIZE]; } l4_msg_regs_t;

typedef struct {
	l4_umword_t bdr;
	l4_umword_t br[L4_UTCB_GENERIC_BUFFERS_SIZE];
} l4_buf_regs_t;

typedef struct {
	l4_umword_t  error;
	l4_timeout_t xfer;
	l4_umword_t  user[3];
} l4_thread_regs_t;

l4_utcb_t        *l4_utcb();
l4_msg_regs_t    *l4_utcb_mr();
l4_buf_regs_t    *l4_utcb_br();
l4_thread_regs_t *l4_utcb_tcr();
l4_thread_regs_t *l4_utcb_tcr_u(l4_utcb_t *);

#endif
