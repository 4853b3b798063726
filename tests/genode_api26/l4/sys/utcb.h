/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_L4_SYS_UTCB_H
#define GENODE_API26_L4_SYS_UTCB_H

#include_next <l4/sys/utcb.h>

/* Registers in the message of an exception: as many words as x86_64 has */
typedef struct { l4_umword_t word[24], trapno, sp; } l4_exc_regs_t;

l4_exc_regs_t *l4_utcb_exc();

inline bool        l4_utcb_exc_is_pf(l4_exc_regs_t const *regs)   { return regs->trapno == 14; }
inline l4_umword_t l4_utcb_exc_typeval(l4_exc_regs_t const *regs) { return regs->trapno; }

#endif
