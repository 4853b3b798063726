/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PD sessions of core that free only what they made
 *
 * Takes the place of base's header of this name, and includes it. A session of
 * Genode gives quota back for whatever it is told to free, also if that belongs
 * to another session, or was freed before; it destroys a signal context of
 * another session as if it were its own.
 */
#ifndef CAPLOG_PD_ROOT_H
#define CAPLOG_PD_ROOT_H

#include <mapped_ram.h>
#include <native_pd_component.h>
#include <pd_session_component.h>

#include <root/component.h>

namespace Core {

	class Checked_pd_session;

	template <typename> class Checked_root;
}


class Core::Checked_pd_session : public Pd_session_component
{
	private:

		unsigned _sources = 0; /* times that the one there is was asked for */

	public:

		using Pd_session_component::Pd_session_component;

		void free_rpc_cap(Native_capability gate) override
		{
			if (Native_pd_component::made(*this, gate))
				Pd_session_component::free_rpc_cap(gate);
		}

		void free_ram(Ram_dataspace_capability ds) override
		{
			if (Native_pd_component::made(*this, ds))
				Pd_session_component::free_ram(ds);
		}

		void free_context(Signal_context_capability context) override
		{
			if (Native_pd_component::made(*this, context))
				Pd_session_component::free_context(context);
		}

		Signal_source_result signal_source() override
		{
			Signal_source_result const result = Pd_session_component::signal_source();

			_sources += result.ok();
			return result;
		}

		void free_signal_source(Genode::Capability<Signal_source> source) override
		{
			if (!_sources || !source.valid())
				return;
			_sources--;
			Pd_session_component::free_signal_source(source);
		}
};


/* Creates such sessions, for those who want Pd_session_component */
template <typename SESSION>
class Core::Checked_root : public Root_component<SESSION>
{
	protected:

		using typename Root_component<SESSION>::Create_result;
		using Checked_alloc = Memory::Constrained_obj_allocator<Checked_pd_session>;

		Create_result _alloc_checked(auto &&... args)
		{
			return Checked_alloc(*this->md_alloc()).create(args...).template convert<Create_result>(
				[] (typename Checked_alloc::Allocation &made) -> SESSION & {
					made.deallocate = false;
					return made.obj;
				},
				[] (Alloc_error e) {
					return e == Alloc_error::OUT_OF_RAM  ? Session_error::INSUFFICIENT_RAM
					     : e == Alloc_error::OUT_OF_CAPS ? Session_error::INSUFFICIENT_CAPS
					     :                                 Session_error::DENIED;
				});
		}

	public:

		using Root_component<SESSION>::Root_component;
};

#define Root_component Checked_root
#define _alloc_obj     _alloc_checked
#include_next <pd_root.h>
#undef _alloc_obj
#undef Root_component

#endif
