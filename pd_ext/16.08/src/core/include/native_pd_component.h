/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd of a PD session; takes the place of base-foc's header
 */
#ifndef CAPLOG_NATIVE_PD_COMPONENT_H
#define CAPLOG_NATIVE_PD_COMPONENT_H

#include <base/weak_ptr.h>
#include <native_pd_base.h>

/* core's PD session relies on this one to include it */
#include <rpc_cap_factory.h>
#include <written.h>


class Genode::Native_pd_component : public Native_pd_base
{
	public:

		/* Serves requests from now on until its end; 'args' are not used */
		Native_pd_component(Pd_session_component &session, char const *args);
		~Native_pd_component();

		Native_capability gate(unsigned) override;
		Native_capability task_cap() override;
		unsigned          pending_signals(Signal_context_capability) override;
		Result            track(Dataspace_capability, uint32_t) override;
		Written           take_written() override;
		Result            keep(Dataspace_capability) override;

	private:

		Pd_session_component &_session;
		Written_pages         _written;

		/* made once, since that takes several locks */
		Weak_ptr<Address_space> const _space;

		Rpc_entrypoint &_entrypoint() override;
		bool            _own(Cpu_thread_component &) override;
		Result          _make_gate(Native_capability const &, caplog_badge &) override;
};

#endif
