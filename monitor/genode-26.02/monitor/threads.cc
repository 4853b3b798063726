/* SPDX-License-Identifier: BSD-2-Clause */
#include <util/construct_at.h>

#include "objects.h"
#include "target.h"
#include "threads.h"

namespace Caplog {


Threads::Threads(Allocator &alloc, Rpc_entrypoint &ep, Core &core, Objects &objects)
:
	_alloc(alloc), _ep(ep), _core(core), _objects(objects),
	_thread((Thread_info *)alloc.alloc(_max*sizeof(Thread_info)))
{
	for (unsigned i = 0; i < _max; i++)
		construct_at<Thread_info>(&_thread[i]);
}


Threads::~Threads()
{
	kill_all();
	for (unsigned i = 0; i < _max; i++)
		_thread[i].~Thread_info();
	_alloc.free(_thread, _max*sizeof(Thread_info));
}


Thread_info *Threads::_at(uint32_t slot)
{
	return caplog_is_thread_slot(&_flavour, slot)
	       ? &_thread[(slot - _flavour.thread_base)/_flavour.thread_stride] : nullptr;
}


Thread_info *Threads::existing(uint32_t slot)
{
	Thread_info * const t = _at(slot);

	return t && t->exists() ? t : nullptr;
}


Thread_info *Threads::of_gate(Native_capability const &gate)
{
	for (unsigned i = 0; gate.valid() && i < _max; i++)
		if (_thread[i].exists() && _thread[i].badge == (uint32_t)gate.local_name())
			return &_thread[i];
	return nullptr;
}


Thread_info *Threads::of_cap(Thread_capability const &cap)
{
	Object * const o = _objects.of(cap, CAPLOG_OBJECT_THREAD);

	return o ? existing((uint32_t)_objects.line(*o).thread.slot) : nullptr;
}


Threads::Create_result Threads::create(Target &target, Cpu_session::Name const &name,
                                       Affinity::Location location)
{
	typedef Cpu_session::Create_thread_error Error;

	Core::Cpu_at_core &cpu = _core.cpu->session;

	return cpu.create_thread(_core.pd_cap(), name, location).convert<Create_result>(
		[&] (Thread_capability cap) -> Create_result {

			Foc_thread_state const s = _core.cpu->native.thread_state(cap);

			Thread_info * const thread = _at((uint32_t)(s.kcap >> _flavour.slot_shift));
			if (!thread) {
				cpu.kill_thread(cap);
				return Error::DENIED;
			}
			Mutex::Guard guard(_lock);
			thread->cap    = cap;
			thread->badge  = s.id;
			thread->state  = Thread_info::NEW;
			thread->server = new (_alloc) Cpu_thread_server(target, *thread);
			_ep.manage(thread->server);
			return thread;
		},
		[] (Error e) -> Create_result { return e; });
}


void Threads::kill(Thread_info &thread)
{
	Thread_capability   const cap    = thread.cap;
	Cpu_thread_server * const server = thread.server;

	if (Object *object = thread.object.valid() ? _objects.of(thread.object, CAPLOG_OBJECT_THREAD_OBJECT) : nullptr)
		_objects.gone(*object);
	{
		Mutex::Guard guard(_lock);
		thread = Thread_info();
	}
	if (Object *o = _objects.by_cap(server->cap()))
		o->session = nullptr;
	_core.cpu->session.kill_thread(cap);
	_ep.dissolve(server);
	destroy(_alloc, server);
}


void Threads::kill_all()
{
	for (unsigned i = 0; i < _max; i++)
		if (_thread[i].exists())
			kill(_thread[i]);
}


void Threads::_living(Living &living, unsigned &i)
{
	Mutex::Guard guard(_lock);

	for (living.count = 0; living.count < Living::MAX && i < _max; i++) {
		if (!_thread[i].started())
			continue;
		living.thread[living.count].cap      = _thread[i].cap;
		living.thread[living.count++].paused = _thread[i].server->paused();
	}
}


void Threads::stop_living()
{
	Living living;

	for (unsigned i = 0; i < _max; ) {
		_living(living, i);

		Foc_native_pd::Threads ask = Foc_native_pd::Threads();
		for (unsigned n = 0; n < living.count; n++)
			ask.badge[n] = (caplog_badge)living.thread[n].cap.local_name();
		if (living.count)
			_core.native_pd.pause(ask);
	}
}


void Threads::started(Thread_info &thread)
{
	Mutex::Guard guard(_lock);

	if (thread.state == Thread_info::NEW)
		thread.state = Thread_info::STARTED;
}


void Threads::paused(Thread_info &thread, bool paused)
{
	Mutex::Guard guard(_lock);

	thread.server->saved.thread.paused = paused;
}


Native_capability Threads::object_of(Thread_info &thread)
{
	if (!thread.object.valid())
		thread.object = _core.cpu->native.native_cap(thread.cap);
	return thread.object;
}

} /* namespace Caplog */
