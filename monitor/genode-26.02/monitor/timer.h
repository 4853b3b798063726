/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timer session: the component's time stands still from a checkpoint to the
 * restore, and its signals are held back while it is stopped
 */
#ifndef CAPLOG_TIMER_H
#define CAPLOG_TIMER_H

#include <base/entrypoint.h>
#include <base/mutex.h>
#include <base/signal.h>
#include <timer_session/timer_session.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"

namespace Caplog { class Timer_session; }


class Caplog::Timer_session : public Served< ::Timer::Session, Timer_session>, public Session_base
{
	private:

		struct Dispatcher : Signal_dispatcher_base
		{
			Timer_session &session;

			Dispatcher(Timer_session &session) : session(session) { }

			void dispatch(unsigned count) override { session._fired_at_parent(count); }
		};

		Target                            &_target;
		Capability< ::Timer::Session> const _real;
		Dispatcher                         _dispatcher { *this };

		Mutex                     _lock    { };          /* of what follows */
		Signal_context_capability _handler { };
		uint64_t                  _before  = 0;          /* microseconds of its earlier lives */
		uint64_t                  _due     = 0;          /* of the next signal                */
		uint64_t                  _period  = 0;
		uint32_t                  _fired   = 0;          /* not delivered                     */
		uint32_t                  _mode    = CAPLOG_TIMER_IDLE;
		bool                      _rest    = false;      /* of a period that an image began   */
		bool                      _frozen  = false;
		bool                      _closed  = false;

		uint64_t _now() const { return _before + _real.call<Rpc_elapsed_us>(); }
		void     _once(uint64_t us);
		void     _periodic();
		void     _pass_on();
		void     _fired_at_parent(unsigned count);

	public:

		Timer_session(Target &, Session_capability);
		~Timer_session();

		void     trigger_once(Genode::uint64_t) override;
		void     trigger_periodic(Genode::uint64_t) override;
		void     sigh(Signal_context_capability) override;
		Genode::uint64_t elapsed_ms() const override { return _now()/1000; }
		Genode::uint64_t elapsed_us() const override { return _now(); }

		/* both are the client's, and no part of the RPC interface */
		void msleep(Genode::uint64_t) override { }
		void usleep(Genode::uint64_t) override { }

		Native_capability given() const override {
			return Rpc_object< ::Timer::Session, Timer_session>::cap(); }

		void settle() override;
		void restored() override;
		void freeze(bool) override;
		void forget(Signal_context_capability) override;
		bool end() override;

		static Session_base *wrap(Target &, Session_capability);
};

#endif
