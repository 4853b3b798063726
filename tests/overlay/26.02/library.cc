/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads, runtime and entrypoint, as Genode 26.02 has them
 */
#include "library.h"

#include <base/internal/lock_helper.h>
#include <base/internal/native_utcb.h>
#include <base/internal/parent_cap.h>
#include <base/internal/stack.h>

using namespace Genode;
using Overlay::session;

unsigned long _parent_cap[4];

void Overlay::set_parent_badge(unsigned long badge) { _parent_cap[0] = badge; }

/* A gate to the thread will not do any more */
Foc::l4_msgtag_t Foc::l4_rcv_ep_bind_thread(l4_cap_idx_t irq, l4_cap_idx_t thread, l4_umword_t label)
{
	hk_object const * const object = hk_slot(core.task, (uint32_t)(thread >> L4_CAP_SHIFT));

	check(object);
	check(object->type == HK_THREAD);
	return l4_irq_attach(irq, label, thread);
}


/*************
 ** Threads **
 *************/

namespace Genode {

	/* The hosted kernel has the stack itself; this is what lies at its end */
	struct Stack_end : Stack
	{
		Native_thread native { };
		Native_utcb   utcb { };
	};
}

static Stack_end &end(Stack &stack) { return static_cast<Stack_end &>(stack); }

addr_t Stack::top()  const { return (addr_t)this; }
addr_t Stack::base() const { return (addr_t)this - HK_STACK_SIZE; }

Native_thread &Stack::native_thread() { return end(*this).native; }
Native_utcb   &Stack::utcb()          { return end(*this).utcb; }

Native_utcb *Thread::utcb() { return &end(*_its_stack).utcb; }

void Thread::_init_trace_control() { }

static Stack_end &new_stack() { return *new Stack_end; }

Thread::Thread(Runtime &runtime, Name const &, Stack_size, Location)
:
	_runtime(runtime), _its_stack(&new_stack()),
	_native_thread_ptr(&end(*_its_stack).native), _stack(*_its_stack)
{
	_init_native_thread(*_its_stack);
}

Thread::Thread(Runtime &runtime)
:
	_runtime(runtime), _its_stack(&new_stack()),
	_native_thread_ptr(&end(*_its_stack).native), _stack(*_its_stack)
{
	_init_native_main_thread(*_its_stack);
}

/* What is left of the stack is lost, as the receive window in it outlives the thread */
Thread::~Thread() { _deinit_native_thread(*_its_stack); }

void Thread::join() { _join.block(); }

void Mutex::acquire()
{
	Lock::Applicant me(Thread::myself());
	_lock.lock(me);
}

void Mutex::release()
{
	Lock::Applicant me(Thread::myself());
	check(_lock.lock_owner(me));
	_lock.unlock();
}


/**************
 ** Runtime  **
 **************/

namespace {

	struct Parent_client : Parent
	{
		Upgrade_result upgrade(Client::Id to, Upgrade_args const &args) override
		{
			typedef Rpc_signature<void (Native_capability, Upgrade_args)> Rpc;

			/* core's model wants to see the session */
			check(to.value == Env::pd().value);
			Native_capability pd;
			Rpc::call(parent_cap(), PARENT_UPGRADE, session(pd, core.pd_badge), args);
			return Upgrade_result::OK;
		}

		Thread_capability main_thread_cap() const override {
			return Rpc_signature<Thread_capability ()>::call(parent_cap(), PARENT_MAIN_THREAD); }
	};

	struct Cpu_client : Cpu_session
	{
		Native_capability cap { };

		Native_capability here() { return session(cap, core.cpu_badge); }

		Create_thread_result create_thread(Capability<Pd_session> pd, Name const &name,
		                                   Affinity::Location, addr_t) override
		{
			typedef Rpc_signature<Create_thread_result (Capability<Pd_session>, Name)> Rpc;
			return Rpc::call(here(), CPU_CREATE_THREAD, pd, name);
		}

		void kill_thread(Thread_capability t) override {
			Rpc_signature<void (Thread_capability)>::call(here(), CPU_KILL_THREAD, t); }

		Capability<Native_cpu> native_cpu() override {
			return Rpc_signature<Capability<Native_cpu> ()>::call(here(), CPU_NATIVE); }
	};

	struct Region_map_client : Region_map
	{
		Native_capability cap { };

		Native_capability here() { return session(cap, core.rm_badge); }

		Attach_result attach(Dataspace_capability ds, Attr const &attr) override
		{
			/* it receives capabilities, so that nothing may be held */
			check(!__atomic_load_n(&cap_space.locked, __ATOMIC_RELAXED));
			check(attr.writeable);

			Overlay::Request r;
			r.word(RM_ATTACH);
			r.put(ds);
			r.call(here());
			if (r.code)
				return Attach_error::REGION_CONFLICT;
			return Range { r.rcv.word(0), LOG_SIZE };
		}

		void detach(addr_t) override {
			Rpc_signature<void ()>::call(here(), RM_DETACH); }
	};

	struct Pd_client : With_rpc_cap<Pd_session, Pd_session>
	{
		Native_capability cap { };

		Capability<Pd_session> rpc_cap() override {
			return reinterpret_cap_cast<Pd_session>(session(cap, core.pd_badge)); }

		Signal_source_result signal_source() override {
			return rpc_cap().call<Rpc_alloc_signal_source>(); }

		void free_signal_source(Signal_source_capability s) override {
			rpc_cap().call<Rpc_free_signal_source>(s); }

		Alloc_rpc_cap_result alloc_rpc_cap(Native_capability ep) override {
			return rpc_cap().call<Rpc_alloc_rpc_cap>(ep); }

		void free_rpc_cap(Native_capability gate) override {
			rpc_cap().call<Rpc_free_rpc_cap>(gate); }

		Capability<Native_pd> native_pd() override { return Capability<Native_pd>(); }
	};

	struct Sessions
	{
		Parent_client     parent { };
		Pd_client         pd { };
		Cpu_client        cpu { };
		Region_map_client rm { };
		Runtime           runtime { parent, pd, cpu, rm };

		Sessions() { init_rpc_cap_alloc(parent); }
	};
}

static Sessions *sessions;

void forget_sessions() { sessions = nullptr; }

Runtime &Overlay::runtime()
{
	sessions = sessions ? sessions : new Sessions;
	return sessions->runtime;
}

struct Overlay::Prepared_call::Caller : Test_thread
{
	void        (*call)();
	bool volatile go = false, returned = false;

	explicit Caller(void (*c)()) : call(c) { start(); }

	void entry() override
	{
		while (!go)
			thread_yield();
		call();
		returned = true;
	}
};

Overlay::Prepared_call::Prepared_call(void (*call)()) : _caller(*new Caller(call)) { }

Overlay::Prepared_call::~Prepared_call() { delete &_caller; }

bool Overlay::Prepared_call::fails()
{
	/* a thread that ends sleeps as well */
	unsigned const before = sleepers;
	_caller.go = true;
	while (sleepers == before)
		thread_yield();
	return !_caller.returned;
}


/****************
 ** Entrypoint **
 ****************/

Rpc_entrypoint::Rpc_entrypoint(Runtime &runtime, Name const &name, Stack_size size, Location l)
:
	Thread(runtime, name, size, l), _runtime(runtime)
{
	Thread::start();
	_cap_valid.block();
	_exit_cap = reinterpret_cap_cast<Exit>(_manage(&_exit_handler));
}

void Rpc_entrypoint::_dissolve(Rpc_object_base *obj)
{
	Untyped_capability const freed = obj->cap();

	remove(obj);
	_free_rpc_cap(_runtime, freed);
	obj->cap(Native_capability());
}

Rpc_entrypoint::~Rpc_entrypoint()
{
	/* what stands in for a dispatcher sets no flag */
	_exit_handler.exit = true;
	_exit_cap.call<Exit::Rpc_exit>();
	_dissolve(&_exit_handler);

	/* what the dispatch loop has on its stack is there until now */
	Overlay::wait_for_end_of(native_thread_of(*this)->kcap);
	_delay_exit.wakeup();
	join();
}


void (*overlay_rpc_of_release[])() = {
	(void (*)())Rpc_signature<Foc_thread_state (Thread_capability)>::call,
	(void (*)())Rpc_signature<Native_capability (Thread_capability)>::call,
	(void (*)())Rpc_signature<Pd_session::Alloc_rpc_cap_result (Native_capability)>::call,
	(void (*)())Rpc_signature<Pd_session::Signal_source_result ()>::call
};
