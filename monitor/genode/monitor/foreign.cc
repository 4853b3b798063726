/* SPDX-License-Identifier: BSD-2-Clause */
#include "foreign.h"
#include "target.h"

namespace Caplog {


Session_base *open_foreign(Target &target, char const *service, char const *args,
                           Affinity const &affinity)
{
	if (!strcmp(service, "RAM")) return new (target.alloc()) Foreign_ram(target, args, affinity);
	if (!strcmp(service, "CPU")) return new (target.alloc()) Foreign_cpu(target, args, affinity);

	return new (target.alloc()) Opened_session(target, service, args, affinity);
}


/*
 * RAM
 */

Foreign_ram::Foreign_ram(Target &target, char const *args, Affinity const &affinity)
: Served(target.gate()), Opened_session(target, "RAM", args, affinity) { target.ep().manage(this); }

bool Foreign_ram::end()
{
	target.retire(this);
	return true;
}

Ram_dataspace_capability Foreign_ram::alloc(size_t size, Cache_attribute cached) {
	return _core().call<Rpc_alloc>(size, cached); }

int Foreign_ram::ref_account(Ram_session_capability cap) {
	return _core().call<Rpc_ref_account>(target.at_core(cap)); }

int Foreign_ram::transfer_quota(Ram_session_capability cap, size_t amount)
{
	/* see Account::take */
	return amount > quota() ? -3 : _core().call<Rpc_transfer_quota>(target.at_core(cap), amount);
}

void   Foreign_ram::free(Ram_dataspace_capability cap) { _core().call<Rpc_free>(cap); }
size_t Foreign_ram::quota()                            { return _core().call<Rpc_quota>(); }
size_t Foreign_ram::used()                             { return _core().call<Rpc_used>(); }


/*
 * CPU
 */

Foreign_cpu::Foreign_cpu(Target &target, char const *args, Affinity const &affinity)
: Served(target.gate()), Opened_session(target, "CPU", args, affinity) { target.ep().manage(this); }

bool Foreign_cpu::end()
{
	target.retire(this);
	return true;
}

Thread_capability Foreign_cpu::create_thread(Capability<Pd_session> pd, Name const &name,
                                             Affinity::Location location, Weight weight,
                                             addr_t utcb)
{
	return _core().call<Rpc_create_thread>(target.at_core(pd), name, location, weight, utcb);
}

int Foreign_cpu::ref_account(Cpu_session_capability cap) {
	return _core().call<Rpc_ref_account>(target.at_core(cap)); }

int Foreign_cpu::transfer_quota(Cpu_session_capability cap, size_t amount) {
	return _core().call<Rpc_transfer_quota>(target.at_core(cap), amount); }

void Foreign_cpu::exception_sigh(Signal_context_capability cap) {
	_core().call<Rpc_exception_sigh>(cap); }

void                 Foreign_cpu::kill_thread(Thread_capability cap) { _core().call<Rpc_kill_thread>(cap); }
Affinity::Space      Foreign_cpu::affinity_space() const { return _core().call<Rpc_affinity_space>(); }
Dataspace_capability Foreign_cpu::trace_control()        { return _core().call<Rpc_trace_control>(); }
Cpu_session::Quota   Foreign_cpu::quota()                { return _core().call<Rpc_quota>(); }

Capability<Cpu_session::Native_cpu> Foreign_cpu::native_cpu() {
	return _core().call<Rpc_native_cpu>(); }

} /* namespace Caplog */
