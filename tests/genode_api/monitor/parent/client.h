/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_PARENT_CLIENT_H
#define GENODE_API_MONITOR_PARENT_CLIENT_H

#include <base/rpc_client.h>
#include <parent/capability.h>
#include <parent/parent.h>

namespace Genode {

	struct Parent_client : Rpc_client<Parent>
	{
		explicit Parent_client(Parent_capability cap) : Rpc_client<Parent>(cap) { }

		void exit(int value) override { call<Rpc_exit>(value); }

		void announce(Service_name const &name, Root_capability root) override {
			call<Rpc_announce>(name, root); }

		Session_capability session(Service_name const &name, Session_args const &args,
		                           Affinity const &affinity) override {
			return call<Rpc_session>(name, args, affinity); }

		void upgrade(Session_capability session, Upgrade_args const &args) override {
			call<Rpc_upgrade>(session, args); }

		void close(Session_capability session) override { call<Rpc_close>(session); }

		Thread_capability main_thread_cap() const override { return call<Rpc_main_thread>(); }

		void resource_avail_sigh(Signal_context_capability cap) override {
			call<Rpc_resource_avail_sigh>(cap); }

		void resource_request(Resource_args const &args) override {
			call<Rpc_resource_request>(args); }

		void yield_sigh(Signal_context_capability cap) override { call<Rpc_yield_sigh>(cap); }

		Resource_args yield_request() override { return call<Rpc_yield_request>(); }

		void yield_response() override { call<Rpc_yield_response>(); }
	};
}

#endif
