/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests of core's sources need that core of Genode 16.08 says in another way than others
 */
#ifndef TEST_CORE_RELEASE_H
#define TEST_CORE_RELEASE_H

#include <base/rpc_server.h>
#include <cpu_thread_component.h>
#include <pd_session_component.h>
#include <platform.h>
#include <rpc_cap_factory.h>

namespace Foc  = Fiasco;
namespace Core = Genode;

/* Tests of what only this release has, or has in another way */
#define RELEASE_CORE_TESTS(X) \
	X(badges) X(no_badge_left) X(pending_signals) X(pager) X(maps) X(signals) X(memory) X(written) X(quota)

/* Does the kernel debugger show gates that were made many at a time with their thread's name? */
enum { NAMES_ALL_GATES = false };

/* A page fault that core's pager is asked about, and its reply */
struct Fault
{
	Genode::addr_t address;
	bool           write;

	Genode::addr_t to, from;
	unsigned       log2; /* 0: no reply was set */
	bool           writable;
};

extern Fault fault;

/* Badges that cannot be handed out: how many there are, and whether one is none of them */
unsigned badges_used();
bool     is_free(unsigned long badge);

static inline Genode::Cap_id_allocator &badges() {
	return *Genode::platform_specific()->cap_id_alloc(); }

static inline Genode::Native_capability gate_of(Genode::Rpc_cap_factory &factory,
                                                Genode::Native_capability const &thread) {
	return factory.alloc(thread); }

static inline Genode::Rpc_entrypoint &new_entrypoint() {
	return *new Genode::Rpc_entrypoint((Genode::Pd_session *)&badges, 0, "", false); }

struct Pd : Genode::Pd_session_component
{
	template <typename T> using Cap = Genode::Capability<T>;

	typedef Genode::Signal_context_capability Context;
	typedef Genode::Native_capability         Any;

	Pd(Genode::Rpc_entrypoint &ep, Genode::Allocator &memory) : Pd_session_component(ep, memory, "") { }

	/* ownership is the thread's affair */
	void owns(Genode::Cpu_thread_component &) { }

	void assign_parent(Cap<Genode::Parent>) override { }
	bool assign_pci(Genode::addr_t, Genode::uint16_t) override { return false; }
	Signal_source_capability alloc_signal_source() override { return Signal_source_capability(); }
	void free_signal_source(Signal_source_capability) override { }
	Context alloc_context(Signal_source_capability, unsigned long) override { return Context(); }
	void free_context(Context) override { }
	void submit(Context, unsigned) override { }
	Any  alloc_rpc_cap(Any) override { return Any(); }
	void free_rpc_cap(Any) override { }
	Cap<Genode::Region_map> address_space() override { return Cap<Genode::Region_map>(); }
	Cap<Genode::Region_map> stack_area()    override { return Cap<Genode::Region_map>(); }
	Cap<Genode::Region_map> linker_area()   override { return Cap<Genode::Region_map>(); }
	Cap<Native_pd>          native_pd()     override { return Cap<Native_pd>(); }
};

/* What a thread's pager keeps of it */
struct Kept_thread : Genode::Pager_object
{
	int pager(Genode::Ipc_pager &) override { return 0; }

	Genode::addr_t &ip() { return state.ip; }
};

#endif
