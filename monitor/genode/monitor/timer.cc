/* SPDX-License-Identifier: BSD-2-Clause */
#include "target.h"
#include "timer.h"

namespace Caplog {


/*
 * All sessions
 */

void Timers::entry()
{
	for (;;) {
		Signal signal = _receiver.wait_for_signal();
		static_cast<Timer_session *>(signal.context())->fired(signal.num());
	}
}


Signal_context_capability Timers::add(Timer_session &session)
{
	Signal_context_capability const context = _receiver.manage(&session);

	Lock::Guard guard(_lock);
	_all.insert(&session);
	return context;
}


void Timers::remove(Timer_session &session)
{
	{
		Lock::Guard guard(_lock);
		_all.remove(&session);
	}
	_receiver.dissolve(&session);
}


void Timers::_freeze(Target &target, bool frozen)
{
	Lock::Guard guard(_lock);

	for (Timer_session *t = _all.first(); t; t = t->List<Timer_session>::Element::next())
		if (t->belongs_to(target))
			t->freeze(frozen);
}


void Timers::freeze(Target &target) { _freeze(target, true); }
void Timers::thaw(Target &target)   { _freeze(target, false); }


void Timers::forget(Target &target, Signal_context_capability context)
{
	Lock::Guard guard(_lock);

	for (Timer_session *t = _all.first(); t; t = t->List<Timer_session>::Element::next())
		if (t->belongs_to(target))
			t->forget(context);
}


/*
 * One session
 */

Timer_session::Timer_session(Target &target, char const *args)
:
	Served(target.gate()), _target(target),
	_real(static_cap_cast< ::Timer::Session>(target.open_at_parent("Timer", args)))
{
	strncpy(saved.args, args, sizeof(saved.args));
	_real.call< ::Timer::Session::Rpc_sigh>(target.timers().add(*this));
	target.ep().manage(this);
}


Timer_session::~Timer_session()
{
	{
		Lock::Guard guard(_lock);
		_closed = true;
	}
	/* first the session: core complains of a signal to a context that is gone */
	_target.env().parent().close(_real);
	_target.timers().remove(*this);
}


Session_base *Timer_session::open(Target &target, char const *args, Affinity const &) {
	return new (target.alloc()) Timer_session(target, args); }


bool Timer_session::end()
{
	_target.retire(this);
	return true;
}


/*
 * Genode's timer sends the first signal of a period at once, and each one that
 * follows a period after the one before, whenever it is asked to do so. So
 * times are those at which signals are due, in microseconds of elapsed_ms(), and
 * no restore moves them. The caller of those with an underscore holds the lock.
 */

void Timer_session::_once(unsigned us)
{
	_due = _now_us() + us;
	_real.call< ::Timer::Session::Rpc_trigger_once>(us);
}


void Timer_session::_periodic()
{
	_rest = false;
	_real.call< ::Timer::Session::Rpc_trigger_periodic>(_period);
}


void Timer_session::trigger_once(unsigned us)
{
	Lock::Guard guard(_lock);

	_mode = CAPLOG_TIMER_ONCE;
	_rest = false;
	_once(us);
}


void Timer_session::trigger_periodic(unsigned us)
{
	Lock::Guard guard(_lock);

	_mode   = us ? CAPLOG_TIMER_PERIODIC : CAPLOG_TIMER_IDLE;
	_period = us;
	_due    = _now_us();
	_periodic();
}


void Timer_session::sigh(Signal_context_capability cap)
{
	Lock::Guard guard(_lock);

	saved.handler[0] = _target.objects().context_id(cap);
	_handler = _target.objects().context(saved.handler[0]);

	/* of a child of its own, which no image contains */
	if (!saved.handler[0])
		_handler = cap;
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
	Lock::Guard guard(_lock);

	if (_handler.local_name() == context.local_name())
		_handler = Signal_context_capability();
}


void Timer_session::freeze(bool frozen)
{
	Lock::Guard guard(_lock);

	_frozen = frozen;
	_pass_on();
}


void Timer_session::fired(unsigned count)
{
	Lock::Guard guard(_lock);

	/* a signal that was on its way when the session was closed */
	if (_closed)
		return;
	/* the rest of a period is over: the first signal of the period follows at once */
	if (_rest) {
		_periodic();
		return;
	}
	/* unless it was triggered again meanwhile; times are whole milliseconds */
	if (_mode == CAPLOG_TIMER_ONCE && _now_us() + 1000 >= _due)
		_mode = CAPLOG_TIMER_IDLE;
	if (_mode == CAPLOG_TIMER_PERIODIC)
		_due += (uint64_t)count*_period;
	_fired += count;
	_pass_on();
}


void Timer_session::settle()
{
	Lock::Guard guard(_lock);

	saved.timer.elapsed_ms = elapsed_ms();
	uint64_t const now = saved.timer.elapsed_ms*1000;

	/* signals of a period that are due, but have not arrived here */
	uint64_t const late = _mode == CAPLOG_TIMER_PERIODIC && _due <= now
	                    ? (now - _due)/_period + 1 : 0;
	uint64_t const due = _due + late*_period;

	saved.timer.mode         = _mode;
	saved.timer.microseconds = _period;
	saved.timer.fired        = _fired + (uint32_t)late;
	saved.timer.left         = due > now ? (uint32_t)(due - now) : 0;
}


void Timer_session::restored()
{
	{
		Lock::Guard guard(_lock);
		_handler = _target.objects().context(saved.handler[0]);
		_before  = saved.timer.elapsed_ms - _real_ms();
		_fired   = saved.timer.fired;
		_period  = saved.timer.microseconds;
		if (saved.timer.mode == CAPLOG_TIMER_PERIODIC && _period)
			_mode = CAPLOG_TIMER_PERIODIC;
		if (saved.timer.mode == CAPLOG_TIMER_ONCE)
			_mode = CAPLOG_TIMER_ONCE;
		_rest = _mode == CAPLOG_TIMER_PERIODIC;
		if (_mode != CAPLOG_TIMER_IDLE)
			_once(saved.timer.left);
	}
	freeze(false);
}

} /* namespace Caplog */
