/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Foc_native_pd of a PD session; takes the place of Genode's header
 *
 * It has the dataspace of the capability log as well, since it is what core's PD
 * session gives its arguments to.
 */
#ifndef CAPLOG_NATIVE_PD_COMPONENT_H
#define CAPLOG_NATIVE_PD_COMPONENT_H

#include <native_pd_base.h>

/* core's PD session relies on this one to include it */
#include <rpc_cap_factory.h>


class Core::Native_pd_component : public Native_pd_base
{
	public:

		/*
		 * Serves requests from now on until its end
		 *
		 * \param args  cap_log=SIZE: there is to be a log of so many bytes
		 */
		Native_pd_component(Pd_session_component &session, char const *args);
		~Native_pd_component();

		Native_capability gate(unsigned) override;
		Native_capability task_cap() override;
		unsigned          pending_signals(Signal_context_capability) override;

		/*
		 * Of a PD session's log, made at the first request, from the quota of
		 * the session
		 *
		 * \return  invalid: there is to be none, or it was not paid
		 */
		static Dataspace_capability log_dataspace(Pd_session_component &);

		/* Did this session make it, and is it not freed yet? */
		static bool made(Pd_session_component &, Native_capability const &gate);
		static bool made(Pd_session_component &, Ram_dataspace_capability const &);
		static bool made(Pd_session_component &, Signal_context_capability const &);

	private:

		Pd_session_component &_session;
		size_t const          _log_size;
		Dataspace_capability  _log { };

		Rpc_entrypoint &_entrypoint() override;
		bool            _own(Cpu_thread_component &) override;
		Result          _make_gate(Native_capability const &, caplog_badge &) override;
};

#endif
