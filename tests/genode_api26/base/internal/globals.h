/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_GLOBALS_H
#define GENODE_API26_BASE_INTERNAL_GLOBALS_H

namespace Genode {

	struct Parent;

	/* the overlay's; whoever starts the program calls them */
	void prepare_init_main_thread();
	void init_rpc_cap_alloc(Parent &);
}

#endif
