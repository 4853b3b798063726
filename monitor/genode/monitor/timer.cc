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


void Timers::flush(Target &target)
{
	Lock::Guard guard(_lock);

	for (Timer_session *t = _all.first(); t; t = t->List<Timer_session>::Element::next())
		if (t->belongs_to(target))
			t->flush();
}


/*
 * One session
 */

Timer_session::Timer_session(Target &target, char const *args)
:
	_target(target),
	_real(static_cap_cast< ::Timer::Session>(target.open_at_parent("Timer", args)))
{
	strncpy(saved.args, args, sizeof(saved.args));
	_real.call< ::Timer::Session::Rpc_sigh>(target.timers().add(*this));
	target.ep().manage(this);
}


Timer_session::~Timer_session()
{
	_target.ep().dissolve(this);
	_target.timers().remove(*this);
	_target.env().parent().close(_real);
}


Session_base *Timer_session::open(Target &target, char const *args, Affinity const &) {
	return new (target.alloc()) Timer_session(target, args); }


bool Timer_session::end()
{
	destroy(_target.alloc(), this);
	return true;
}


void Timer_session::trigger_once(unsigned us)
{
	Lock::Guard guard(_lock);

	saved.timer.mode         = CAPLOG_TIMER_ONCE;
	saved.timer.microseconds = us;
	_started = _real_ms();
	_real.call< ::Timer::Session::Rpc_trigger_once>(us);
}


void Timer_session::trigger_periodic(unsigned us)
{
	Lock::Guard guard(_lock);

	saved.timer.mode         = us ? CAPLOG_TIMER_PERIODIC : CAPLOG_TIMER_IDLE;
	saved.timer.microseconds = us;
	_real.call< ::Timer::Session::Rpc_trigger_periodic>(us);
}


void Timer_session::sigh(Signal_context_capability cap)
{
	Lock::Guard guard(_lock);

	saved.handler[0] = _target.objects().context_id(cap);
	_handler = _target.objects().context(saved.handler[0]);
}


/* The caller holds the lock */
void Timer_session::_pass_on()
{
	if (!_target.frozen() && saved.timer.fired && _handler.valid()) {
		_target.core().pd.submit(_handler, saved.timer.fired);
		saved.timer.fired = 0;
	}
}


void Timer_session::flush()
{
	Lock::Guard guard(_lock);

	_pass_on();
}


void Timer_session::fired(unsigned count)
{
	Lock::Guard guard(_lock);

	/* unless it was triggered again meanwhile */
	if (saved.timer.mode == CAPLOG_TIMER_ONCE && (_real_ms() - _started + 1)*1000 >= saved.timer.microseconds)
		saved.timer.mode = CAPLOG_TIMER_IDLE;
	saved.timer.fired += count;
	_pass_on();
}


void Timer_session::settle()
{
	Lock::Guard guard(_lock);

	unsigned long const now = _real_ms(), passed = (now - _started)*1000;

	saved.timer.elapsed_ms = _before + now;
	if (saved.timer.mode != CAPLOG_TIMER_ONCE)
		return;

	saved.timer.left = passed < saved.timer.microseconds
	                 ? saved.timer.microseconds - passed : 1;
}


void Timer_session::restored()
{
	{
		Lock::Guard guard(_lock);
		_handler = _target.objects().context(saved.handler[0]);
		_before  = saved.timer.elapsed_ms - _real_ms();
	}
	if (saved.timer.mode == CAPLOG_TIMER_ONCE)
		trigger_once(saved.timer.left ? saved.timer.left : 1);
	if (saved.timer.mode == CAPLOG_TIMER_PERIODIC)
		trigger_periodic(saved.timer.microseconds);
	flush();
}

} /* namespace Caplog */
