/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_CRT0_H
#define GENODE_API26_BASE_INTERNAL_CRT0_H

extern unsigned long _parent_cap[]; /* the first is the parent's badge, written by its loader */

#endif
