/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_PAGER_H
#define GENODE_API26_CORE_PAGER_H

#include <base/object_pool.h>
#include <base/thread.h>
#include <ipc_pager.h>

#include <pager_object_exception_state.h>
#include <rpc_cap_factory.h>

namespace Core {

	class Pager_object;
	class Pager_entrypoint;

	typedef Capability<Pager_object> Pager_capability;

	void init_page_fault_handling(Rpc_entrypoint &);
}


class Core::Pager_object : public Object_pool<Pager_object>::Entry
{
	private:

		unsigned long const _badge;

	public:

		Pager_object_exception_state state { };

		explicit Pager_object(unsigned long badge = 0) : _badge(badge) { }

		unsigned long badge() const { return _badge; }

		enum class Pager_result { STOP, CONTINUE };

		virtual Pager_result pager(Ipc_pager &) = 0;

		void wake_up();
		void unresolved_page_fault_occurred();
		void submit_exception_signal();
};


class Core::Pager_entrypoint : public Object_pool<Pager_object>, public Thread
{
	private:

		Ipc_pager        _pager { };
		Rpc_cap_factory &_cap_factory;

	public:

		/* core's thread begins to run at once; this one when a test calls entry() */
		Pager_entrypoint(Runtime &, Rpc_cap_factory &);

		Pager_capability manage(Pager_object &);
		void             dissolve(Pager_object &);

		void entry() override;
};

#endif
