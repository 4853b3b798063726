/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces, as far as Genode 16.08 says it in another way than other releases
 */
#ifndef CAPLOG_RELEASE_MEMORY_H
#define CAPLOG_RELEASE_MEMORY_H

#include <dataspace/client.h>
#include <region_map/region_map.h>

namespace Genode {

	static inline bool is_writable(Dataspace_client &ds) { return ds.writable(); }

	/* Somewhere, writable */
	static inline void *attach(Region_map &rm, Dataspace_capability ds) { return rm.attach(ds); }
	static inline void  detach(Region_map &rm, void *at)                { rm.detach(at); }

	/* Do something that may end with an exception */
	template <typename FN> void try_to(FN const &fn) { try { fn(); } catch (...) { } }
}

#endif
