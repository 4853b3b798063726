/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_PLATFORM_THREAD_H
#define GENODE_API_CORE_PLATFORM_THREAD_H

#include <base/weak_ptr.h>

#include <cap_index.h>

namespace Genode {

	class Pager_object;

	class Cap_mapping : Noncopyable
	{
		private:

			Core_cap_index *_get_cap();

		public:

			Native_capability    local;
			Fiasco::l4_cap_idx_t remote;

			Cap_mapping(bool alloc = false,
			            Fiasco::l4_cap_idx_t slot = Fiasco::L4_INVALID_CAP);
			Cap_mapping(Native_capability,
			            Fiasco::l4_cap_idx_t slot = Fiasco::L4_INVALID_CAP);

			void map(Fiasco::l4_cap_idx_t task);
	};

	struct Address_space : Weak_object<Address_space>
	{
		virtual ~Address_space() { }
		virtual void flush(addr_t virt_addr, size_t size) = 0;
	};

	struct Platform_pd : Address_space
	{
		Native_capability task;

		Native_capability native_task() { return task; }

		void flush(addr_t, size_t) override { }
	};

	class Platform_thread
	{
		enum State { DEAD, RUNNING };

		State _state = DEAD;

		public:

		Cap_mapping  cap;
		Platform_pd *pd = nullptr;

		Pager_object *pager_object = nullptr;

		explicit Platform_thread(Native_capability c) : cap(c) { }

		int start(void *, void *) { _state = RUNNING; return 0; }

		Weak_ptr<Address_space> address_space() { return pd->Address_space::weak_ptr(); }

		Cap_mapping const &thread() const { return cap; }
		char const        *name()   const { return "thread"; }
		Pager_object      *pager()  const { return pager_object; }
	};
}

#endif
