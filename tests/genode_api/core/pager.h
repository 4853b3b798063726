/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_PAGER_H
#define GENODE_API_CORE_PAGER_H

#include <base/object_pool.h>
#include <base/thread.h>
#include <base/thread_state.h>
#include <foc/native_capability.h>

#include <base/internal/native_thread.h>

#include <rpc_cap_factory.h>

namespace Genode {

	struct Mapping;
	class Ipc_pager;
	class Pager_object;
	class Pager_entrypoint;

	typedef Capability<Pager_object> Pager_capability;
}


struct Genode::Mapping
{
	addr_t to, from;
	int    cacheability;
	bool   device;
	unsigned log2;
	bool   writable;

	Mapping(addr_t to, addr_t from, int cacheability, bool device, unsigned log2, bool writable)
	: to(to), from(from), cacheability(cacheability), device(device), log2(log2),
	  writable(writable) { }
};


struct Genode::Ipc_pager : Native_capability
{
	enum Msg_type { PAGEFAULT, WAKE_UP, PAUSE, EXCEPTION };

	void wait_for_fault();
	void reply_and_wait_for_fault();

	addr_t        fault_ip();
	addr_t        fault_addr();
	bool          write_fault() const;
	void          set_reply_mapping(Mapping);
	unsigned long badge();
	Msg_type      msg_type();

	void set_reply_dst(Native_thread);
	void acknowledge_wakeup();
	void acknowledge_exception();
	void get_regs(Thread_state *);
	void set_regs(Thread_state);
};


struct Genode::Pager_object : Object_pool<Pager_object>::Entry
{
	Thread_state state;

	virtual ~Pager_object() { }

	unsigned long badge() const;

	/* not 0 if the fault cannot be resolved */
	virtual int pager(Ipc_pager &) = 0;

	void wake_up();
	void unresolved_page_fault_occurred();
	void submit_exception_signal();
};


class Genode::Pager_entrypoint : public Object_pool<Pager_object>, public Thread
{
	private:

		Ipc_pager       _pager;
		Rpc_cap_factory _cap_factory;

	public:

		/* core's thread begins to run at once; this one when a test calls entry() */
		Pager_entrypoint(Rpc_cap_factory &, Thread_capability);

		Pager_capability manage(Pager_object *);
		void             dissolve(Pager_object *);

		void entry() override;
};

#endif
