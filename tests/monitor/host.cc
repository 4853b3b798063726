/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks, threads and signals by means of the host */
#include <base/entrypoint.h>
#include <base/thread.h>
#include <trace/timestamp.h>

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

namespace Fiasco {

	void l4_thread_yield() { sched_yield(); }
	void outstring(char const *text) { fputs(text, stdout); }
}


namespace Genode {

static pthread_mutex_t big_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  changed  = PTHREAD_COND_INITIALIZER;

template <typename CONDITION, typename FN>
static void when(CONDITION const &condition, FN const &fn)
{
	pthread_mutex_lock(&big_lock);
	while (!condition())
		pthread_cond_wait(&changed, &big_lock);
	fn();
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&big_lock);
}


void Lock::lock()   { when([&] { return !_locked; }, [&] { _locked = 1; }); }
void Lock::unlock() { when([&] { return true; },     [&] { _locked = 0; }); }

void Semaphore::up()   { when([&] { return true; },       [&] { _count++; }); }
void Semaphore::down() { when([&] { return _count > 0; }, [&] { _count--; }); }


Thread::Thread(char const *, size_t)                           { }
Thread::Thread(Env &, Cpu_session::Name const &, size_t)       { }
Thread::~Thread()                                              { }


/* A thread of the host that was started by a test calls servers as well */
struct Host_thread : Thread
{
	Host_thread() : Thread("", 0) { }

	void entry() override { }
};

static thread_local Thread *me;

Thread *Thread::myself()
{
	static thread_local Host_thread host;

	return me ? me : &host;
}


static void *enter(void *thread)
{
	me = (Thread *)thread;
	me->entry();
	return nullptr;
}


void Thread::start()
{
	pthread_t *host = new pthread_t;

	if (pthread_create(host, nullptr, enter, this))
		abort();
	_host = host;
}


void Thread::join()
{
	pthread_join(*(pthread_t *)_host, nullptr);
	delete (pthread_t *)_host;
}


void Thread::cancel_blocking() { when([&] { return true; }, [&] { _canceled = true; }); }


bool Thread::take_cancel()
{
	bool canceled = false;

	when([&] { return true; }, [&] { canceled = _canceled; _canceled = false; });
	return canceled;
}


/*
 * Signals
 */

void Signal_context::submit(unsigned num)
{
	if (!_receiver)
		return;
	{
		Lock::Guard guard(_receiver->_lock);
		_pending += num;
	}
	_receiver->_available.up();
}


Signal Signal_receiver::wait_for_signal()
{
	for (;;) {
		_available.down();

		Lock::Guard guard(_lock);
		for (Signal_context *c = _contexts; c; c = c->_next)
			if (c->_pending) {
				unsigned const num = c->_pending;
				c->_pending = 0;
				return Signal(c, num);
			}
	}
}


void Signal_receiver::dissolve(Signal_context *context)
{
	Lock::Guard guard(_lock);
	Signal_context **at = &_contexts;

	while (*at && *at != context)
		at = &(*at)->_next;
	if (*at)
		*at = context->_next;
	context->_receiver = nullptr;
}


Trace::Timestamp Trace::timestamp()
{
	static Timestamp ticks;

	return ticks += 1000;
}

} /* namespace Genode */
