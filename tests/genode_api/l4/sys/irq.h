/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_IRQ_H
#define GENODE_API_L4_SYS_IRQ_H

#include <l4/sys/ipc.h>

enum L4_irq_op { L4_IRQ_OP_EOI = 4 };

l4_msgtag_t l4_irq_attach(l4_cap_idx_t irq, l4_umword_t label, l4_cap_idx_t thread);
l4_msgtag_t l4_irq_detach(l4_cap_idx_t irq);
l4_msgtag_t l4_irq_trigger(l4_cap_idx_t irq);

#endif
