/* SPDX-License-Identifier: BSD-2-Clause */
/* signals: lives on signals, its own and the timer's */
#include "scenario.h"

struct signals {
	hb_cap log, timer, tick, ping;
	int    ticks, pings;
};

static void signals_ping(uint64_t number)
{
	struct signals *s = APP(signals);

	s->pings += (int)number;
	hb_log(s->log, "ping %d at tick %d", s->pings, s->ticks);
	if (s->ticks == 4)
		hs_leave(s->pings);
	hb_invoke(s->timer, HS_TIMER_TRIGGER, 5, 0);
}

static void signals_tick(uint64_t number)
{
	struct signals *s = APP(signals);

	s->ticks += (int)number;
	hs_submit(s->ping);
}

static void set_handler(hb_cap timer, hb_cap context)
{
	struct hb_msg const m = { 1, 1, { HS_TIMER_SIGH }, { context } };
	hb_call(timer, &m, NULL);
}

static void signals_construct(void)
{
	struct signals *s = APP(signals);

	s->log = hb_session("LOG");
	s->timer = hb_session("Timer");
	s->tick = hb_signal(0, signals_tick);
	s->ping = hb_signal(1, signals_ping);
	set_handler(s->timer, s->tick);
	hs_submit(s->ping);
}

HOSTED_SCENARIO(signals, 0, { "signals", signals_construct });
