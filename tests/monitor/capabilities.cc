/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities and entrypoints */
#include <base/rpc_server.h>
#include <base/signal.h>

#include "capabilities.h"

#include <pthread.h>

#include <exception>

using namespace Core_model;

long Genode::Native_capability::Data::last = 100;


/*
 * The thread sanitizer does not look into core, and takes a call of it for no
 * order between the monitor's threads: another core would have several threads
 */
#ifdef __SANITIZE_THREAD__
extern "C" {
	void AnnotateIgnoreSyncBegin(char const *, int);
	void AnnotateIgnoreSyncEnd(char const *, int);
	void AnnotateIgnoreReadsBegin(char const *, int);
	void AnnotateIgnoreReadsEnd(char const *, int);
	void AnnotateIgnoreWritesBegin(char const *, int);
	void AnnotateIgnoreWritesEnd(char const *, int);
}

static void unseen_begins()
{
	AnnotateIgnoreSyncBegin("core", 0);
	AnnotateIgnoreReadsBegin("core", 0);
	AnnotateIgnoreWritesBegin("core", 0);
}

static void unseen_ends()
{
	AnnotateIgnoreWritesEnd("core", 0);
	AnnotateIgnoreReadsEnd("core", 0);
	AnnotateIgnoreSyncEnd("core", 0);
}
#else
static void unseen_begins() { }
static void unseen_ends()   { }
#endif

static pthread_mutex_t core = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void Core_turn::begin()
{
	unseen_begins();
	pthread_mutex_lock(&core);
}

void Core_turn::end()
{
	pthread_mutex_unlock(&core);
	unseen_ends();
}


Rpc_object_base *Core_model::object_of(Native_capability const &cap)
{
	Core_turn const turn;

	return data(cap) ? data(cap)->object : nullptr;
}

void Core_model::object_of(Native_capability const &cap, Rpc_object_base *object, Rpc_entrypoint *ep)
{
	Core_turn const turn;

	if (data(cap))
		data(cap)->object = object;
	if (data(cap) && ep)
		data(cap)->ep = ep;
}


Rpc_entrypoint &Core_model::core_ep()
{
	static Rpc_entrypoint *ep = new Rpc_entrypoint(nullptr, 0, "core");
	return *ep;
}


namespace Genode {

void Native_capability::_inc() { }
void Native_capability::_dec() { }

bool Native_capability::valid()      const { return _data; }
long Native_capability::local_name() const { return _data ? _data->badge : -1; }

Native_capability::Raw Native_capability::raw() const
{
	Raw raw = { { (unsigned long)local_name(), 0, 0, 0 } };
	return raw;
}



void rpc_send(Native_capability const &dst, long opcode, Ipc_unmarshaller &message)
{
	Native_capability::Data *d = data(dst);
	Msgbuf_base answer;

	if (!object_of(dst))
		throw Ipc_error();

	Rpc_entrypoint::Turn turn(*d->ep);

	/* it may have gone meanwhile */
	Rpc_object_base *object = object_of(dst);
	if (!object)
		throw Ipc_error();
	if (object->dispatch(Rpc_opcode(opcode), message, answer).value)
		throw Ipc_error();
}

void *rpc_thrown() { return new std::exception_ptr(std::current_exception()); }

void rpc_throw(void *thrown)
{
	std::exception_ptr const e = *(std::exception_ptr *)thrown;

	delete (std::exception_ptr *)thrown;
	std::rethrow_exception(e);
}


Rpc_entrypoint::Rpc_entrypoint(Pd_session *, size_t, char const *name, bool start, Affinity::Location)
: Thread(name, 0), _active(start ? Lock::UNLOCKED : Lock::LOCKED) { }

Rpc_entrypoint::~Rpc_entrypoint() { }

void Rpc_entrypoint::activate() { _active.unlock(); }

Rpc_entrypoint::Turn::Turn(Rpc_entrypoint &ep) : ep(ep)
{
	if (&ep == &core_ep()) {
		Core_turn::begin();
		return;
	}
	{ Lock::Guard until_active(ep._active); }
	ep._turn.lock();
}

Rpc_entrypoint::Turn::~Turn()
{
	if (&ep == &core_ep())
		Core_turn::end();
	else
		ep._turn.unlock();
}

Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *object)
{
	object->_cap = fresh();
	object_of(object->_cap, object, this);
	return object->_cap;
}

void Rpc_entrypoint::_dissolve(Rpc_object_base *object)
{
	object_of(object->_cap, nullptr, nullptr);
}

Rpc_object_base *Rpc_entrypoint::_object(Native_capability const &cap) {
	return object_of(cap); }


} /* namespace Genode */
