/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_L4_SYS_UTCB_H
#define GENODE_API26_L4_SYS_UTCB_H

#include_next <l4/sys/utcb.h>

/* Registers in the message of an exception: as many words as x86_64 has, names of none */
typedef struct { l4_umword_t word[26]; } l4_exc_regs_t;

#endif
