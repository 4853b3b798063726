/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_L4_SYS_TYPES_H
#define GENODE_API26_L4_SYS_TYPES_H

#include_next <l4/sys/types.h>

enum { L4_PROTO_EXCEPTION = -5L };

inline unsigned l4_msgtag_is_exception(l4_msgtag_t tag) { return l4_msgtag_label(tag) == L4_PROTO_EXCEPTION; }

#endif
