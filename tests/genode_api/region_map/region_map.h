/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_REGION_MAP_REGION_MAP_H
#define GENODE_API_REGION_MAP_REGION_MAP_H

#include <base/exception.h>
#include <base/signal.h>
#include <base/stdint.h>
#include <dataspace/capability.h>
#include <thread/capability.h>

namespace Genode {

	struct Region_map
	{
		class Local_addr
		{
			private:

				void *_ptr = nullptr;

			public:

				Local_addr() { }
				template <typename T> Local_addr(T ptr) : _ptr((void *)ptr) { }
				template <typename T> operator T () { return (T)_ptr; }
		};

		struct Attach_failed     : Exception     { };
		struct Invalid_dataspace : Attach_failed { };
		struct Region_conflict   : Attach_failed { };

		virtual ~Region_map() { }

		virtual Local_addr attach(Dataspace_capability, size_t size = 0, off_t offset = 0,
		                          bool use_local_addr = false,
		                          Local_addr local_addr = (void *)0,
		                          bool executable = false) = 0;

		virtual void detach(Local_addr) = 0;
	};
}

#endif
