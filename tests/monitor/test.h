/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the monitor share
 */
#ifndef MONITOR_TEST_H
#define MONITOR_TEST_H

#include <stdio.h>

#include "core.h"
#include "instance.h"
#include "steps.h"

using namespace Caplog;
using namespace Core_model;

/* of the tests, not of Genode */
void check_equal(char const *file, int line, char const *what, unsigned long long got,
                 unsigned long long expected);

#define EQUAL(a, b) check_equal(__FILE__, __LINE__, #a, (unsigned long long)(a), (unsigned long long)(b))
#define CHECK(a)    EQUAL(!!(a), 1)

extern char const * const config_text;


/* What another thread brings about, within a minute, should the machine do much else */
template <typename CONDITION> void wait_until(CONDITION const &condition)
{
	bool met = condition();

	for (unsigned i = 0; i < 60000 && !met; i++) {
		sleep_us(1000);
		met = condition();
	}
	CHECK(met);
}


/* The monitor with one instance of its targets, started */
struct Monitor
{
	Env              &env = environment();
	Xml_node          config { config_text };
	Timer::Connection timer { env };
	Platform          platform { env, heap(), config, timer };
	caplog_platform   ops = platform.ops();
	Instance          instance { heap(), 2 };

	Monitor()
	{
		config.for_each_sub_node("target", [&] (Xml_node node) { instance.add(platform, node); });
		for (unsigned i = 0; i < instance.group.count; i++)
			instance.group.target[i]->start();
	}

	Target &operator [] (unsigned i) { return *instance.group.target[i]; }
};

/*
 * Threads of a monitor never end, as on Genode, where it lives as long as the
 * system. So all tests share the one that runs.
 */
Monitor &monitor();


/* Living lines of one kind */
unsigned lines(Target &, uint32_t kind);


/* The component's side: its parent, and sessions that it opens there */
struct Component
{
	Capability<Parent> parent;

	Component(Target &t) : parent(t.parent().parent_cap()) { }

	Session_capability open(char const *service, char const *args) {
		return parent.call<Parent::Rpc_session>(service, args, Affinity()); }

	template <typename SESSION> Capability<SESSION> open(char const *args) {
		return reinterpret_cap_cast<SESSION>(open(SESSION::service_name(), args)); }

	template <typename SESSION> Capability<SESSION> own(char const *name) {
		return reinterpret_cap_cast<SESSION>(open(name, "")); }

	void close(Session_capability cap) { parent.call<Parent::Rpc_close>(cap); }
};


/* A component of its own, beside those that the other tests share */
struct Alone
{
	Instance instance;

	Alone(unsigned count) : instance(heap(), count)
	{
		unsigned n = 0;

		monitor().config.for_each_sub_node("target", [&] (Xml_node node) {
			if (n++ < count)
				instance.add(monitor().platform, node); });
		for (unsigned i = 0; i < count; i++)
			instance.group.target[i]->start();
	}

	Target &operator [] (unsigned i) { return *instance.group.target[i]; }

	int quiesce(caplog_diag &diag) {
		return caplog_quiesce(&monitor().ops, instance.engine, instance.count, &diag); }
};


void test_start();
void test_quota();
void test_quota_of_own_sessions();
void test_resource_request();
void test_rom();
void test_memory();
void test_shared();
void test_pd();
void test_threads();
void test_timer();
void test_timer_without_handler();
void test_timer_restored();
void test_timer_closed_late();
void test_timer_of_a_child();
void test_peer();
void test_refused();
void test_stopped();
void test_again();
void test_route();
void test_names();
void test_log();
void test_placement();
void test_foreign();
void test_steps();
void test_written();
void test_capabilities();
void test_restore_fits();
void test_restore_gives();
void test_labels();
void test_announced_again();
void test_full();
void test_entry();
void test_living();
void test_storm();
void test_faults();
void test_gate();
void test_keep();
void test_mutual();
void test_slow();
void test_rounds();
void test_end();

#endif
