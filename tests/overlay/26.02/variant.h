/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests of the overlay need that Genode 26.02 says in another way than other releases
 */
#ifndef OVERLAY_VARIANT_H
#define OVERLAY_VARIANT_H

#include <base/rpc_server.h>
#include <cpu_thread/client.h>
#include <foc/native_capability.h>
#include <foc_native_cpu/client.h>
#include <dataspace/client.h>
#include <parent/parent.h>
#include <pd_session/client.h>
#include <signal_source/client.h>

#include <base/internal/cap_map.h>
#include <base/internal/native_thread.h>
#include <base/internal/release_thread.h>
#include <base/internal/runtime.h>

/* Tests of what only this release has, after the others */
#define RELEASE_TESTS(X) X(thread_refused) X(mutex)

/* Opcodes as the interfaces have them; a thread has none for its state */
#define OPCODE(IF, RPC) Genode::Meta::Index_of<Genode::IF::Rpc_functions, Genode::IF::RPC>::Value
enum {
	THREAD_CANCEL = 1000,
	THREAD_STATE,
	DS_WRITABLE   = OPCODE(Dataspace, Rpc_writeable)
};
#undef OPCODE

namespace Overlay {

	using namespace Genode;

	/* The result says so */
	static inline void call_failed(long) { }

	/* What stays from the start of a program to its end */
	Runtime &runtime();

	/* An RPC, which may need more than there is when it is called; who fails sleeps for ever */
	class Prepared_call : Noncopyable
	{
		private:

			struct Caller;

			Caller &_caller;

		public:

			explicit Prepared_call(void (*call)());
			~Prepared_call();

			bool fails();
	};

	class Test_lock
	{
		private:

			Blockade _blockade { };

		public:

			explicit Test_lock(bool locked = false) { if (!locked) unlock(); }

			void lock()   { _blockade.block(); }
			void unlock() { _blockade.wakeup(); }
	};

	/* Its function is called once it is started */
	struct Test_thread : Thread
	{
		Test_thread() : Thread(runtime(), "worker", Stack_size { 4096 }, Location()) { }

		addr_t gate() { return native_thread_of(*this)->kcap; }

		/* Its waiting ends before its time, which is nobody's business but the lock's */
		void disturb() { Foc::l4_irq_trigger(gate() + Foc::THREAD_IRQ_CAP); }
	};

	/* The thread that is there from the beginning gets its object */
	struct Main_thread : Thread
	{
		Main_thread() : Thread(runtime()) { }

		addr_t gate() { return native_thread_of(*this)->kcap; }

		void entry() override { }
	};

	struct Test_entrypoint : Rpc_entrypoint
	{
		Test_entrypoint() : Rpc_entrypoint(runtime(), "ep", Genode::Thread::Stack_size { 4096 }) { }
	};

	struct Test_signal_source_client : Signal_source_client
	{
		explicit Test_signal_source_client(Capability<Signal_source> source)
		: Signal_source_client(runtime().cpu, source) { }
	};

	static inline Capability<Signal_source> new_signal_source()
	{
		return runtime().pd.signal_source().convert<Capability<Signal_source>>(
			[] (Capability<Signal_source> source) { return source; },
			[] (Alloc_error)                      { return Capability<Signal_source>(); });
	}

	/* A gate that is made and freed without the entrypoint of its thread */
	static inline Native_capability new_gate(Native_capability ep)
	{
		return runtime().pd.alloc_rpc_cap(ep).convert<Native_capability>(
			[] (Native_capability gate) { return gate; },
			[] (Alloc_error)            { return Native_capability(); });
	}

	static inline void free_gate(Native_capability gate) { runtime().pd.free_rpc_cap(gate); }

	void set_parent_badge(unsigned long);
}

using Genode::prepare_init_main_thread;

#endif
