/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_CAP_MAPPING_H
#define GENODE_API26_CORE_CAP_MAPPING_H

#include <cap_index.h>

namespace Core { class Cap_mapping; }


/* The functions are the overlay's */
class Core::Cap_mapping : Noncopyable
{
	private:

		Core_cap_index *_get_cap();

	public:

		Native_capability local;
		Foc::l4_cap_idx_t remote;

		Cap_mapping(bool alloc = false, Foc::l4_cap_idx_t slot = Foc::L4_INVALID_CAP);
		Cap_mapping(Native_capability, Foc::l4_cap_idx_t slot = Foc::L4_INVALID_CAP);

		void map(Foc::l4_cap_idx_t task);
};

#endif
