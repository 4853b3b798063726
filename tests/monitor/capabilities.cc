/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities and entrypoints */
#include <base/rpc_server.h>
#include <base/signal.h>

#include "capabilities.h"

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



Rpc_call::Rpc_call(Native_capability const &dst, long opcode)
{
	Native_capability::Data *d = data(dst);

	if (!d || !d->object)
		throw Ipc_error();

	Rpc_object_base::Function const f = d->object->function(opcode);
	if (!f.function)
		throw Ipc_error();
	function   = f.function;
	server     = f.server;
	entrypoint = d->ep;
	d->ep->take_turn();
}

Rpc_call::~Rpc_call() { ((Rpc_entrypoint *)entrypoint)->end_turn(); }


Rpc_entrypoint::Rpc_entrypoint(Pd_session *, size_t, char const *name, bool start, Affinity::Location)
: Thread(name, 0), _active(start ? Lock::UNLOCKED : Lock::LOCKED) { }

Rpc_entrypoint::~Rpc_entrypoint() { }

void Rpc_entrypoint::activate() { _active.unlock(); }

void Rpc_entrypoint::take_turn()
{
	if (this == &core_ep())
		return;
	{ Lock::Guard until_active(_active); }
	_turn.lock();
}

void Rpc_entrypoint::end_turn()
{
	if (this != &core_ep())
		_turn.unlock();
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
