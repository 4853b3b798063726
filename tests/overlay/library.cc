/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the base library that the overlay leaves as they are; those that
 * releases have in different ways are in a directory for each
 */
#include "library.h"

#include <base/sleep.h>

#include <base/internal/cap_map.h>
#include <base/internal/ipc_server.h>
#include <base/internal/lock_helper.h>
#include <base/internal/native_utcb.h>
#include <base/internal/parent_cap.h>
#include <foc/native_capability.h>

#include <stdlib.h>

using namespace Genode;

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
void Native_capability::_dec() { if (_data && !_data->dec()) the(cap_map()).remove(_data); }

bool Native_capability::valid()      const { return _data && _data->valid(); }
long Native_capability::local_name() const { return _data ? (long)_data->id() : 0; }


/*************
 ** Threads **
 *************/

Thread *Thread::myself()
{
	return (Thread *)Foc::l4_utcb_tcr()->user[Foc::UTCB_TCR_THREAD_OBJ];
}

unsigned sleepers;

void Genode::sleep_forever()
{
	sleepers++;
	hk_sys s = { HK_SLEEP, 0, 0, 0, 0 };
	for (;;)
		hk_enter(&s);
}

void Overlay::wait_for_end_of(addr_t gate)
{
	hk_thread const &t = *((hk_gate *)hk_slot(core.task, (uint32_t)(gate >> Foc::L4_CAP_SHIFT)))->thread;
	while (t.state == HK_ENTERED || t.state == HK_DONE)
		thread_yield();
	check(t.state == HK_IRQ_WAITING);
}


/*****************
 ** Environment **
 *****************/

static Native_capability *the_peer;

void forget_environment()
{
	the_peer = nullptr;
	forget_sessions();
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

Native_capability Overlay::session(Native_capability &kept, unsigned badge)
{
	if (!kept.valid())
		kept = received(badge);
	return kept;
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


/****************
 ** Entrypoint **
 ****************/

Ipc_unmarshaller::Ipc_unmarshaller(Msgbuf_base &msg) { Overlay::arguments = &msg; }

template <> void Ipc_unmarshaller::extract(Rpc_opcode &opcode)
{
	opcode.value = Overlay::arguments->data_size() ? (long)Overlay::arguments->word(0) : -1L;
}

Msgbuf_base *Overlay::arguments;


/* What the overlay's own clients call; the same type may be there twice */
void (*overlay_rpc[])() = {
	(void (*)())Rpc_signature<Dataspace_capability ()>::call,
	(void (*)())Rpc_signature<Native_capability ()>::call,
	(void (*)())Rpc_signature<Signal_source::Signal ()>::call,
	(void (*)())Rpc_signature<bool ()>::call,
	(void (*)())Rpc_signature<size_t ()>::call,
	(void (*)())Rpc_signature<addr_t ()>::call,
	(void (*)())Rpc_signature<void ()>::call,
	(void (*)())Rpc_signature<void (addr_t, addr_t)>::call
};
