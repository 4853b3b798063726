/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_FACTORY_H
#define GENODE_API_L4_SYS_FACTORY_H

#include <l4/sys/types.h>

l4_msgtag_t l4_factory_create_gate(l4_cap_idx_t factory, l4_cap_idx_t target,
                                   l4_cap_idx_t thread, l4_umword_t label);
l4_msgtag_t l4_factory_create_irq(l4_cap_idx_t factory, l4_cap_idx_t target);

#endif
