/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_UTIL_CONSTRUCT_AT_H
#define GENODE_API_MONITOR_UTIL_CONSTRUCT_AT_H

#include <base/stdint.h>

namespace Genode {

	struct Place { void *at; };

	template <typename T, typename... ARGS> T *construct_at(void *at, ARGS &&... args);
}

inline void *operator new (__SIZE_TYPE__, Genode::Place place) { return place.at; }
inline void operator delete (void *, Genode::Place) { }

template <typename T, typename... ARGS>
T *Genode::construct_at(void *at, ARGS &&... args) {
	return new (Place { at }) T(static_cast<ARGS &&>(args)...); }

#endif
