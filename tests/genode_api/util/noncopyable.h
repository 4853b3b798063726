/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_NONCOPYABLE_H
#define GENODE_API_UTIL_NONCOPYABLE_H

namespace Genode {

	struct Noncopyable
	{
		Noncopyable() = default;
		Noncopyable(Noncopyable const &) = delete;
		void operator = (Noncopyable const &) = delete;
	};
}

#endif
