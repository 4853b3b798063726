/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of a component, by their place in the thread area
 */
#ifndef CAPLOG_THREADS_H
#define CAPLOG_THREADS_H

#include <base/allocator.h>
#include <base/mutex.h>
#include <base/rpc_server.h>
#include <base/thread_state.h>

#include <caplog/flavour.h>

#include "core.h"
#include "cpu.h"


struct Caplog::Thread_info
{
	enum State { UNUSED, NEW, STARTED };

	Thread_capability  cap    { };       /* core's */
	Native_capability  object { };       /* what gates are bound to; asked for once */
	Cpu_thread_server *server = nullptr;
	uint32_t           badge  = 0;       /* of its gate */
	State              state  = UNUSED;
	addr_t             ip = 0, sp = 0;   /* to start with, where an image says so */

	bool exists()  const { return state != UNUSED; }
	bool started() const { return state == STARTED; }
};


class Caplog::Threads
{
	private:

		caplog_flavour const &_flavour = *caplog_own_flavour();

		Allocator      &_alloc;
		Rpc_entrypoint &_ep;
		Core           &_core;
		Objects        &_objects;
		unsigned const  _max = _flavour.threads;
		Thread_info    *_thread;

		/* nullptr: no thread can be there */
		Thread_info *_at(uint32_t slot);

		/* Some of the threads that were started */
		struct Living
		{
			enum { MAX = Foc_native_pd::THREADS };

			struct { Thread_capability cap; bool paused; } thread[MAX];
			unsigned count;
		};

		/* Those from place i on; i: where the next ones begin */
		void _living(Living &, unsigned &i);

		/* held where requests change what the main thread reads when it lets threads run on,
		 * for which no gate has to be closed */
		Mutex _lock { };

	public:

		Threads(Allocator &, Rpc_entrypoint &, Core &, Objects &);
		~Threads();

		unsigned max() const { return _max; }

		Thread_info &operator [] (unsigned i) { return _thread[i]; }

		uint32_t slot_of(Thread_info const &t) const {
			return _flavour.thread_base + (uint32_t)(&t - _thread)*_flavour.thread_stride; }

		/*
		 * fn(n, Thread_info &): of those that exist, in slot order, the one after
		 * `first` others and those that follow, `max` at most
		 *
		 * \return  their number
		 */
		template <typename FN>
		uint32_t each_from(uint32_t first, uint32_t max, FN const &fn)
		{
			uint32_t exist = 0, n = 0;

			for (unsigned i = 0; n < max && i < _max; i++)
				if (_thread[i].exists() && exist++ >= first)
					fn(n++, _thread[i]);
			return n;
		}

		/* nullptr: no such thread */
		Thread_info *existing(uint32_t slot);
		Thread_info *of_gate(Native_capability const &gate);

		/* By the capability that the component has */
		Thread_info *of_cap(Thread_capability const &);

		typedef Attempt<Thread_info *, Cpu_session::Create_thread_error> Create_result;

		/* Create a thread in the PD, in the first slot that is free */
		Create_result create(Target &, Cpu_session::Name const &, Affinity::Location);
		void         kill(Thread_info &);
		void         kill_all();

		void started(Thread_info &);
		void paused(Thread_info &, bool);

		/* The kernel object that gates of an entrypoint are bound to */
		Native_capability object_of(Thread_info &);

		/*
		 * fn(Thread_capability, paused): threads that were started, while the
		 * component may kill some of them
		 */
		template <typename FN> void for_each_living(FN const &fn)
		{
			for (unsigned i = 0; i < _max; i++) {
				/* a request that ends the thread tells core after it had the lock */
				Mutex::Guard guard(_lock);

				if (_thread[i].started())
					fn(_thread[i].cap, _thread[i].server->paused());
			}
		}

		/* Have core stop them, likewise */
		void stop_living();
};

#endif
