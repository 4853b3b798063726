/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads, environment and entrypoint, as Genode 16.08 has them
 */
#include "library.h"

#include <base/internal/native_utcb.h>
#include <base/internal/parent_cap.h>
#include <base/internal/stack.h>

using namespace Genode;
using Overlay::session;

unsigned long _parent_cap;

void Overlay::set_parent_badge(unsigned long badge) { _parent_cap = badge; }


/*************
 ** Threads **
 *************/

namespace Genode {

	/* The hosted kernel has the stack itself; this is what lies at its end */
	struct Stack_end : Stack
	{
		Native_thread native;
		Native_utcb   utcb;
	};
}

static Stack_end *end(Stack *stack) { return static_cast<Stack_end *>(stack); }

addr_t Stack::top()  const { return (addr_t)this; }
addr_t Stack::base() const { return (addr_t)this - HK_STACK_SIZE; }

Native_thread &Thread::native_thread() { return end(_stack)->native; }
Native_utcb   *Thread::utcb()          { return &end(_stack)->utcb; }

Cpu_session::Name Thread::name() const { return Name(); }

Thread::Thread(size_t weight, char const *, size_t, Type type, Location)
{
	_join_lock.lock();
	_stack = new Stack_end;
	_init_platform_thread(weight, type);
}

Thread::Thread(size_t weight, char const *name, size_t size, Location l)
: Thread(weight, name, size, NORMAL, l) { }

/* What is left of the stack is lost, as the receive window in it outlives the thread */
Thread::~Thread() { _deinit_platform_thread(); }


/*****************
 ** Environment **
 *****************/

static Env_deprecated *the_env;

void forget_sessions() { the_env = nullptr; }

namespace {

	struct Parent_client : Parent
	{
		void upgrade(Session_capability to, Upgrade_args const &args) override
		{
			typedef Rpc_signature<void (Session_capability, Upgrade_args)> Rpc;
			Rpc::call(parent_cap(), PARENT_UPGRADE, to, args);
		}

		Thread_capability main_thread_cap() const override {
			return Rpc_signature<Thread_capability ()>::call(parent_cap(), PARENT_MAIN_THREAD); }
	};

	struct Cpu_client : Cpu_session
	{
		Native_capability cap;

		Thread_capability create_thread(Capability<Pd_session> pd, Name const &name,
		                                Affinity::Location, Weight weight, addr_t) override
		{
			typedef Rpc_signature<Thread_capability (Capability<Pd_session>, Name, size_t)> Rpc;
			return Rpc::call(session(cap, core.cpu_badge), CPU_CREATE_THREAD, pd, name, weight.value);
		}

		void kill_thread(Thread_capability t) override {
			Rpc_signature<void (Thread_capability)>::call(session(cap, core.cpu_badge),
			                                              CPU_KILL_THREAD, t); }
	};

	struct Region_map_client : Region_map
	{
		Native_capability cap;

		Local_addr attach(Dataspace_capability ds, size_t, off_t, bool, Local_addr, bool) override
		{
			typedef Rpc_signature<addr_t (Dataspace_capability)> Rpc;

			/* it receives capabilities, so that nothing may be held */
			check(!__atomic_load_n(&cap_space.locked, __ATOMIC_RELAXED));
			return Rpc::call(session(cap, core.rm_badge), RM_ATTACH, ds);
		}

		void detach(Local_addr) override {
			Rpc_signature<void ()>::call(session(cap, core.rm_badge), RM_DETACH); }
	};

	struct Environment : Env_deprecated
	{
		Parent_client     p;
		Cpu_client        c;
		Region_map_client r;
		Native_capability pd;
		Pd_session       *client = nullptr;

		Parent      *parent()      override { return &p; }
		Cpu_session *cpu_session() override { return &c; }
		Region_map  *rm_session()  override { return &r; }
		Pd_session  *pd_session()  override
		{
			client = client ? client : new Pd_session_client(pd_session_cap());
			return client;
		}

		Pd_session_capability pd_session_cap() override {
			return reinterpret_cap_cast<Pd_session>(session(pd, core.pd_badge)); }
	};
}

Env_deprecated *Genode::env()
{
	return the_env = the_env ? the_env : new Environment;
}


/****************
 ** Entrypoint **
 ****************/

Rpc_entrypoint::Rpc_entrypoint(Pd_session *pd, size_t size, char const *name, bool start, Location l)
:
	Thread(Cpu_session::Weight::DEFAULT_WEIGHT, name, size, l),
	_cap_valid(Lock::LOCKED), _delay_start(Lock::LOCKED), _delay_exit(Lock::LOCKED),
	_pd_session(*pd)
{
	Thread::start();
	_cap_valid.lock();
	if (start)
		activate();
	_exit_cap = reinterpret_cap_cast<Exit>(_manage(&_exit_handler));
}

void Rpc_entrypoint::activate() { _delay_start.unlock(); }

void Rpc_entrypoint::_dissolve(Rpc_object_base *obj)
{
	Untyped_capability const freed = obj->cap();

	remove(obj);
	_free_rpc_cap(_pd_session, freed);
	obj->cap(Native_capability());
}

Rpc_entrypoint::~Rpc_entrypoint()
{
	activate();

	/* what stands in for a dispatcher sets no flag */
	_exit_handler.exit = true;
	_exit_cap.call<Exit::Rpc_exit>();
	_dissolve(&_exit_handler);

	/* what the dispatch loop has on its stack is there until now */
	Overlay::wait_for_end_of(native_thread().kcap);
	_delay_exit.unlock();
	_join_lock.lock();
}


void (*overlay_rpc_of_release[])() = {
	(void (*)())Rpc_signature<Thread_state ()>::call
};
