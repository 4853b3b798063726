/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the sandbox library asks of the PD of a child
 */
#ifndef CAPLOG_INTRINSICS_H
#define CAPLOG_INTRINSICS_H

#include <sandbox/sandbox.h>

#include "targets.h"

namespace Caplog { struct Intrinsics; }


struct Caplog::Intrinsics : Sandbox::Pd_intrinsics
{
	/*
	 * The monitor's own account, by which children get their quota: capabilities
	 * of accounts that the monitor serves mean nothing to core
	 */
	struct Account : Pd_session_client
	{
		Targets &targets;

		Account(Env &env, Targets &targets)
		: Pd_session_client(env.pd_session_cap()), targets(targets) { }

		Transfer_result transfer_quota(Capability<Pd_account> to, Cap_quota amount) override {
			return Pd_session_client::transfer_quota(targets.at_core(to), amount); }

		Transfer_result transfer_quota(Capability<Pd_account> to, Ram_quota amount) override {
			return Pd_session_client::transfer_quota(targets.at_core(to), amount); }
	};

	Env     &env;
	Targets &targets;
	Account  account { env, targets };

	Intrinsics(Env &env, Targets &targets) : env(env), targets(targets) { }

	void with_intrinsics(Capability<Pd_session> cap, Pd_session &pd,
	                     With_intrinsics::Ft const &fn) override
	{
		Target * const t = targets.find([&] (Target &t) {
			return t.pd().cap().local_name() == cap.local_name(); });

		if (t) {
			Pd_intrinsics::Intrinsics ours { .ref_pd        = account,
			                                 .ref_pd_cap    = env.pd_session_cap(),
			                                 .address_space = t->rm(CAPLOG_MAP_ADDRESS_SPACE) };
			fn(ours);
			return;
		}
		Region_map_client space(pd.address_space());
		Pd_intrinsics::Intrinsics theirs { .ref_pd        = account,
		                                   .ref_pd_cap    = env.pd_session_cap(),
		                                   .address_space = space };
		fn(theirs);
	}

	void start_initial_thread(Capability<Cpu_thread> cap, addr_t ip) override
	{
		Target * const t = targets.find([&] (Target &t) {
			return t.threads()[0].exists()
			    && t.threads()[0].server->cap().local_name() == cap.local_name(); });

		if (t)
			t->start_initial_thread(ip);
		else
			Cpu_thread_client(cap).start(ip, 0);
	}
};

#endif
