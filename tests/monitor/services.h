/* SPDX-License-Identifier: BSD-2-Clause */
/* Services beside core's: ROM, timer, LOG, and one that nobody knows */
#ifndef MONITOR_TEST_SERVICES_H
#define MONITOR_TEST_SERVICES_H

#include <log_session/log_session.h>
#include <rom_session/rom_session.h>
#include <timer_session/timer_session.h>

#include "core_memory.h"

namespace Core_model {

struct Rom : Rpc_object<Rom_session>
{
	Ds module { 8192 };

	Rom() { core_ep().manage(this); }

	Rom_dataspace_capability dataspace() override {
		return reinterpret_cap_cast<Rom_dataspace>(module.cap()); }

	void sigh(Signal_context_capability) override { }
};


struct Timer_model : Rpc_object< ::Timer::Session>
{
	static std::vector<Timer_model *> all;

	Signal_context_capability handler;
	unsigned                  us = 0;
	bool                      periodic = false;
	unsigned long long        due = 0; /* in microseconds; 0: never */

	Timer_model() { core_ep().manage(this); all.push_back(this); }

	~Timer_model()
	{
		for (size_t i = 0; i < all.size(); i++)
			if (all[i] == this)
				all.erase(all.begin() + i--);
	}

	/* as Genode's: the first signal of a period comes at once */
	void trigger_once(unsigned t) override     { us = t; periodic = false; due = now() + t; }
	void trigger_periodic(unsigned t) override { us = t; periodic = t; due = t ? now() : 0; }

	static unsigned long long now() { return world.now_ms*1000ULL + 1; }

	/* The signals that are due */
	unsigned expire()
	{
		if (!due || due > now())
			return 0;
		unsigned const count = periodic ? (now() - due)/us + 1 : 1;
		due = periodic ? due + (unsigned long long)count*us : 0;
		return count;
	}
	void sigh(Signal_context_capability cap) override { handler = cap; }
	unsigned long elapsed_ms() const override  { return world.now_ms; }
	void msleep(unsigned) override { }
	void usleep(unsigned) override { }
};

struct Log : Rpc_object<Log_session>
{
	/* not core's: one that does not answer does not hold up core */
	Rpc_entrypoint ep { nullptr, 0, "log" };

	Log() { ep.manage(this); }

	size_t write(String const &text) override
	{
		wait_while_silent();
		world.lines++;
		return strlen(text.string());
	}
};

struct Anything { GENODE_RPC_INTERFACE(); };

struct Other : Rpc_object<Anything, Other>
{
	Other() { core_ep().manage(this); }
};

} /* namespace Core_model */

#endif
