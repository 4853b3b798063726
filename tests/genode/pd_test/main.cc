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

static void check(unsigned result, Result expected, char const *what)
{
	log(result == expected ? "ok: " : "FAILED: ", what, " (", result, ")");
	failures += result != expected;
}


static void check(bool right, char const *what)
{
	log(right ? "ok: " : "FAILED: ", what);
	failures += !right;
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

	enum : addr_t { SLOT = 0x345000UL, EMPTY_SLOT = 0x346000UL, PARENT_SLOT = 0x8000UL,
	                SHIFT = 12, LOW = Foc_native_pd::BATCH - 1, WINDOW = 0x340000UL,
	                WINDOW_SIZE = Foc_native_pd::BATCH << SHIFT };

	check(pd.install(ram, SLOT),         Foc_native_pd::DONE,         "install");
	check(pd.install(ram, SLOT),         Foc_native_pd::OCCUPIED,     "install, occupied");
	check(pd.install(none, EMPTY_SLOT),  Foc_native_pd::INVALID_CAP,  "install, no capability");
	check(pd.install(ram, SLOT + 8),     Foc_native_pd::INVALID_SLOT, "install, no selector");
	check(pd.install(ram, 0x1000000UL),  Foc_native_pd::INVALID_SLOT, "install, out of range");
	check(pd.install(ram, PARENT_SLOT),  Foc_native_pd::CORE_SLOT,    "install, core's slot");

	typedef Foc_native_pd::Badges Badges;

	Badges badges = Badges();
	badges.badge[SLOT >> SHIFT & LOW] = ram.local_name();
	badges.badge[EMPTY_SLOT >> SHIFT & LOW] = ram.local_name();
	Genode::uint64_t const slot = 1ULL << (SLOT >> SHIFT & LOW);

	Foc_native_pd::Seen seen = pd.look(WINDOW, badges);
	check(seen.result, Foc_native_pd::DONE, "look");
	check(seen.used == slot && seen.same == slot, "look, the slot and an empty one");
	badges.badge[SLOT >> SHIFT & LOW] = gate.local_name();
	seen = pd.look(WINDOW, badges);
	check(seen.used == slot && !seen.same, "look, different");
	badges.badge[SLOT >> SHIFT & LOW] = Foc_native_pd::ANY;
	seen = pd.look(WINDOW, badges);
	check(seen.used == slot && !seen.same, "look, anything");
	seen = pd.look(WINDOW, Badges());
	check(!seen.used && !seen.same, "look, nothing");
	check(pd.look(WINDOW + 0x1000, badges).result, Foc_native_pd::INVALID_SLOT, "look, no window");

	addr_t const own_slot = Capability_space::kcap(ram) >> SHIFT;
	badges = Badges();
	badges.badge[own_slot & LOW] = ram.local_name();
	check(own.look((own_slot & ~LOW) << SHIFT, badges).same == 1ULL << (own_slot & LOW), "look, own");

	/* gates of one PD session in slots of another one */
	Foc_native_pd::Made const made = own.make_gates(native_cpu.native_cap(foreign), 5);
	check(made.result, Foc_native_pd::DONE, "make_gates");
	check(made.count == 5, "make_gates, as many");
	check(own.make_gates(ram, 5).result, Foc_native_pd::NO_THREAD, "make_gates, no thread");
	check(own.make_gates(none, 5).result, Foc_native_pd::NO_THREAD, "make_gates, no capability");
	check((unsigned)own.gate(made.made.badge[2]).local_name() == made.made.badge[2], "gate");
	check(!pd.gate(made.made.badge[2]).valid(), "gate, of another PD session");

	Capability<Pd_session::Native_pd> const maker = env()->pd_session()->native_pd();
	Foc_native_pd::Installed put = pd.install_gates(maker, WINDOW, made.made);
	check(put.result, Foc_native_pd::DONE, "install_gates");
	check(put.done == 0x1f, "install_gates, all");
	check(pd.look(WINDOW, made.made).same == 0x1f, "install_gates, the right ones");
	check(pd.install_gates(maker, WINDOW, made.made).result, Foc_native_pd::OCCUPIED,
	      "install_gates, occupied");
	check(pd.install_gates(other.native_pd(), WINDOW + WINDOW_SIZE, made.made).result,
	      Foc_native_pd::NO_GATE, "install_gates, not of this PD session");
	check(pd.install_gates(maker, 0, made.made).result, Foc_native_pd::CORE_SLOT,
	      "install_gates, core's slots");
	check(pd.install_gates(reinterpret_cap_cast<Pd_session::Native_pd>(ram), WINDOW, made.made).result,
	      Foc_native_pd::NO_PD, "install_gates, no PD session");

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
