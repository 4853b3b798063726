/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_CACHE_H
#define GENODE_API_L4_SYS_CACHE_H

int l4_cache_dma_coherent(unsigned long begin, unsigned long end);

#endif
