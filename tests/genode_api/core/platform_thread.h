/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_PLATFORM_THREAD_H
#define GENODE_API_CORE_PLATFORM_THREAD_H

#include <base/weak_ptr.h>

#include <cap_index.h>

namespace Genode {

	struct Cap_mapping : Noncopyable
	{
		Native_capability    local;
		Fiasco::l4_cap_idx_t remote;
	};

	struct Address_space : Weak_object<Address_space>
	{
		virtual ~Address_space() { }
		virtual void flush(addr_t virt_addr, size_t size) = 0;
	};

	struct Platform_thread
	{
		Weak_ptr<Address_space> address_space();

		Cap_mapping const &thread() const;
	};

	struct Platform_pd : Address_space
	{
		Native_capability native_task();

		void flush(addr_t, size_t) override;
	};
}

#endif
