/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_CONSTRUCT_AT_H
#define GENODE_API_UTIL_CONSTRUCT_AT_H

#include <base/stdint.h>

namespace Genode {

	/* Genode's class has this operator itself, since it has no header <new> */
	template <typename T, typename... ARGS>
	static inline T *construct_at(void *at, ARGS &&... args)
	{
		struct Placed : T
		{
			Placed(ARGS &&... a) : T(a...) { }
			void *operator new (size_t, void *place) { return place; }
			void  operator delete (void *, void *)   { }
			void  operator delete (void *)           { }
		};
		return new (at) Placed(static_cast<ARGS &&>(args)...);
	}
}

#endif
