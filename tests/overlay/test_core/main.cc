/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's sources of the overlay: badges and gates, Foc_native_pd, the pager
 *
 * System calls of core act on the hosted kernel's objects, from outside of its
 * threads: core has a capability space, and so have two components. A refusal is
 * checked by its number, and by that nothing at all changed.
 */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>

Native_capability *task_a_cap;

/* the last one leaves no slot */
static void (* const tests[])() = {
	test_gates, test_gates_of_the_dead, test_gate_of_a_thread, test_received, test_references,
	test_native_pd, test_batches, test_pause,
	#define X(name) test_##name,
	RELEASE_CORE_TESTS(X)
	#undef X
	test_slots
};

int main()
{
	unsigned n = 0;

	node      = hk_node_create(1, 1 << 20);
	core_task = hk_task_create(node);
	task_a    = hk_task_create(node);
	task_b    = hk_task_create(node);
	cap_idx_alloc();
	task_a_cap = new Native_capability(enter(&task_a->o));

	for (auto test : tests) {
		check(asserts == 0);
		test();
		n++;
	}
	printf("%u tests\n", n);
	fflush(stdout);
	_Exit(0);
}
