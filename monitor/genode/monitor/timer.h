/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timer session
 *
 * The timer's signals come to the monitor, which passes them on. So no signal
 * that the monitor does not know of is under way at a checkpoint.
 */
#ifndef CAPLOG_TIMER_H
#define CAPLOG_TIMER_H

#include <base/signal.h>
#include <base/thread.h>
#include <timer_session/client.h>
#include <util/list.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"

namespace Caplog { class Timer_session; }


/*
 * Receives the signals of all timer sessions
 */
class Caplog::Timers : Thread
{
	private:

		enum { STACK_SIZE = 4*1024*sizeof(long) };

		Signal_receiver     _receiver;
		Lock                _lock; /* of the list, and of what is frozen */
		List<Timer_session> _all;

		void entry() override;
		void _freeze(Target &, bool);

	public:

		Timers(Env &env) : Thread(env, "timers", STACK_SIZE) { start(); }

		/* A thread that runs and is never stopped */
		Thread_capability thread() const { return cap(); }

		/* Where the timer sends a session's signals */
		Signal_context_capability add(Timer_session &);
		void                      remove(Timer_session &);

		/* Hold back a target's signals from now on; pass on what came meanwhile */
		void freeze(Target &);
		void thaw(Target &);

		/* A signal context of the target is about to go: no timer signals it any more */
		void forget(Target &, Signal_context_capability);
};


class Caplog::Timer_session : public Served< ::Timer::Session, Timer_session>,
                              public Session_base, public Signal_context,
                              public List<Timer_session>::Element
{
	private:

		Target                       &_target;
		Capability< ::Timer::Session> _real;
		Signal_context_capability     _handler;    /* the component's                    */
		unsigned long                 _before = 0; /* milliseconds of earlier lives      */
		caplog_timer_mode             _mode   = CAPLOG_TIMER_IDLE;
		unsigned                      _period = 0;
		uint64_t                      _due    = 0; /* when the next signal comes         */
		unsigned                      _fired  = 0; /* signals that are not passed on yet */
		bool                          _rest   = false; /* of a period that a checkpoint cut */
		bool                          _frozen = false;
		bool                          _closed = false; /* the real session is gone */
		Lock                          _lock;

		unsigned long _real_ms() const { return _real.call< ::Timer::Session::Rpc_elapsed_ms>(); }
		uint64_t      _now_us()  const { return (uint64_t)elapsed_ms()*1000; }

		void _once(unsigned);
		void _periodic();
		void _pass_on();

	public:

		Timer_session(Target &, char const *args);
		~Timer_session();

		bool belongs_to(Target const &target) const { return &target == &_target; }

		/* The timer sent signals */
		void fired(unsigned count);

		/* Hold back signals, or pass on what was held back */
		void freeze(bool);
		void forget(Signal_context_capability);

		void trigger_once(unsigned) override;
		void trigger_periodic(unsigned) override;
		void sigh(Signal_context_capability) override;
		unsigned long elapsed_ms() const override { return _before + _real_ms(); }

		/* both are the client's, and no part of the RPC interface */
		void msleep(unsigned) override { }
		void usleep(unsigned) override { }

		Native_capability given() const override {
			return Rpc_object< ::Timer::Session, Timer_session>::cap(); }

		Session_capability real() const override { return _real; }
		void settle() override;
		void restored() override;
		bool end() override;

		static Session_base *open(Target &, char const *args, Affinity const &);
};

#endif
