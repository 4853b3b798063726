/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Genode 26.02 says in another way than other releases
 *
 * Each variant of the overlay has a header of this name, for the sources that
 * all of them compile.
 */
#ifndef CAPLOG_RELEASE_H
#define CAPLOG_RELEASE_H

#include <base/native_capability.h>
#include <foc/syscall.h>
#include <util/string.h>

namespace Genode {

	/* An entry without a badge is not valid */
	enum { VALID_WITHOUT_BADGE = false };

	/* How a function returns the only object of a type */
	template <typename T> using Only = T &;

	template <typename T> Only<T> only(T &object) { return object; }
	template <typename T> T      &the(T &object)  { return object; }

	static inline void zero(void *at, size_t size) { bzero(at, size); }

	/* Capability of an entry that exists */
	static inline Native_capability cap_of(Native_capability::Data *entry)
	{
		return Native_capability(entry);
	}
}

#endif
