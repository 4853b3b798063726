/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers: what passes on to the component, what is held back, what is left after a restore */
#include "test.h"


/* Signals come by way of a thread of the monitor */
static void wait_for_signals(unsigned submitted) {
	wait_until([&] { return world.submitted == submitted; }); }


/* A session of a component, and a handler for it */
struct Timer_test
{
	Target   &t = monitor()[0];
	Component c { t };

	Capability<Pd_session>     const pd      { c.own<Pd_session>("Env::pd_session") };
	Signal_context_capability  const context { pd.call<Pd_session::Rpc_alloc_context>(
		pd.call<Pd_session::Rpc_alloc_signal_source>(), 1ul) };
	Capability<Timer::Session> const timer   { c.open<Timer::Session>("ram_quota=8K") };

	Timer_test() { timer.call<Timer::Session::Rpc_sigh>(context); }

	~Timer_test()
	{
		c.close(timer);
		pd.call<Pd_session::Rpc_free_context>(context);
	}

	caplog_state state()
	{
		Object &o = *t.objects().by_cap(timer);
		caplog_state session = caplog_state();
		::uint64_t   pending = 0;

		monitor().ops.save(monitor().ops.ctx, &t, &t.objects().line(o), &session, &pending);
		return session;
	}
};


/* Of a child of the component: its signals are passed on, too */
void test_timer_of_a_child()
{
	Timer_test test;

	test.timer.call<Timer::Session::Rpc_sigh>(reinterpret_cap_cast<Signal_context>(foreign()));
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(1000u);
	unsigned const before = world.submitted;
	fire_timers(2);
	wait_for_signals(before + 2);
	EQUAL(world.submitted, before + 2);
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(0u);
}


/* Signals that arrive from one instant to another, to one session after the other */
static unsigned long signals_within(unsigned long ms)
{
	unsigned const before = world.submitted;

	for (; ms; ms--) {
		unsigned const now = world.submitted;
		if (!pass_time(1))
			continue;
		/* the rest of a period is followed by the period */
		wait_until([&] { return world.submitted != now || pass_time(0); });
		wait_until([&] { return world.submitted != now; });
	}
	return world.submitted - before;
}


/* Core would complain of a signal to a context that the component freed */
void test_timer_without_handler()
{
	Timer_test test;

	test.timer.call<Timer::Session::Rpc_trigger_periodic>(1000u);
	test.pd.call<Pd_session::Rpc_free_context>(test.context);
	unsigned const before = world.submitted;
	fire_timers(2);
	sleep_us(50000);
	EQUAL(world.submitted, before);
}


void test_timer()
{
	Timer_test test;
	Target &t = test.t;

	test.timer.call<Timer::Session::Rpc_trigger_periodic>(1000u);

	unsigned const before = world.submitted;
	fire_timers(2);
	wait_for_signals(before + 2);
	EQUAL(world.submitted, before + 2);

	/* none is passed on from the stop to the resume, and none is lost */
	t.timers().freeze(t);
	fire_timers(3);
	wait_until([&] { return test.state().timer.fired == 3; });
	EQUAL(world.submitted, before + 2);
	EQUAL(test.state().timer.fired, 3);
	t.timers().thaw(t);
	EQUAL(world.submitted, before + 5);

	EQUAL(test.state().timer.mode, CAPLOG_TIMER_PERIODIC);
	EQUAL(test.state().timer.microseconds, 1000);

	/* what is left of a one-shot, however often it is asked for */
	test.timer.call<Timer::Session::Rpc_trigger_once>(50000u);
	world.now_ms += 20;
	EQUAL(test.state().timer.left, 30000);
	EQUAL(test.state().timer.left, 30000);
	EQUAL(test.state().timer.mode, CAPLOG_TIMER_ONCE);

	/* a signal without a handler is nobody's, as below init */
	test.timer.call<Timer::Session::Rpc_sigh>(Signal_context_capability());
	fire_timers(1);
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(0u);
	wait_until([&] { return !test.state().timer.fired; });
	EQUAL(test.state().timer.fired, 0);
	EQUAL(world.submitted, before + 5);
}


/* One more session from a state, as a restore makes it */
struct Again
{
	Target       &t;
	Session_base &session;

	Again(Target &t, caplog_state const &state)
	: t(t), session(*Timer_session::open(t, "ram_quota=8K", Affinity()))
	{
		session.saved = state;
		session.restored();
	}

	~Again() { session.end(); }
};


/*
 * A period goes on where it was cut: as many signals as if nothing had been, at
 * the same times of the component's clock
 */
void test_timer_restored()
{
	enum { PERIOD = 400, LIVES = 100 };
	Timer_test test;
	Target &t = test.t;

	unsigned const before = world.submitted;
	unsigned long  lived  = 0;
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(PERIOD*1000u);
	EQUAL(pass_time(0), 1);
	wait_for_signals(before + 1);

	caplog_state state = test.state();
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(0u);
	EQUAL(state.timer.left, PERIOD*1000);

	for (unsigned life = 0; life < LIVES; life++) {
		unsigned long const elapsed = state.timer.elapsed_ms;
		world.now_ms += 1000; /* no time of the component's */
		Again again(t, state);

		again.session.settle();
		EQUAL(again.session.saved.timer.elapsed_ms, elapsed);

		unsigned long const ms = 1 + life*37 % 900;
		signals_within(ms);
		lived += ms;
		EQUAL(world.submitted - before, 1 + lived/PERIOD);

		again.session.settle();
		state = again.session.saved;
		EQUAL(state.timer.elapsed_ms, elapsed + ms);
		EQUAL(state.timer.left, (PERIOD - lived % PERIOD)*1000);
	}

	/* due, but not arrived when the component was stopped: they come once, at once */
	unsigned const then = world.submitted;
	state.timer.left = 0;
	state.timer.fired = 3;
	{
		Again again(t, state);
		EQUAL(world.submitted, then + 3);
		wait_until([&] { pass_time(0); return world.submitted == then + 4; });
		EQUAL(signals_within(PERIOD - 1), 0);
		EQUAL(signals_within(1), 1);
	}

	/* late signals of a period are counted in the image as what was not delivered */
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(PERIOD*1000u);
	world.now_ms += 2*PERIOD + 50;
	EQUAL(test.state().timer.fired, 3);
	EQUAL(test.state().timer.left, (PERIOD - 50)*1000);

	/* a one-shot, on its way and over */
	test.timer.call<Timer::Session::Rpc_trigger_once>(60000u);
	world.now_ms += 20;
	state = test.state();
	test.timer.call<Timer::Session::Rpc_trigger_periodic>(0u);
	{
		Again again(t, state);
		EQUAL(signals_within(39), 0);
		EQUAL(signals_within(1), 1);
		EQUAL(signals_within(200), 0);
		again.session.settle();
		EQUAL(again.session.saved.timer.mode, CAPLOG_TIMER_IDLE);
	}
}


/* A signal that was on its way when the session was closed asks the timer nothing */
void test_timer_closed_late()
{
	{
		Timer_test test;

		test.timer.call<Timer::Session::Rpc_trigger_once>(50000u);
		world.late = true;
	}
	world.late = false;

	Timer_test test;
	test.timer.call<Timer::Session::Rpc_trigger_once>(1000u);
	EQUAL(signals_within(2), 1);
}
