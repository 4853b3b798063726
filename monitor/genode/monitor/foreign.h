/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM and CPU sessions that a component opens for children of its own
 *
 * They are the parent's. The component passes them, and its own sessions, to
 * each other: those of the monitor are replaced by core's. A component that has
 * one cannot be checkpointed.
 */
#ifndef CAPLOG_FOREIGN_H
#define CAPLOG_FOREIGN_H

#include <cpu_session/cpu_session.h>
#include <ram_session/ram_session.h>

#include "gate.h"
#include "opened.h"

namespace Caplog {

	struct Foreign_ram;
	struct Foreign_cpu;

	/* A service of the monitor's parent; in between, if the sessions need it */
	Session_base *open_foreign(Target &, char const *service, char const *args, Affinity const &);
}


struct Caplog::Foreign_ram : Served<Ram_session>, Opened_session
{
	private:

		Capability<Ram_session> _core() const { return static_cap_cast<Ram_session>(real()); }

	public:

		Foreign_ram(Target &, char const *args, Affinity const &);

		Ram_dataspace_capability alloc(size_t, Cache_attribute) override;
		void   free(Ram_dataspace_capability) override;
		int    ref_account(Ram_session_capability) override;
		int    transfer_quota(Ram_session_capability, size_t) override;
		size_t quota() override;
		size_t used() override;

		Native_capability given() const override { return cap(); }
		bool end() override;
};


struct Caplog::Foreign_cpu : Served<Cpu_session>, Opened_session
{
	private:

		Capability<Cpu_session> _core() const { return static_cap_cast<Cpu_session>(real()); }

	public:

		Foreign_cpu(Target &, char const *args, Affinity const &);

		Thread_capability create_thread(Capability<Pd_session>, Name const &, Affinity::Location,
		                                Weight, addr_t) override;
		void                   kill_thread(Thread_capability) override;
		void                   exception_sigh(Signal_context_capability) override;
		Affinity::Space        affinity_space() const override;
		Dataspace_capability   trace_control() override;
		int                    ref_account(Cpu_session_capability) override;
		int                    transfer_quota(Cpu_session_capability, size_t) override;
		Quota                  quota() override;
		Capability<Native_cpu> native_cpu() override;

		Native_capability given() const override { return cap(); }
		bool end() override;
};

#endif
