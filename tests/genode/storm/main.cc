/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program: it runs within the request `construct`, and returns a number
 *
 *   <config service= sibling= first= callers= rounds=/>
 */
#include <base/env.h>
#include <base/log.h>
#include <base/thread.h>
#include <os/config.h>

#include "storm.h"

using namespace Storm;

Account   Storm::account;
Activity *Activity::first;


void Account::one_less()
{
	Lock::Guard guard(lock);

	if (!--left)
		done.up();
}


void Account::request(unsigned caller, Kind kind, unsigned long n)
{
	{
		Lock::Guard guard(lock);
		unsigned long &last = seen[caller % CALLERS][kind];

		served++;
		if (n <= last) {
			twice++;
			error("FAILED: request ", n, " of kind ", (int)kind, " of caller ", caller, " after ", last);
		}
		if (n > last + 1) {
			missed++;
			error("FAILED: request ", n, " of kind ", (int)kind, " of caller ", caller, " after ", last);
		}
		last = n;
	}
	one_less();
}


void Account::expect(bool condition, char const *what, unsigned long n)
{
	if (condition)
		return;

	error("FAILED: ", what, " in round ", n);
	Lock::Guard guard(lock);
	wrong++;
}


struct Caller : Thread_deprecated<4096*sizeof(long)>
{
	unsigned            const number;
	unsigned long       const rounds;
	Capability<Counter> const sibling;

	Caller(unsigned number, unsigned long rounds, Capability<Counter> sibling)
	: Thread_deprecated("caller"), number(number), rounds(rounds), sibling(sibling) { start(); }

	void entry() override
	{
		call(number, rounds, sibling);
		account.ended.up();
	}
};


struct Active : Thread_deprecated<4096*sizeof(long)>
{
	Activity     &activity;
	unsigned long rounds;

	Active(Activity &activity, unsigned long rounds)
	: Thread_deprecated(activity.name), activity(activity), rounds(rounds) { start(); }

	void entry() override
	{
		for (unsigned long n = 1; n <= rounds; n++)
			activity.round(n);
		if (activity.end)
			activity.end();
		account.ended.up();
	}
};


typedef String<32> Name;


static Name &sibling()
{
	static Name name = config()->xml_node().attribute_value("sibling", Name());
	return name;
}


Capability<Counter> Storm::open_sibling(char const *args) {
	return reinterpret_cap_cast<Counter>(env()->parent()->session(sibling().string(), args, Affinity())); }


int main()
{
	Xml_node const node = config()->xml_node();
	Name     const service = node.attribute_value("service", Name());
	unsigned long const rounds  = node.attribute_value("rounds",  1000UL);
	unsigned      const first   = node.attribute_value("first",   0U),
	                    callers = node.attribute_value("callers", 1U);

	unsigned activities = 0;
	for (Activity *a = Activity::first; a; a = a->next)
		activities++;

	account.left = rounds*(CALLERS*REQUESTS + callers*CALLBACKS) + 1;

	own().call<Counter::Rpc_ready>();
	announce(service.string());
	Capability<Counter> const session = open_sibling("ram_quota=16K");

	for (Activity *a = Activity::first; a; a = a->next)
		new (env()->heap()) Active(*a, rounds/a->every);
	for (unsigned n = 1; n < callers; n++)
		new (env()->heap()) Caller(first + n, rounds, session);
	log("storm begins");
	call(first, rounds, session);
	for (unsigned n = 1; n < callers + activities; n++)
		account.ended.down();
	session.call<Counter::Rpc_bye>();
	account.done.down();

	log("storm: served ", account.served, ", twice ", account.twice, ", missed ", account.missed,
	    ", wrong ", account.wrong);
	log("storm: quota ", env()->ram_session()->quota(), ", used ", env()->ram_session()->used());
	return (int)account.served;
}
