/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_RPC_SERVER_H
#define GENODE_API26_BASE_RPC_SERVER_H

#include <base/blockade.h>
#include <base/ipc.h>
#include <base/log.h>
#include <base/object_pool.h>
#include <base/rpc.h>
#include <base/thread.h>
#include <pd_session/pd_session.h>

namespace Genode {

	struct Rpc_object_base;
	class  Rpc_entrypoint;

	template <typename, typename> struct Rpc_object;
}


struct Genode::Rpc_object_base : Object_pool<Rpc_object_base>::Entry
{
	virtual Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) = 0;
};


template <typename RPC_INTERFACE, typename SERVER = RPC_INTERFACE>
struct Genode::Rpc_object : Rpc_object_base, RPC_INTERFACE
{
	Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) override {
		return Rpc_exception_code(Rpc_exception_code::SUCCESS); }

	Capability<RPC_INTERFACE> const cap() const {
		return reinterpret_cap_cast<RPC_INTERFACE>(Rpc_object_base::cap()); }
};


class Genode::Rpc_entrypoint : Thread, public Object_pool<Rpc_object_base>
{
	private:

		/* the call that ends the loop */
		struct Exit
		{
			virtual ~Exit() { }

			GENODE_RPC(Rpc_exit, void, _exit);
			GENODE_RPC_INTERFACE(Rpc_exit);
		};

		struct Exit_handler : Rpc_object<Exit, Exit_handler>
		{
			int exit = false;
			void _exit() { exit = true; }
		};

		void entry() override;

		Untyped_capability _cap { };
		Msgbuf<1024>       _snd_buf { }, _rcv_buf { };

	protected:

		Native_capability _caller { };
		Blockade          _cap_valid { }, _delay_exit { };
		Runtime          &_runtime;
		Exit_handler      _exit_handler { };
		Capability<Exit>  _exit_cap { };

		Untyped_capability _manage(Rpc_object_base *);
		void               _dissolve(Rpc_object_base *);

		typedef Attempt<Native_capability, Alloc_error> Alloc_rpc_cap_result;

		Alloc_rpc_cap_result _alloc_rpc_cap(Runtime &, Native_capability ep, addr_t entry = 0);
		void                 _free_rpc_cap(Runtime &, Native_capability gate);

	public:

		Rpc_entrypoint(Runtime &, Name const &, Stack_size, Location = Location());
		~Rpc_entrypoint();

		template <typename IF, typename SERVER> Capability<IF> manage(Rpc_object<IF, SERVER> *o) {
			return reinterpret_cap_cast<IF>(_manage(o)); }

		template <typename IF, typename SERVER> void dissolve(Rpc_object<IF, SERVER> *o) {
			_dissolve(o); }
};

#endif
