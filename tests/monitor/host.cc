/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks, threads and signals by means of the host */
#include <base/entrypoint.h>
#include <base/signal.h>
#include <base/thread.h>
#include <foc/capability_space.h>
#include <trace/timestamp.h>

#include "capabilities.h"
#include "core.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

namespace Fiasco {
#include <l4/sys/ipc.h>
#include <l4/sys/thread.h>

	void l4_thread_yield() { sched_yield(); }
	void outstring(char const *text) { fputs(text, stdout); }

	void l4_thread_ex_regs(unsigned long thread, unsigned long, unsigned long, unsigned long flags)
	{
		if (flags & L4_THREAD_EX_REGS_CANCEL)
			((Genode::Native_capability::Data *)thread)->thread->end_call();
	}

	l4_msgtag_t l4_ipc_sleep(l4_timeout_t)
	{
		Genode::Thread::myself()->take_cancel();
		return l4_msgtag_t();
	}
}

Fiasco::l4_cap_idx_t Genode::Capability_space::kcap(Native_capability cap) {
	return (Fiasco::l4_cap_idx_t)cap.data(); }


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


/*
 * No lock of the host's is shared by these: it would order accesses that the
 * monitor's own locks do not, and hide them from the thread sanitizer
 */
template <typename FN> static void until(FN const &taken)
{
	while (!taken())
		Core_model::sleep_us(20);
}

void Lock::lock()
{
	until([&] {
		int open = 0;
		return __atomic_compare_exchange_n(&_locked, &open, 1, false, __ATOMIC_ACQUIRE,
		                                   __ATOMIC_RELAXED);
	});
}

void Lock::unlock() { __atomic_store_n(&_locked, 0, __ATOMIC_RELEASE); }


void Semaphore::up() { __atomic_add_fetch(&_count, 1, __ATOMIC_RELEASE); }

void Semaphore::down()
{
	until([&] {
		int n = __atomic_load_n(&_count, __ATOMIC_RELAXED);
		return n > 0 && __atomic_compare_exchange_n(&_count, &n, n - 1, false, __ATOMIC_ACQUIRE,
		                                            __ATOMIC_RELAXED);
	});
}


Thread::Thread(char const *, size_t)                           { }
Thread::Thread(Env &, Cpu_session::Name const &, size_t)       { }
Thread::~Thread()                                              { }


/* A thread of the host that was started by a test calls servers as well */
struct Host_thread : Thread
{
	Host_thread() : Thread("", 0) { _thread_cap = Core_model::own_thread(*this); }

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
	_thread_cap = Core_model::own_thread(*this);
}


void Thread::join()
{
	pthread_join(*(pthread_t *)_host, nullptr);
	delete (pthread_t *)_host;
}


/* It ends waits for locks only, as on Fiasco.OC, and no thread of the monitor has one to end */
void Thread::cancel_blocking() { }

void Thread::end_call() { when([&] { return true; }, [&] { _canceled = true; }); }


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
	Signal_receiver *to = nullptr;

	when([&] { return true; }, [&] {
		to = _receiver;
		if (to)
			_pending += num;
	});
	if (to)
		to->_available.up();
}


Signal_context_capability Signal_receiver::manage(Signal_context *context)
{
	Native_capability const cap = Core_model::fresh();

	Core_model::data(cap)->context = context;
	when([&] { return true; }, [&] {
		context->_receiver = this;
		context->_next     = _contexts;
		context->_cap      = reinterpret_cap_cast<Signal_context>(cap);
		_contexts = context;
	});
	return context->_cap;
}


Signal Signal_receiver::wait_for_signal()
{
	/* the one before is done with */
	when([&] { return true; }, [&] { _handled = nullptr; });

	for (;;) {
		unsigned num = 0;

		_available.down();
		when([&] { return true; }, [&] {
			for (Signal_context *c = _contexts; c && !num; c = c->_next) {
				num = c->_pending;
				c->_pending = 0;
				_handled = num ? c : nullptr;
			}
		});
		if (num)
			return Signal(_handled, num);
	}
}


bool Signal_receiver::pending()
{
	bool any = false;

	when([&] { return true; }, [&] {
		for (Signal_context *c = _contexts; c; c = c->_next)
			any |= c->_pending;
	});
	return any;
}


void Signal_receiver::dissolve(Signal_context *context)
{
	/* a signal that is being handled needs it */
	when([&] { return _handled != context; }, [&] {
		Signal_context **at = &_contexts;

		while (*at && *at != context)
			at = &(*at)->_next;
		if (*at)
			*at = context->_next;
		context->_receiver = nullptr;
	});
}


Trace::Timestamp Trace::timestamp()
{
	static Timestamp ticks;

	return ticks += 1000;
}

} /* namespace Genode */
