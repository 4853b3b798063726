/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's region maps, none of which contains itself
 *
 * Genode's are attached anywhere. In one that contains itself the pager looks for a
 * page in a circle and waits for a lock of its own, so that no fault of any component
 * is resolved any more; and what is detached there is looked for without end.
 */
#ifndef CAPLOG_REGION_MAP_COMPONENT_H
#define CAPLOG_REGION_MAP_COMPONENT_H

/* what Genode's header includes, and may have the word below in it */
#include <base/rpc_server.h>
#include <dataspace_component.h>
#include <pager.h>
#include <platform.h>
#include <region_map/region_map.h>

/* Genode's function gets another name, and is declared together with what comes before it */
#define override
#define attach(...)                                   \
	attach(__VA_ARGS__);                              \
	Local_addr attach_unchecked(__VA_ARGS__);         \
	bool contains(Region_map_component const &, unsigned depth, unsigned &regions)
#include_next <region_map_component.h>
#undef attach
#undef override

#endif
