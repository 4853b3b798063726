/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities and entrypoints */
#include <base/rpc_server.h>
#include <base/signal.h>

#include "capabilities.h"

#include <exception>

using namespace Core_model;

long Genode::Native_capability::Data::last = 100;


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

	if (!d || !d->object)
		throw Ipc_error();

	Rpc_entrypoint::Turn turn(*d->ep);

	/* it may have gone meanwhile */
	if (!d->object)
		throw Ipc_error();
	if (d->object->dispatch(Rpc_opcode(opcode), message, answer).value)
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
	if (&ep == &core_ep())
		return;
	{ Lock::Guard until_active(ep._active); }
	ep._turn.lock();
}

Rpc_entrypoint::Turn::~Turn()
{
	if (&ep != &core_ep())
		ep._turn.unlock();
}

Untyped_capability Rpc_entrypoint::_manage(Rpc_object_base *object)
{
	object->_cap = fresh();
	data(object->_cap)->object = object;
	data(object->_cap)->ep     = this;
	return object->_cap;
}

void Rpc_entrypoint::_dissolve(Rpc_object_base *object)
{
	if (data(object->_cap))
		data(object->_cap)->object = nullptr;
}

Rpc_object_base *Rpc_entrypoint::_object(Native_capability const &cap) {
	return data(cap) ? data(cap)->object : nullptr; }


Signal_context_capability Signal_receiver::manage(Signal_context *context)
{
	Lock::Guard guard(_lock);

	context->_receiver = this;
	context->_next     = _contexts;
	context->_cap      = reinterpret_cap_cast<Signal_context>(fresh());
	_contexts = context;
	data(context->_cap)->context = context;
	return context->_cap;
}

} /* namespace Genode */
