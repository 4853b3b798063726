/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_L4_SYS_CONSTS_H
#define GENODE_API_L4_SYS_CONSTS_H

enum l4_syscall_flags_t {
	L4_SYSF_SEND           = 1,
	L4_SYSF_RECV           = 2,
	L4_SYSF_OPEN_WAIT      = 4,
	L4_SYSF_REPLY          = 8,
	L4_SYSF_CALL           = 3,
	L4_SYSF_WAIT           = 6,
	L4_SYSF_REPLY_AND_WAIT = 15
};

/* one enumeration of word width: so are all its constants */
enum l4_cap_consts_t {
	L4_CAP_SHIFT       = 12UL,
	L4_CAP_SIZE        = 1UL << 12,
	L4_INVALID_CAP     = ~0UL << 11,
	L4_INVALID_CAP_BIT = 1UL << 11
};

enum l4_unmap_flags_t {
	L4_FP_ALL_SPACES   = 0x80000000UL,
	L4_FP_DELETE_OBJ   = 0xc0000000UL,
	L4_FP_OTHER_SPACES = 0x0UL
};

enum l4_msg_item_consts_t {
	L4_ITEM_MAP            = 8,
	L4_MAP_ITEM_GRANT      = 2,
	L4_RCV_ITEM_SINGLE_CAP = 10
};

enum l4_buffer_desc_consts_t { L4_BDR_OFFSET_MASK = (1UL << 20) - 1 };

enum l4_default_caps_t {
	L4_BASE_TASK_CAP   = 1UL << 12,
	L4_BASE_THREAD_CAP = 3UL << 12,
	L4_BASE_FACTORY_CAP = 4UL << 12
};

#endif
