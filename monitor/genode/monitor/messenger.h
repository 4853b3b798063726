/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to the monitor's parent
 *
 * The parent may wait for a server before it answers, and answers nothing else of
 * the monitor meanwhile, as init of Genode 16.08 does. So a thread of its own makes
 * all requests, in the order in which they come, and whoever waits for an answer
 * can give up: a session that is opened all the same is closed at once, and one
 * that was to be closed is closed when its turn comes.
 *
 * The thread's own call is never cancelled. The parent would keep the kernel's
 * capability to answer it, which outlives the thread.
 *
 * The thread that creates it, the monitor's main one, waits for a limited time.
 * Others wait until they are answered, or somebody lets them give up.
 */
#ifndef CAPLOG_MESSENGER_H
#define CAPLOG_MESSENGER_H

#include <base/allocator.h>
#include <base/env.h>
#include <base/semaphore.h>
#include <base/thread.h>
#include <parent/client.h>
#include <timer_session/connection.h>
#include <util/list.h>

#include "types.h"

namespace Caplog {
	class  Messenger;
	struct Messenger_env;
}


class Caplog::Messenger : Thread, public Parent
{
	public:

		/* No answer within the time of the main thread, or the caller's component ends */
		struct Unanswered : Parent::Exception { };

	private:

		enum { STACK_SIZE = 4*1024*sizeof(long) };

		/* How long the main thread waits; it yields first, for those who answer at once */
		enum { OPEN_MS = 10000, CLOSE_MS = 1000, YIELDS = 200 };

		enum Result { NONE, DONE, DENIED, QUOTA, GIVEN_UP };

		struct Text
		{
			char     service[Parent::Service_name::MAX_SIZE];
			char     args[Parent::Session_args::MAX_SIZE];
			Affinity affinity;

			Text(char const *service, char const *args, Affinity const &affinity)
			: affinity(affinity)
			{
				strncpy(this->service, service, sizeof(this->service));
				strncpy(this->args, args, sizeof(this->args));
			}
		};

		/* Who waits for an answer, on the stack of its thread */
		struct Wait
		{
			Thread            &caller;
			Text         const text;
			Session_capability cap { };
			Result             result = NONE;
			Semaphore          answered { };

			Wait(Text const &text) : caller(*Thread::myself()), text(text) { }
		};

		/* Exists from the request for a session until that is closed, so closing needs no memory */
		struct Request : List<Request>::Element
		{
			enum Kind { OPEN, UPGRADE, CLOSE } kind;

			Session_capability cap;
			Wait              *wait = nullptr; /* nobody waits for an answer */

			Request(Kind kind, Session_capability cap = Session_capability())
			: kind(kind), cap(cap) { }
		};

		Parent_client      _parent;
		Allocator         &_alloc;
		Timer::Connection &_timer;
		Thread            &_main;
		Semaphore          _asked;

		Lock          _lock;                /* of all that follows               */
		List<Request> _queue;               /* the next one comes first          */
		List<Request> _open;                /* sessions                          */
		Request      *_under_way = nullptr; /* the parent has it                 */
		unsigned      _answers   = 0;
		unsigned      _hopeless  = ~0U;     /* answers when closing took too long */

		void entry() override;
		Request *_take(Text &);
		Result   _ask(Request &, Text const &);
		void     _answer(Request *, Result);

		void   _enqueue(Request *);
		void   _forget(Wait &);
		void   _await(Wait &, unsigned ms);
		Result _request(Request *, Wait &, unsigned ms);

	public:

		/* \param timer  the main thread's */
		Messenger(Env &, Allocator &, Timer::Connection &timer);

		/*
		 * A thread waits for no answer any more
		 *
		 * \return  false: it did not wait for one
		 */
		bool give_up(Thread &caller);

		/*
		 * Parent interface; session and upgrade throw Unanswered besides
		 */
		Session_capability session(Service_name const &, Session_args const &,
		                           Affinity const &) override;
		void upgrade(Session_capability, Upgrade_args const &) override;
		void close(Session_capability) override;

		void exit(int value) override { _parent.exit(value); }
		void announce(Service_name const &name, Root_capability root) override { _parent.announce(name, root); }
		Thread_capability main_thread_cap() const override { return _parent.main_thread_cap(); }
		void resource_avail_sigh(Signal_context_capability cap) override { _parent.resource_avail_sigh(cap); }
		void resource_request(Resource_args const &args) override { _parent.resource_request(args); }
		void yield_sigh(Signal_context_capability cap) override { _parent.yield_sigh(cap); }
		Resource_args yield_request() override { return _parent.yield_request(); }
		void yield_response() override { _parent.yield_response(); }
};


/*
 * The monitor's environment, with the messenger in place of the parent
 */
struct Caplog::Messenger_env : Env
{
	Env       &real;
	Messenger &messenger;

	Messenger_env(Env &real, Messenger &messenger) : real(real), messenger(messenger) { }

	Parent      &parent() override { return messenger; }
	Ram_session &ram()    override { return real.ram(); }
	Cpu_session &cpu()    override { return real.cpu(); }
	Region_map  &rm()     override { return real.rm();  }
	Pd_session  &pd()     override { return real.pd();  }
	Entrypoint  &ep()     override { return real.ep();  }

	Ram_session_capability ram_session_cap() override { return real.ram_session_cap(); }
	Cpu_session_capability cpu_session_cap() override { return real.cpu_session_cap(); }
};

#endif
