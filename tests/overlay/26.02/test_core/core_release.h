/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests of core's sources need that core of Genode 26.02 says in another way than others
 */
#ifndef TEST_CORE_RELEASE_H
#define TEST_CORE_RELEASE_H

#include <base/rpc_server.h>
#include <cpu_thread_component.h>
#include <pd_session_component.h>
#include <platform.h>
#include <rpc_cap_factory.h>

/* Tests of what only this release has, or has in another way */
#define RELEASE_CORE_TESTS(X) \
	X(badges) X(pending_signals) X(pager) X(two_exceptions) X(stop) X(signals) X(frees) X(log_dataspace)

/* Does the kernel debugger show gates that were made many at a time with their thread's name? */
enum { NAMES_ALL_GATES = true };

/* Badges that cannot be handed out: how many there are, and whether one is none of them */
unsigned badges_used();
bool     is_free(unsigned long badge);

/* Nothing of it is used */
Genode::Runtime &runtime();

static inline Core::Cap_id_allocator &badges() { return Core::platform_specific().cap_id_alloc(); }

static inline Genode::Native_capability gate_of(Core::Rpc_cap_factory &factory,
                                                Genode::Native_capability const &thread)
{
	return factory.alloc(thread).convert<Genode::Native_capability>(
		[] (Genode::Native_capability gate) { return gate; },
		[] (Genode::Alloc_error)            { return Genode::Native_capability(); });
}

static inline Genode::Rpc_entrypoint &new_entrypoint() {
	return *new Genode::Rpc_entrypoint(runtime(), "ep", Genode::Thread::Stack_size { 0 }); }

struct Pd : Core::Pd_session_component
{
	explicit Pd(Genode::Rpc_entrypoint &ep, Genode::Allocator &memory, char const *args = "")
	: Pd_session_component(ep, memory, args) { }

	void owns(Core::Cpu_thread_component &thread)
	{
		thread.next     = threads().first;
		threads().first = &thread;
	}
};

/* What a thread's pager keeps of it */
struct Kept_thread : Core::Pager_object
{
	Pager_result pager(Core::Ipc_pager &) override { return Pager_result::CONTINUE; }

	Genode::addr_t &ip() { return state.state.cpu.ip; }
};

#endif
