/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_UTIL_RECONSTRUCTIBLE_H
#define GENODE_API26_MONITOR_UTIL_RECONSTRUCTIBLE_H

#include <base/allocator.h>
#include <util/noncopyable.h>

namespace Genode {

	template <typename T> struct Constructible : Noncopyable
	{
		template <typename... ARGS> void construct(ARGS &&... args) { delete new T(args...); }

		bool constructed() const;
		void destruct();

		T       *operator -> ();
		T const *operator -> () const;
		T       &operator *  ();
	};
}

#endif
