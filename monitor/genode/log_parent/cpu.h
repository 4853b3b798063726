/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU session that understands our PD sessions
 */
#ifndef LOG_PARENT_CPU_H
#define LOG_PARENT_CPU_H

#include <cpu_session/client.h>
#include <root/component.h>

#include "pd.h"

namespace Log_parent {
	class Cpu;
	class Cpu_root;
}


class Log_parent::Cpu : public Rpc_object<Cpu_session>
{
	private:

		Rpc_entrypoint    &_ep;
		Cpu_session_client _real;

		Cpu_session_capability _real_of(Cpu_session_capability cap)
		{
			return _ep.apply(cap, [&] (Cpu *cpu) {
				return cpu ? (Cpu_session_capability)cpu->_real : cap; });
		}

	public:

		Cpu(Rpc_entrypoint &ep, char const *args, Affinity const &affinity)
		:
			_ep(ep),
			_real(static_cap_cast<Cpu_session>(env()->parent()->session("CPU", args, affinity)))
		{ }

		~Cpu() { env()->parent()->close(_real); }

		Cpu_session_capability real() { return _real; }

		Thread_capability create_thread(Pd_session_capability pd, Name const &name,
		                                Affinity::Location location, Weight weight,
		                                addr_t utcb) override
		{
			Pd_session_capability const real = _ep.apply(pd, [&] (Pd *p) {
				return p ? p->real() : pd; });

			return _real.create_thread(real, name, location, weight, utcb);
		}

		void kill_thread(Thread_capability thread) override { _real.kill_thread(thread); }

		void exception_sigh(Signal_context_capability sigh) override {
			_real.exception_sigh(sigh); }

		Affinity::Space affinity_space() const override { return _real.affinity_space(); }

		Dataspace_capability trace_control() override { return _real.trace_control(); }

		int ref_account(Cpu_session_capability cpu) override {
			return _real.ref_account(_real_of(cpu)); }

		int transfer_quota(Cpu_session_capability cpu, size_t amount) override {
			return _real.transfer_quota(_real_of(cpu), amount); }

		Quota quota() override { return _real.quota(); }

		Capability<Native_cpu> native_cpu() override { return _real.native_cpu(); }
};


class Log_parent::Cpu_root : public Root_component<Cpu>
{
	protected:

		Cpu *_create_session(char const *args, Affinity const &affinity) override {
			return new (md_alloc()) Cpu(*ep(), args, affinity); }

		void _upgrade_session(Cpu *cpu, char const *args) override {
			env()->parent()->upgrade(cpu->real(), args); }

	public:

		Cpu_root(Rpc_entrypoint &ep, Allocator &alloc) : Root_component<Cpu>(&ep, &alloc) { }
};

#endif
