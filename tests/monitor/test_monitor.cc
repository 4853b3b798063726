/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The monitor for Genode on a core that is a model: what it hands out, what it
 * notes, what it pays and gets back, and what it refuses
 */
#include <stdlib.h>

#include <atomic>

#include "test.h"

static std::atomic<unsigned> checks;


char const * const config_text =
	"<config reserve=\"512K\" copies=\"24K\">"
	"  <target name=\"counter\" binary=\"prog\" ram=\"2M\" log=\"256K\">"
	"    <config caps=\"7\"/> <provides> <service name=\"Shop\"/> </provides>"
	"  </target>"
	"  <target name=\"customer\" ram=\"1M\" log=\"64K\">"
	"    <provides> <service name=\"Back\"/> </provides>"
	"  </target>"
	"</config>";


void check_equal(char const *file, int line, char const *what, unsigned long long got,
                 unsigned long long expected)
{
	checks++;
	if (got == expected)
		return;
	fprintf(stderr, "%s:%d: %s is %llu, not %llu\n", file, line, what, got, expected);
	exit(1); /* what follows may depend on it */
}


Monitor &monitor()
{
	static Monitor *monitor = new Monitor();
	return *monitor;
}


unsigned lines(Target &t, uint32_t kind)
{
	unsigned n = 0;

	for (caplog_object *l = caplog_ledger_first(&t.objects().ledger(), kind); l;
	     l = caplog_ledger_next(&t.objects().ledger(), l))
		n++;
	return n;
}


/* Tests that are named, or all */
int main(int count, char **names)
{
	static struct { char const *name; void (*run)(); } const tests[] = {
		{ "start",   test_start   }, { "quota",   test_quota   },
		{ "quota_of_own_sessions", test_quota_of_own_sessions },
		{ "resource_request", test_resource_request }, { "rom",    test_rom    },
		{ "memory",  test_memory  }, { "shared",  test_shared  }, { "pd",      test_pd      }, { "threads", test_threads },
		{ "timer",   test_timer   }, { "timer_without_handler", test_timer_without_handler }, { "timer_restored", test_timer_restored }, { "timer_closed_late", test_timer_closed_late }, { "timer_of_a_child", test_timer_of_a_child }, { "peer",    test_peer    }, { "refused", test_refused },
		{ "keep",    test_keep    }, { "stopped", test_stopped }, { "again",   test_again   }, { "capabilities", test_capabilities }, { "labels", test_labels },
		{ "restore_fits", test_restore_fits }, { "restore_gives", test_restore_gives },
		{ "announced_again", test_announced_again },
		{ "full",   test_full   },
		{ "entry",  test_entry  }, { "living", test_living }, { "storm",  test_storm  }, { "rounds", test_rounds },
		{ "faults", test_faults },
		{ "gate",   test_gate   }, { "mutual", test_mutual }, { "slow",    test_slow    },
		{ "route",   test_route   }, { "names",   test_names   }, { "log",    test_log    },
		{ "placement", test_placement }, { "foreign", test_foreign }, { "steps",   test_steps   }, { "written", test_written }, { "end",    test_end    },
	};

	for (auto const &test : tests) {
		bool wanted = count < 2;
		for (int i = 1; i < count; i++)
			wanted |= !strcmp(test.name, names[i]);
		if (!wanted)
			continue;
		printf("%s\n", test.name);
		test.run();
	}
	printf("%u checks\n", (unsigned)checks);
	return 0;
}
