/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_STACK_H
#define GENODE_API26_BASE_INTERNAL_STACK_H

#include <base/thread.h>

#include <base/internal/native_thread.h>
#include <base/internal/native_utcb.h>

namespace Genode {

	struct Stack : Noncopyable
	{
		addr_t top() const;
		addr_t base() const;

		Native_thread &native_thread();
		Native_utcb   &utcb();
	};
}

#endif
