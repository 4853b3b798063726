/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests of the overlay need that Genode 16.08 says in another way than other releases
 */
#ifndef OVERLAY_VARIANT_H
#define OVERLAY_VARIANT_H

#include <base/env.h>
#include <base/rpc_server.h>
#include <cpu_thread/client.h>
#include <dataspace/client.h>
#include <parent/parent.h>
#include <pd_session/client.h>
#include <signal_source/client.h>

#include <base/internal/cap_map.h>
#include <base/internal/native_thread.h>
#include <base/internal/release_thread.h>

void prepare_init_main_thread();

/* Tests of what only this release has, after the others */
#define RELEASE_TESTS(X) X(thread_refused) X(cancel) X(cancelled_object) X(activate) X(reinit)

/* Opcodes as the interfaces have them */
#define OPCODE(IF, RPC) Genode::Meta::Index_of<Genode::IF::Rpc_functions, Genode::IF::RPC>::Value
enum {
	THREAD_CANCEL = OPCODE(Cpu_thread, Rpc_cancel_blocking),
	THREAD_STATE  = OPCODE(Cpu_thread, Rpc_get_state),
	DS_WRITABLE   = OPCODE(Dataspace, Rpc_writable)
};
#undef OPCODE

namespace Overlay {

	using namespace Genode;

	/* What a call does whose reply says that it failed */
	static inline void call_failed(long code)
	{
		if (code == Rpc_exception_code::EXCEPTION_BASE)
			throw Pd_session::Out_of_metadata();
		if (code == Rpc_exception_code::EXCEPTION_BASE - 1)
			throw Region_map::Attach_failed();
		throw Ipc_error();
	}

	/* An RPC, which may need more than there is when it is called */
	struct Prepared_call
	{
		void (*call)();

		explicit Prepared_call(void (*c)()) : call(c) { }

		bool fails()
		{
			try { call(); } catch (Ipc_error) { return true; }
			return false;
		}
	};

	struct Test_lock : Lock { explicit Test_lock(bool locked = false) : Lock(locked ? LOCKED : UNLOCKED) { } };

	/* Its function is called once it is started */
	struct Test_thread : Thread
	{
		Test_thread() : Thread(10, "worker", 4096) { }

		void join() { _join_lock.lock(); _join_lock.unlock(); }

		addr_t gate() { return native_thread().kcap; }

		/* Its waiting ends before its time, which is nobody's business but the lock's */
		void disturb() { cancel_blocking(); }
	};

	/* The thread that is there from the beginning gets its object */
	struct Main_thread : Thread
	{
		Main_thread() : Thread(10, "main", 0, MAIN) { }

		addr_t gate() { return native_thread().kcap; }

		void entry() override { }
	};

	struct Test_entrypoint : Rpc_entrypoint
	{
		explicit Test_entrypoint(bool start = true)
		: Rpc_entrypoint(env()->pd_session(), 4096, "ep", start) { }
	};

	struct Test_signal_source_client : Signal_source_client
	{
		explicit Test_signal_source_client(Capability<Signal_source> source)
		: Signal_source_client(source) { }
	};

	static inline Capability<Signal_source> new_signal_source() {
		return env()->pd_session()->alloc_signal_source(); }

	/* A gate that is made and freed without the entrypoint of its thread */
	static inline Native_capability new_gate(Native_capability ep) {
		return env()->pd_session()->alloc_rpc_cap(ep); }

	static inline void free_gate(Native_capability gate) { env()->pd_session()->free_rpc_cap(gate); }

	void set_parent_badge(unsigned long);
}

#endif
