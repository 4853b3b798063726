/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the base library that the overlay leaves as they are
 */
#include "library.h"

#include <base/sleep.h>

#include <base/internal/cap_map.h>
#include <base/internal/ipc_server.h>
#include <base/internal/lock_helper.h>
#include <base/internal/native_thread.h>
#include <base/internal/native_utcb.h>
#include <base/internal/parent_cap.h>
#include <base/internal/stack.h>
#include <foc/native_capability.h>

#include <stdlib.h>

using namespace Genode;

unsigned long _parent_cap;

static unsigned failed_asserts;

extern "C" void genode_api_assert(char const *) { failed_asserts++; }

unsigned overlay_asserts()
{
	unsigned const n = failed_asserts;
	failed_asserts = 0;
	return n;
}


/******************
 ** Capabilities **
 ******************/

void Native_capability::_inc() { if (_data) _data->inc(); }
void Native_capability::_dec() { if (_data && !_data->dec()) cap_map()->remove(_data); }

bool Native_capability::valid()      const { return _data && _data->valid(); }
long Native_capability::local_name() const { return _data ? _data->id() : 0; }


/*************
 ** Threads **
 *************/

/* The hosted kernel has the stack itself; this is what lies at its end */
struct Genode::Stack_end : Stack
{
	Native_thread native;
	Native_utcb   utcb;
};

static Stack_end *end(Stack *stack) { return static_cast<Stack_end *>(stack); }

addr_t Stack::top()  const { return (addr_t)this; }
addr_t Stack::base() const { return (addr_t)this - HK_STACK_SIZE; }

Native_thread &Thread::native_thread() { return end(_stack)->native; }
Native_utcb   *Thread::utcb()          { return &end(_stack)->utcb; }

Cpu_session::Name Thread::name() const { return Name(); }

Thread *Thread::myself()
{
	return (Thread *)Fiasco::l4_utcb_tcr()->user[Fiasco::UTCB_TCR_THREAD_OBJ];
}

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

unsigned sleepers;

void Genode::sleep_forever()
{
	sleepers++;
	hk_sys s = { HK_SLEEP, 0, 0, 0, 0 };
	for (;;)
		hk_enter(&s);
}


/*****************
 ** Environment **
 *****************/

static Native_capability *the_peer;
static Env_deprecated    *the_env;

void forget_environment()
{
	the_peer = nullptr;
	the_env  = nullptr;
}

static Native_capability &known_peer()
{
	return *(the_peer = the_peer ? the_peer : new Native_capability);
}

/* Badges as core gave them out; in Genode the parent's sessions have them */
static Native_capability received(unsigned badge)
{
	Overlay::Request r;

	r.word(PEER_GIVE);
	r.word(badge);
	r.call(peer());
	return r.rcv.cap(0);
}

static Native_capability kept(Native_capability &cap, unsigned badge)
{
	if (!cap.valid())
		cap = received(badge);
	return cap;
}

/* The only one that is known from the beginning leads to the others */
Native_capability peer()
{
	Native_capability &cap = known_peer();

	if (!cap.valid()) {
		Overlay::Request r;
		r.word(PARENT_SESSION);
		r.call(parent_cap());
		cap = r.rcv.cap(0);
	}
	return cap;
}

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
			typedef Rpc_signature<Thread_capability (Capability<Pd_session>, Name, Weight)> Rpc;
			return Rpc::call(kept(cap, core.cpu_badge), CPU_CREATE_THREAD, pd, name, weight);
		}

		void kill_thread(Thread_capability t) override {
			Rpc_signature<void (Thread_capability)>::call(kept(cap, core.cpu_badge),
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
			return Rpc::call(kept(cap, core.rm_badge), RM_ATTACH, ds);
		}

		void detach(Local_addr) override {
			Rpc_signature<void ()>::call(kept(cap, core.rm_badge), RM_DETACH); }
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
			return reinterpret_cap_cast<Pd_session>(kept(pd, core.pd_badge)); }
	};
}

Env_deprecated *Genode::env()
{
	return the_env = the_env ? the_env : new Environment;
}


/****************
 ** Entrypoint **
 ****************/

Ipc_unmarshaller::Ipc_unmarshaller(Msgbuf_base &msg) { Overlay::arguments = &msg; }

template <> void Ipc_unmarshaller::extract(Rpc_opcode &opcode)
{
	opcode.value = Overlay::arguments->data_size() ? Overlay::arguments->word(0) : ~0UL;
}

Msgbuf_base *Overlay::arguments;

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
	hk_thread const &t = *((hk_gate *)hk_slot(core.task, native_thread().kcap >> 12))->thread;
	while (t.state == HK_ENTERED || t.state == HK_DONE)
		thread_yield();
	check(t.state == HK_IRQ_WAITING);
	_delay_exit.unlock();
	_join_lock.lock();
}


/* What the overlay's own clients call; the same type may be there twice */
void (*overlay_rpc[])() = {
	(void (*)())Rpc_signature<Dataspace_capability ()>::call,
	(void (*)())Rpc_signature<Native_capability ()>::call,
	(void (*)())Rpc_signature<Signal_source::Signal ()>::call,
	(void (*)())Rpc_signature<Thread_state ()>::call,
	(void (*)())Rpc_signature<bool ()>::call,
	(void (*)())Rpc_signature<size_t ()>::call,
	(void (*)())Rpc_signature<addr_t ()>::call,
	(void (*)())Rpc_signature<void ()>::call,
	(void (*)())Rpc_signature<void (addr_t, addr_t)>::call
};
