/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two PD sessions with what requests to Foc_native_pd are about, and a check that
 * a refused one changes nothing
 */
#ifndef TEST_CORE_SCENE_H
#define TEST_CORE_SCENE_H

#include "core.h"

#include <native_pd_component.h>
#include <pd_session_component.h>
#include <signal_source_component.h>

#include <string.h>


/*
 * Two PD sessions, a thread and an IRQ object
 */
struct Scene
{
	Rpc_entrypoint &ep   { new_entrypoint() };
	Pd             &pd_a { *new Pd(ep, heap) }, &pd_b { *new Pd(ep, heap) };

	Native_pd_component &foc { pd_a.foc() };

	Cpu_thread_component &thread  { made(task_a, pd_a) };
	Cpu_thread_component &foreign { made(task_b, pd_b) };

	hk_irq &irq { *hk_irq_create(node) };

	/* Who made the IRQ object */
	Native_capability const made_irq { enter(&irq.o) };
	struct Source : Signal_source_rpc_object
	{
		explicit Source(Core_cap_index &entry) : Signal_source_rpc_object(entry) { }

		Signal wait_for_signal() override { return Signal(); }

	} source { *::entry(made_irq) };

	/* of the IRQ object; of another one, which was destroyed; of a gate; of nothing */
	Native_capability const sem { source._request_semaphore() }, gone { enter(&hk_irq_create(node)->o) },
	                        gate { thread.Rpc_object_base::cap() }, nothing { };

	/* of a gate of which core knows neither maker nor thread; of an IRQ object of no source */
	Native_capability const bare_gate { enter(&hk_gate_create(node, 8, nullptr)->o) },
	                        other_irq { enter(&hk_irq_create(node)->o) };

	Thread_capability const thread_cap  { reinterpret_cap_cast<Cpu_thread>(gate) },
	                        foreign_cap { reinterpret_cap_cast<Cpu_thread>(foreign.Rpc_object_base::cap()) },
	                        no_thread   { reinterpret_cap_cast<Cpu_thread>(foc.Rpc_object_base::cap()) };

	Cpu_thread_component &made(hk_task *task, Pd &pd)
	{
		Cpu_thread_component &t = *new Cpu_thread_component(*new Known_thread(task, &pd.platform_pd()));

		ep.manage(&t);
		pd.owns(t);
		return t;
	}

	Scene()
	{
		pd_a.platform_pd().task = *task_a_cap;
		pd_b.platform_pd().task = enter(&task_b->o);
		hk_destroy(hk_slot(core_task, slot(gone)));
		/* requests reach it only by core's entrypoint */
		check(foc.Rpc_object_base::cap().valid());
	}
};

/* All that a request could change */
struct Snapshot
{
	hk_object *a[HK_SLOTS], *b[HK_SLOTS], *core[HK_SLOTS];
	hk_thread *attached;
	::uint64_t label;

	void take(hk_irq *irq)
	{
		::memcpy(a,    task_a->cap,    sizeof(a));
		::memcpy(b,    task_b->cap,    sizeof(b));
		::memcpy(core, core_task->cap, sizeof(core));
		attached = irq->thread;
		label    = irq->label;
	}
};

#define refused(call, reason) do { \
	static Snapshot before, after; \
	before.take(&s.irq); \
	check((call) == Foc_native_pd::reason); \
	after.take(&s.irq); \
	check(!::memcmp(&before, &after, sizeof(before))); \
} while (0)

enum : addr_t { A = 0x380000, LAST = 0xfff000, FIRST = (addr_t)CAPLOG_OWN(USER_BASE) << CAPLOG_OWN(SLOT_SHIFT) };

#endif
