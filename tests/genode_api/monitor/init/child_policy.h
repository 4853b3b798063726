/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_INIT_CHILD_POLICY_H
#define GENODE_API_MONITOR_INIT_CHILD_POLICY_H

#include <base/stdint.h>

namespace Init {

	struct Child_policy_enforce_labeling
	{
		Child_policy_enforce_labeling(char const *name);
		void filter_session_args(char const *service, char *args, Genode::size_t size);
	};

	struct Child_policy_redirect_rom_file
	{
		Child_policy_redirect_rom_file(char const *from, char const *to);
		void filter_session_args(char const *service, char *args, Genode::size_t size);
	};
}

#endif
