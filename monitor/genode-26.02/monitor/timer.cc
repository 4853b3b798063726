/* SPDX-License-Identifier: BSD-2-Clause */
#include "target.h"
#include "targets.h"
#include "timer.h"

namespace Caplog {


Timer_session::Timer_session(Target &target, Session_capability real)
:
	Served(target.gate()), _target(target), _real(static_cap_cast< ::Timer::Session>(real))
{
	_real.call<Rpc_sigh>(target.targets().timer_ep.manage(_dispatcher));
	target.ep().manage(this);
}


Timer_session::~Timer_session()
{
	_target.ep().dissolve(this);
	{
		Mutex::Guard guard(_lock);
		_closed = true;
	}
	_target.targets().timer_ep.dissolve(_dispatcher);
}


Session_base *Timer_session::wrap(Target &target, Session_capability real) {
	return new (target.alloc()) Timer_session(target, real); }


bool Timer_session::end()
{
	Gate::Outside outside(_target.gate());
	destroy(_target.alloc(), this);
	return true;
}


/*
 * Times are those at which signals are due, in microseconds of elapsed_us(), and
 * no restore moves them. The caller of functions with an underscore holds the lock.
 */

void Timer_session::_once(uint64_t us)
{
	_due = _now() + us;
	_real.call<Rpc_trigger_once>(us);
}


void Timer_session::_periodic()
{
	_rest = false;
	_due  = _now() + _period;
	_real.call<Rpc_trigger_periodic>(_period);
}


void Timer_session::trigger_once(Genode::uint64_t us)
{
	Mutex::Guard guard(_lock);

	_mode = CAPLOG_TIMER_ONCE;
	_rest = false;
	_once(us);
}


void Timer_session::trigger_periodic(Genode::uint64_t us)
{
	Mutex::Guard guard(_lock);

	_mode   = us ? CAPLOG_TIMER_PERIODIC : CAPLOG_TIMER_IDLE;
	_period = us;
	_periodic();
}


void Timer_session::sigh(Signal_context_capability cap)
{
	Mutex::Guard guard(_lock);

	saved.handler[0] = _target.objects().context_id(cap);
	_handler = _target.objects().context(saved.handler[0]);
}


void Timer_session::_pass_on()
{
	if (_frozen || !_fired)
		return;

	/* the timer, too, sends nothing to a session without a handler */
	if (_handler.valid())
		_target.core().pd.submit(_handler, _fired);
	_fired = 0;
}


void Timer_session::forget(Signal_context_capability context)
{
	Mutex::Guard guard(_lock);

	if (_handler.valid() && _handler.local_name() == context.local_name())
		_handler = Signal_context_capability();
}


void Timer_session::freeze(bool frozen)
{
	Mutex::Guard guard(_lock);

	_frozen = frozen;
	_pass_on();
}


void Timer_session::_fired_at_parent(unsigned count)
{
	Mutex::Guard guard(_lock);

	/* a signal that was on its way when the session was closed */
	if (_closed)
		return;
	/* the rest of a period is over */
	if (_rest) {
		_periodic();
		count = 1;
	} else if (_mode == CAPLOG_TIMER_PERIODIC)
		_due += count*_period;
	/* unless it was triggered again meanwhile */
	else if (_mode == CAPLOG_TIMER_ONCE && _now() >= _due)
		_mode = CAPLOG_TIMER_IDLE;
	_fired += count;
	_pass_on();
}


void Timer_session::settle()
{
	Mutex::Guard guard(_lock);

	uint64_t const now  = _now();
	uint64_t const left = _due > now ? _due - now : 0;

	saved.timer.elapsed_ms   = (now + 999)/1000; /* never back */
	saved.timer.mode         = _mode;
	saved.timer.microseconds = (uint32_t)min(_period, (uint64_t)~0U);
	saved.timer.fired        = _fired;
	saved.timer.left         = (uint32_t)min(left, (uint64_t)~0U);
}


void Timer_session::restored()
{
	Mutex::Guard guard(_lock);

	_handler = _target.objects().context(saved.handler[0]);
	_before  = saved.timer.elapsed_ms*1000 - _real.call<Rpc_elapsed_us>();
	_fired   = saved.timer.fired;
	_period  = saved.timer.microseconds;
	_mode    = saved.timer.mode == CAPLOG_TIMER_PERIODIC && _period ? CAPLOG_TIMER_PERIODIC
	         : saved.timer.mode == CAPLOG_TIMER_ONCE                ? CAPLOG_TIMER_ONCE
	                                                                : CAPLOG_TIMER_IDLE;
	_rest = _mode == CAPLOG_TIMER_PERIODIC;
	if (_mode != CAPLOG_TIMER_IDLE)
		_once(saved.timer.left);
	_frozen = false;
	_pass_on();
}

} /* namespace Caplog */
