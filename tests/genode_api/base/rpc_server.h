/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_RPC_SERVER_H
#define GENODE_API_BASE_RPC_SERVER_H

#include <base/ipc.h>
#include <base/lock.h>
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
	virtual ~Rpc_object_base() { }

	virtual Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) = 0;
};


template <typename RPC_INTERFACE, typename SERVER = RPC_INTERFACE>
struct Genode::Rpc_object : Rpc_object_base, RPC_INTERFACE
{
	/* Has the server all functions of the interface? */
	template <typename... RPC> static void _check(Meta::Type_list<RPC...>)
	{
		void const *functions[] = {
			(void const *)&RPC::template dispatch<RPC, SERVER>... };
		(void)functions;
	}

	Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) override
	{
		_check(typename RPC_INTERFACE::Rpc_functions());
		return Rpc_exception_code(Rpc_exception_code::SUCCESS);
	}

	Capability<RPC_INTERFACE> const cap() const {
		return reinterpret_cap_cast<RPC_INTERFACE>(Rpc_object_base::cap()); }
};


/* What the overlay's dispatch loop, _manage and _*_rpc_cap use; the names are Genode's */
class Genode::Rpc_entrypoint : Thread, public Object_pool<Rpc_object_base>
{
	public:

		Rpc_entrypoint(Pd_session *, size_t stack_size, char const *name, bool start = true,
		               Affinity::Location = Affinity::Location());

		~Rpc_entrypoint();

		void activate();

		template <typename IF, typename SERVER> Capability<IF> manage(Rpc_object<IF, SERVER> *o) {
			return reinterpret_cap_cast<IF>(_manage(o)); }

		template <typename IF, typename SERVER> void dissolve(Rpc_object<IF, SERVER> *o) {
			_dissolve(o); }

	protected:

		Untyped_capability _manage(Rpc_object_base *);
		void               _dissolve(Rpc_object_base *);

		Native_capability _alloc_rpc_cap(Pd_session &, Native_capability ep, addr_t entry = 0);
		void              _free_rpc_cap(Pd_session &, Native_capability gate);

	private:

		/* the call that ends the loop */
		struct Exit
		{
			GENODE_RPC(Rpc_exit, void, _exit);
			GENODE_RPC_INTERFACE(Rpc_exit);
		};

		struct Exit_handler : Rpc_object<Exit, Exit_handler>
		{
			bool exit = false;

			void _exit() { exit = true; }
		};

		void entry() override;

		Msgbuf<1024>       _rcv_buf, _snd_buf;
		Lock               _cap_valid, _delay_start, _delay_exit;
		Pd_session        &_pd_session;
		Untyped_capability _cap;
		Native_capability  _caller;
		Exit_handler       _exit_handler;
		Capability<Exit>   _exit_cap;
};

#endif
