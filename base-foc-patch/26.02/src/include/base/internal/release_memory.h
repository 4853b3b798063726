/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces, as far as Genode 26.02 says it in another way than other releases
 */
#ifndef CAPLOG_RELEASE_MEMORY_H
#define CAPLOG_RELEASE_MEMORY_H

#include <dataspace/client.h>
#include <region_map/region_map.h>

namespace Genode {

	static inline bool is_writable(Dataspace_client &ds) { return ds.writeable(); }

	/* Somewhere, writable; nullptr if that fails */
	static inline void *attach(Region_map &rm, Dataspace_capability ds)
	{
		Region_map::Attr attr { };
		attr.writeable = true;

		return rm.attach(ds, attr).convert<void *>(
			[&] (Region_map::Range const &range)  { return (void *)range.start; },
			[&] (Region_map::Attach_error const &) { return nullptr; });
	}

	static inline void detach(Region_map &rm, void *at) { rm.detach((addr_t)at); }

	/* There are no exceptions */
	template <typename FN> void try_to(FN const &fn) { fn(); }
}

#endif
