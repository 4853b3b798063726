/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_INTERNAL_CRT0_H
#define GENODE_API_BASE_INTERNAL_CRT0_H

extern unsigned long _parent_cap; /* badge of the parent, written by its loader */

#endif
