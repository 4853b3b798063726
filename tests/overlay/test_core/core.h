/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of core's sources share: a kernel, core's own cap space, and
 * two components
 */
#ifndef TEST_CORE_H
#define TEST_CORE_H

#include "t_check.h"
#include "t_space.h"

extern "C" {
#include "hosted/kernel.h"
}

#include <foc/native_capability.h>

#include <cap_index.h>

#include "core_release.h"

#include <base/internal/release.h>

using namespace Core;
using namespace Foc;


extern hk_node *node;
extern hk_task *core_task, *task_a, *task_b;

/* Without this reference the task would be destroyed */
extern Native_capability *task_a_cap;

/* What the kernel shall refuse, or not do although it says so */
struct Faults { bool map, map_silently, gate, irq, ex_regs; };

extern Faults fails;

/* Since a test reset them: objects destroyed, gates that were given a thread's name */
extern unsigned destroyed, named;

/* IRQ objects triggered */
extern unsigned triggered;

/* What the kernel says of a thread, and what it was asked last */
extern l4_umword_t ex_regs_flags, ex_regs_asked;
extern unsigned ex_regs_calls;

/* Memory that core takes from others; nullptr: nobody wants to know */
extern void (*memory_unmapped)(addr_t, unsigned log2, unsigned rights, unsigned long mask);

/* Object in one of core's slots */
hk_object *core_slot(l4_cap_idx_t kcap);


/* Core's heap; counts blocks */
struct Heap : Allocator
{
	unsigned blocks = 0;
	unsigned fails_after = ~0U; /* blocks that it still gives */

	bool alloc(size_t size, void **out) override;
	void free(void *at, size_t) override;
};

extern Heap heap;

/* Assertions of the overlay that failed */
extern unsigned asserts;

/* Make an object of the kernel known to core */
Native_capability enter(hk_object *);

static inline uint32_t slot(Native_capability const &cap) { return Cap_space::slot_at(cap.data()->kcap()); }

static inline Core_cap_index *entry(Native_capability const &cap) { return (Core_cap_index *)cap.data(); }

/* A thread of a component, which core knows by its capability */
struct Known_thread : Platform_thread
{
	hk_thread *object;

	/* made at its begin, freed at its end */
	Native_capability own_gate;

	Known_thread(hk_task *, Platform_pd *owner);
	~Known_thread();
};


void test_gates();
void test_slots();
void test_gates_of_the_dead();
void test_gate_of_a_thread();
void test_received();
void test_references();
void test_native_pd();
void test_batches();
void test_pause();

#define X(name) void test_##name();
RELEASE_CORE_TESTS(X)
#undef X

#endif
