/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's side of Foc_native_pd: what it does, and each of its refusals
 */
#include <base/env.h>
#include <base/log.h>
#include <cpu_session/client.h>
#include <foc/capability_space.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <pd_session/connection.h>
#include <signal_source/foc_signal_source.h>

using namespace Genode;

typedef Foc_native_pd::Result Result;

static unsigned failures;

static void check(Result result, Result expected, char const *what)
{
	log(result == expected ? "ok: " : "FAILED: ", what, " (", (int)result, ")");
	failures += result != expected;
}


int main()
{
	log("--- PD test ---");

	static Pd_connection other("other");

	Foc_native_pd_client  pd(other.native_pd());
	Foc_native_pd_client  own(env()->pd_session()->native_pd());
	Cpu_session          &cpu = *env()->cpu_session();
	Foc_native_cpu_client native_cpu(cpu.native_cpu());

	Native_capability const ram  = env()->ram_session_cap();
	Native_capability const gate = env()->cpu_session_cap();
	Native_capability const irq  = static_cap_cast<Foc_signal_source>(other.alloc_signal_source())
	                               .call<Foc_signal_source::Rpc_request_semaphore>();
	Native_capability const other_irq = native_cpu.alloc_irq();
	Native_capability const none;

	Thread_capability const thread =
		cpu.create_thread(other.cap(), "thread", Affinity::Location(), Cpu_session::Weight());
	Thread_capability const foreign =
		cpu.create_thread(env()->pd_session_cap(), "foreign", Affinity::Location(),
		                  Cpu_session::Weight());

	enum { SLOT = 0x345000UL, EMPTY_SLOT = 0x346000UL, PARENT_SLOT = 0x8000UL };

	check(pd.install(ram, SLOT),         Foc_native_pd::DONE,         "install");
	check(pd.install(ram, SLOT),         Foc_native_pd::OCCUPIED,     "install, occupied");
	check(pd.install(none, EMPTY_SLOT),  Foc_native_pd::INVALID_CAP,  "install, no capability");
	check(pd.install(ram, SLOT + 8),     Foc_native_pd::INVALID_SLOT, "install, no selector");
	check(pd.install(ram, 0x1000000UL),  Foc_native_pd::INVALID_SLOT, "install, out of range");
	check(pd.install(ram, PARENT_SLOT),  Foc_native_pd::CORE_SLOT,    "install, core's slot");

	check(pd.compare(ram,  SLOT),        Foc_native_pd::DONE,         "compare, same");
	check(pd.compare(none, SLOT),        Foc_native_pd::INVALID_CAP,  "compare, no capability");
	check(pd.occupied(SLOT),             Foc_native_pd::DONE,         "occupied");
	check(pd.occupied(EMPTY_SLOT),       Foc_native_pd::EMPTY,        "occupied, empty");
	check(pd.compare(gate, SLOT),        Foc_native_pd::DIFFERENT,    "compare, different");
	check(pd.compare(ram,  EMPTY_SLOT),  Foc_native_pd::EMPTY,        "compare, empty");
	check(own.compare(ram, Capability_space::kcap(ram)), Foc_native_pd::DONE, "compare, own");

	check(pd.irq_attach(irq,  thread, 0),  Foc_native_pd::DONE,           "attach");
	check(pd.irq_attach(irq,  thread, 0),  Foc_native_pd::KERNEL_REFUSED, "attach, attached");
	check(pd.irq_attach(none, thread, 0),  Foc_native_pd::INVALID_CAP,    "attach, no capability");
	check(pd.irq_attach(gate, thread, 0),  Foc_native_pd::NO_IRQ,         "attach, a gate");
	check(pd.irq_attach(other_irq, thread, 0),     Foc_native_pd::NO_IRQ, "attach, of no signal source");
	check(pd.irq_attach(pd.task_cap(), thread, 0), Foc_native_pd::NO_IRQ, "attach, a task");
	check(pd.irq_attach(irq, reinterpret_cap_cast<Cpu_thread>(ram), 0),
	      Foc_native_pd::NO_THREAD, "attach, no thread");
	check(pd.irq_attach(irq, foreign, 0),  Foc_native_pd::FOREIGN_THREAD, "attach, foreign thread");

	check(pd.irq_detach(gate), Foc_native_pd::NO_IRQ,         "detach, a gate");
	check(pd.irq_detach(irq),  Foc_native_pd::DONE,           "detach");
	check(pd.irq_detach(irq),  Foc_native_pd::DONE,           "detach, not attached");
	check(pd.irq_attach(irq, thread, 4), Foc_native_pd::DONE, "attach again, with a label");

	if (failures)
		error("PD test: ", failures, " failures");
	else
		log("--- PD test finished ---");
	return failures;
}
