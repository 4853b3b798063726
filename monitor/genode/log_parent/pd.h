/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PD session that hands out a dataspace for the log
 */
#ifndef LOG_PARENT_PD_H
#define LOG_PARENT_PD_H

#include <pd_session/client.h>
#include <root/component.h>

#include "log.h"

namespace Log_parent {
	class Pd;
	class Pd_root;
}


class Log_parent::Pd : public Rpc_object<Pd_session>
{
	private:

		Registry         &_registry;
		Log               _log;
		Pd_session_client _real;

	public:

		Pd(Registry &registry, char const *args)
		:
			_registry(registry), _log(label_from_args(args)),
			_real(static_cap_cast<Pd_session>(env()->parent()->session("PD", args)))
		{
			Lock::Guard guard(_registry.lock);
			_registry.logs.insert(&_log);
		}

		~Pd()
		{
			{
				Lock::Guard guard(_registry.lock);
				_log.poll();
				_registry.logs.remove(&_log);
			}
			env()->parent()->close(_real);
		}

		Pd_session_capability real() { return _real; }

		Dataspace_capability cap_space_dataspace() override { return _log.ds(); }

		void assign_parent(Capability<Parent> parent) override
		{
			_log.parent_badge(parent.local_name());
			_real.assign_parent(parent);
		}

		bool assign_pci(addr_t config, uint16_t bdf) override { return _real.assign_pci(config, bdf); }

		Signal_source_capability alloc_signal_source() override {
			return _real.alloc_signal_source(); }

		void free_signal_source(Signal_source_capability cap) override {
			_real.free_signal_source(cap); }

		Signal_context_capability
		alloc_context(Signal_source_capability source, unsigned long imprint) override {
			return _real.alloc_context(source, imprint); }

		void free_context(Signal_context_capability cap) override { _real.free_context(cap); }

		void submit(Signal_context_capability cap, unsigned count) override {
			_real.submit(cap, count); }

		Native_capability alloc_rpc_cap(Native_capability ep) override {
			return _real.alloc_rpc_cap(ep); }

		void free_rpc_cap(Native_capability cap) override { _real.free_rpc_cap(cap); }

		Capability<Region_map> address_space() override { return _real.address_space(); }
		Capability<Region_map> stack_area()    override { return _real.stack_area(); }
		Capability<Region_map> linker_area()   override { return _real.linker_area(); }
		Capability<Native_pd>  native_pd()     override { return _real.native_pd(); }
};


class Log_parent::Pd_root : public Root_component<Pd>
{
	private:

		Registry &_registry;

	protected:

		Pd *_create_session(char const *args) override {
			return new (md_alloc()) Pd(_registry, args); }

		void _upgrade_session(Pd *pd, char const *args) override {
			env()->parent()->upgrade(pd->real(), args); }

	public:

		Pd_root(Rpc_entrypoint &ep, Allocator &alloc, Registry &registry)
		: Root_component<Pd>(&ep, &alloc), _registry(registry) { }
};

#endif
