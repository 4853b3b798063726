/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd in core: what each request does, and what it refuses
 *
 * A PD session of a release is Native_pd_component, which knows the session.
 */
#ifndef CAPLOG_NATIVE_PD_BASE_H
#define CAPLOG_NATIVE_PD_BASE_H

#include <base/rpc_server.h>
#include <foc_native_pd/foc_native_pd.h>

#include <core_names.h>


class Core::Native_pd_base : public Rpc_object<Foc_native_pd>
{
	public:

		Stops     pause(Threads const &) override;
		Seen      look(addr_t, Badges const &) override;
		Made      make_gates(Native_capability, unsigned) override;
		Installed install_gates(Capability<Pd_session::Native_pd>, addr_t, Badges const &) override;

		Result install(Native_capability, addr_t) override;
		Result irq_attach(Native_capability, Thread_capability, unsigned long) override;
		Result irq_detach(Native_capability) override;

	private:

		/* The one entrypoint for all that this interface is about */
		virtual Rpc_entrypoint &_entrypoint() = 0;

		/* Is it a thread of this PD? */
		virtual bool _own(Cpu_thread_component &) = 0;

		/* DONE, NO_QUOTA, NO_BADGE */
		virtual Result _make_gate(Native_capability const &thread, caplog_badge &) = 0;

		addr_t  _task();
		bool    _itself(Native_capability const &);
		Stopped _pause(Cpu_thread_component &);
		Result  _put(Native_capability const &, addr_t);
		void    _put_all(Native_pd_base &, addr_t, Badges const &, Installed &);

		template <typename FUNC> void _with_thread(Native_capability const &, FUNC const &);
};

#endif
