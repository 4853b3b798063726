/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fiasco.OC's headers are included inside of the namespace Fiasco
 */
#ifndef GENODE_API_L4_SYS_TYPES_H
#define GENODE_API_L4_SYS_TYPES_H

#include <l4/sys/consts.h>

typedef unsigned short l4_uint16_t;
typedef unsigned int   l4_uint32_t;
typedef long           l4_mword_t;
typedef unsigned long  l4_umword_t;
typedef unsigned long  l4_addr_t;
typedef unsigned long  l4_cap_idx_t;

typedef union { l4_umword_t fpage, raw; } l4_fpage_t;

typedef union l4_timeout_t {
	l4_uint32_t raw;
	struct { l4_uint16_t rcv, snd; } p;
} l4_timeout_t;

typedef struct { l4_uint16_t t; } l4_timeout_s;

l4_timeout_s l4_timeout_rel(unsigned man, unsigned exp);
l4_timeout_t l4_timeout(l4_timeout_s snd, l4_timeout_s rcv);

#define L4_IPC_NEVER          ((l4_timeout_t){0})
#define L4_IPC_SEND_TIMEOUT_0 ((l4_timeout_t){0x04000000})
#define L4_IPC_BOTH_TIMEOUT_0 ((l4_timeout_t){0x04000400})

enum l4_msgtag_protocol { L4_PROTO_NONE = 0, L4_PROTO_IRQ = -1L };
enum l4_msgtag_flags    { L4_MSGTAG_ERROR = 0x8000 };

enum L4_fpage_rights { L4_FPAGE_W = 2, L4_FPAGE_RO = 4, L4_FPAGE_RW = 6, L4_FPAGE_RWX = 7 };

enum l4_error_code_t { L4_ENOENT = 2, L4_EBADPROTO = 39 };

/* words 0..5, items 6..11, flags 12..15, label 16.. */
typedef struct l4_msgtag_t { l4_mword_t raw; } l4_msgtag_t;

static inline l4_msgtag_t l4_msgtag(long label, unsigned words, unsigned items, unsigned flags)
{
	l4_msgtag_t tag = { (l4_mword_t)((unsigned long)label << 16 | flags | items << 6 | words) };
	return tag;
}

static inline long     l4_msgtag_label    (l4_msgtag_t t) { return t.raw >> 16; }
static inline unsigned l4_msgtag_words    (l4_msgtag_t t) { return t.raw & 63; }
static inline unsigned l4_msgtag_items    (l4_msgtag_t t) { return t.raw >> 6 & 63; }
static inline unsigned l4_msgtag_has_error(l4_msgtag_t t) { return t.raw & L4_MSGTAG_ERROR; }

/* rights 0..3, type 4..5 (objects: 3), order 6..11, selector 12.. */
static inline l4_fpage_t l4_obj_fpage(l4_cap_idx_t obj, unsigned order, unsigned char rights)
{
	l4_fpage_t page;
	page.raw = (obj & ~0xfffUL) | order << 6 | 3 << 4 | rights;
	return page;
}

/* of memory: type 1 */
static inline l4_fpage_t l4_fpage(unsigned long address, unsigned order, unsigned char rights)
{
	l4_fpage_t page;
	page.raw = (address & ~0xfffUL) | order << 6 | 1 << 4 | rights;
	return page;
}

#endif
