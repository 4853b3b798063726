/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's real sessions, which the monitor holds at core
 */
#ifndef CAPLOG_CORE_H
#define CAPLOG_CORE_H

#include <cpu_session/connection.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <pd_session/connection.h>
#include <region_map/client.h>
#include <util/arg_string.h>

#include "types.h"

namespace Caplog { struct Core; }


struct Caplog::Core
{
	typedef Session_label              Label;
	typedef String<Parent::Session_args::MAX_SIZE> Args;

	/* What a request says beside label and quota, which the connection has itself */
	static Args without_quota(Args const &all)
	{
		char args[Args::capacity()];

		copy_cstring(args, all.string(), sizeof(args));
		static char const * const known[] = { "label", "ram_quota", "cap_quota", "diag" };
		for (char const *key : known)
			Arg_string::remove_arg(args, key);
		return Args(Cstring(args));
	}

	struct Pd_at_core : Connection<Pd_session>, Pd_session_client
	{
		Pd_at_core(Env &env, Label const &label, Args const &args)
		:
			Connection<Pd_session>(env, label, Ram_quota { RAM_QUOTA }, Args(without_quota(args))),
			Pd_session_client(cap())
		{ }

		Native_capability interface() { return Connection<Pd_session>::cap(); }
	};

	struct Cpu_at_core : Connection<Cpu_session>, Cpu_session_client
	{
		Cpu_at_core(Env &env, Label const &label, Args const &args, Affinity const &affinity)
		:
			Connection<Cpu_session>(env, label, Ram_quota { RAM_QUOTA }, affinity,
			                        Args(without_quota(args))),
			Cpu_session_client(cap())
		{ }
	};

	struct Cpu_sessions
	{
		Cpu_at_core           session;
		Foc_native_cpu_client native { session.native_cpu() };

		Cpu_sessions(Env &env, Label const &label, Args const &args, Affinity const &affinity)
		: session(env, label, args, affinity) { }
	};

	Pd_at_core                  pd;
	Foc_native_pd_client        native_pd { pd.native_pd() };
	Constructible<Cpu_sessions> cpu { };

	Core(Env &env, Label const &label, Args const &args) : pd(env, label, args) { }

	Capability<Pd_session>  pd_cap()  { return pd.Pd_session_client::rpc_cap(); }
	Capability<Cpu_session> cpu_cap() { return cpu->session.Cpu_session_client::rpc_cap(); }

	/*
	 * Call core; when a session lacks memory for core's objects, the monitor pays.
	 * Only for what a component did not ask for: it pays itself, and repeats the
	 * call itself.
	 */
	auto with_quota(auto const &fn) -> decltype(fn()) {
		return pd.retry(Ram_quota { 64*1024 }, Cap_quota { 16 }, fn); }

	auto with_cpu_quota(auto const &fn) -> decltype(fn()) {
		return cpu->session.retry(Ram_quota { 16*1024 }, Cap_quota { 4 }, fn); }
};

#endif
