/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads and protection domains in core */
#ifndef MONITOR_TEST_CORE_PD_H
#define MONITOR_TEST_CORE_PD_H

#include <foc_native_cpu/client.h>
#include <foc_native_pd/foc_native_pd.h>
#include <signal_source/foc_signal_source.h>

#include <caplog/flavour.h>

#include <map>

#include "core_memory.h"

namespace Core_model {

struct Thread_object : Rpc_object<Cpu_thread>
{
	bool started = false, running = false;

	/* when it is resumed: exceptions where it stands, and then one at this address; 0: none */
	unsigned strays   = 0;
	addr_t   stops_at = 0;

	Thread_state           regs;
	Foc_native_pd::Stopped stopped { Foc_native_pd::Stopped::BLOCKED, 0, 0 };
	Native_capability      gate = fresh();

	Thread_object(uint32_t slot)
	{
		world.threads++;
		regs.kcap = (addr_t)slot << caplog_flavours(nullptr)->slot_shift;
		regs.id   = gate.local_name();
		core_ep().manage(this);
	}

	~Thread_object()
	{
		world.threads--;
		core_ep().dissolve(this);
	}

	void start(addr_t ip, addr_t sp) override { started = running = true; regs.ip = ip; regs.sp = sp; }
	void pause()                     override { running = false; }
	void resume() override
	{
		running = started;
		if (!stops_at)
			return;
		if (strays)
			strays--;
		else
			regs.ip = stops_at;
		regs.exceptions++;
	}
	void cancel_blocking()           override { }
	Thread_state state()             override { return regs; }
	void state(Thread_state const &s) override { regs = s; }
	void exception_sigh(Signal_context_capability) override { }
	void single_step(bool)           override { }
	void affinity(Affinity::Location) override { }
	unsigned trace_control_index()   override { return 0; }
	Dataspace_capability utcb()         override { return Dataspace_capability(); }
	Dataspace_capability trace_buffer() override { return Dataspace_capability(); }
	Dataspace_capability trace_policy() override { return Dataspace_capability(); }
};


struct Pd;

struct Native : Rpc_object<Foc_native_pd>
{
	enum { SHIFT = 12 };

	std::map<addr_t, Native_capability>   slots; /* by selector */
	std::map<unsigned, Native_capability> gates; /* by badge    */

	std::map<uint32_t, Thread_object *> threads; /* by slot */

	Thread_object *by_badge(caplog_badge badge)
	{
		for (auto const &entry : threads)
			if (badge && (caplog_badge)entry.second->cap().local_name() == badge)
				return entry.second;
		return nullptr;
	}

	Native() { core_ep().manage(this); }

	Native_capability task_cap() override { return Native_capability(); }

	Result install(Native_capability cap, addr_t kcap) override
	{
		if (!cap.valid())
			return INVALID_CAP;
		if (slots.count(kcap))
			return OCCUPIED;
		slots[kcap] = cap;
		return DONE;
	}

	Seen look(addr_t kcap, Badges const &badges) override
	{
		Seen seen = { 0, 0, DONE, 0 };

		for (unsigned n = 0; n < BATCH; n++) {
			addr_t const at = kcap + ((addr_t)n << SHIFT);
			if (!badges.badge[n] || !slots.count(at))
				continue;
			seen.used |= 1ULL << n;
			seen.same |= (::uint64_t)(slots[at].local_name() == badges.badge[n]) << n;
		}
		return seen;
	}

	Made make_gates(Native_capability, unsigned count) override
	{
		Made made = Made();

		try {
			for (; made.count < count; made.count++) {
				metadata<Pd_session::Out_of_metadata>();
				Native_capability const gate = fresh();
				gates[gate.local_name()] = gate;
				made.made.badge[made.count] = gate.local_name();
			}
		} catch (Pd_session::Out_of_metadata) { made.result = NO_QUOTA; }
		return made;
	}

	Native_capability gate(unsigned badge) override {
		return gates.count(badge) ? gates[badge] : Native_capability(); }

	Installed install_gates(Capability<Pd_session::Native_pd> maker, addr_t kcap,
	                        Badges const &badges) override
	{
		Native   *owner  = server<Native>(maker);
		Installed answer = { 0, owner ? DONE : NO_PD, 0 };

		for (unsigned n = 0; owner && n < BATCH; n++) {
			if (!badges.badge[n])
				continue;
			answer.result = owner->gates.count(badges.badge[n])
			              ? install(owner->gates[badges.badge[n]], kcap + ((addr_t)n << SHIFT)) : NO_GATE;
			if (answer.result != DONE)
				break;
			answer.done |= 1ULL << n;
		}
		return answer;
	}

	Result irq_attach(Native_capability, Thread_capability, unsigned long) override { return DONE; }
	Result irq_detach(Native_capability) override { return DONE; }

	Stops pause(Threads const &asked) override
	{
		Stops answer = Stops();

		for (unsigned n = 0; n < THREADS; n++) {
			Thread_object *thread = by_badge(asked.badge[n]);

			if (!thread || !thread->started)
				continue;
			thread->running = false;
			answer.state[n] = (uint8_t)thread->stopped.state;
			answer.ip[n]    = thread->stopped.ip;
			answer.sp[n]    = thread->stopped.sp;
		}
		return answer;
	}

	unsigned pending_signals(Signal_context_capability) override { return 3; }

	/* What a test says that was written, and the ids of what is tracked */
	std::vector<Written::Word>  written;
	std::map<uint32_t, unsigned> tracked;
	bool                         refuses = false;

	Result track(Dataspace_capability cap, uint32_t id) override
	{
		try { metadata<Pd_session::Out_of_metadata>(); }
		catch (Pd_session::Out_of_metadata) { return NO_QUOTA; }
		if (refuses)
			return INVALID_CAP;
		tracked[id]++;
		return cap.valid() ? DONE : INVALID_CAP;
	}

	Written take_written() override
	{
		Written answer = Written();

		while (answer.count < WRITTEN_WORDS && !written.empty()) {
			answer.entry[answer.count++] = written.back();
			written.pop_back();
		}
		answer.more = !written.empty();
		return answer;
	}

	/* Where copies of pages go; invalid: pages are not kept */
	Dataspace_capability room;

	Result keep(Dataspace_capability wanted) override
	{
		room = wanted;
		return DONE;
	}
};


struct Source : Rpc_object<Foc_signal_source, Source>
{
	Native_capability semaphore = fresh();

	Source() { core_ep().manage(this); }

	Native_capability _request_semaphore() { return semaphore; }
};


struct Pd : Rpc_object<Pd_session>
{
	Rm     maps[3] { { false }, { false }, { false } };
	Native native;
	Source source;

	Pd() { core_ep().manage(this); }

	void assign_parent(Capability<Parent>) override { }
	bool assign_pci(addr_t, uint16_t) override { return false; }

	Signal_source_capability alloc_signal_source() override {
		return reinterpret_cap_cast<Signal_source>(source.cap()); }

	void free_signal_source(Signal_source_capability) override { }

	Capability<Signal_context> alloc_context(Signal_source_capability, unsigned long) override
	{
		metadata<Out_of_metadata>();
		return reinterpret_cap_cast<Signal_context>(fresh());
	}

	void free_context(Capability<Signal_context>) override { }
	void submit(Capability<Signal_context>, unsigned count) override { world.submitted += count; }

	Native_capability alloc_rpc_cap(Native_capability) override
	{
		metadata<Out_of_metadata>();
		return fresh();
	}

	void free_rpc_cap(Native_capability) override { }

	Capability<Region_map> address_space() override { return maps[0].cap(); }
	Capability<Region_map> stack_area()    override { return maps[1].cap(); }
	Capability<Region_map> linker_area()   override { return maps[2].cap(); }

	Capability<Native_pd> native_pd() override {
		return reinterpret_cap_cast<Native_pd>(native.cap()); }
};


struct Cpu : Rpc_object<Cpu_session>
{
	struct Native : Rpc_object<Foc_native_cpu>
	{
		Native() { core_ep().manage(this); }

		void enable_vcpu(Thread_capability, addr_t) override { }
		Native_capability alloc_irq() override { return fresh(); }

		Native_capability native_cap(Thread_capability cap) override
		{
			if (cap.valid() && data(cap)->thread)
				return cap;
			Thread_object *thread = server<Thread_object>(cap);
			return thread ? thread->gate : Native_capability();
		}
	} native;

	Ds control { 4096 };

	/* threads of this session, by PD */
	std::vector<std::pair<Pd *, Thread_object *>> threads;

	Cpu() { core_ep().manage(this); }
	~Cpu() { while (!threads.empty()) kill_thread(threads.back().second->cap()); }

	Thread_capability create_thread(Capability<Pd_session> cap, Name const &, Affinity::Location,
	                                Weight, addr_t) override
	{
		metadata<Out_of_metadata>();

		Pd *pd = server<Pd>(cap);
		if (!pd)
			throw Thread_creation_failed();

		caplog_flavour const &f = *caplog_flavours(nullptr);
		uint32_t slot = f.thread_base;
		while (pd->native.threads.count(slot))
			slot += f.thread_stride;

		Thread_object *thread = new Thread_object(slot);
		pd->native.threads[slot] = thread;
		pd->native.slots[thread->regs.kcap] = thread->gate;
		threads.push_back(std::make_pair(pd, thread));
		return thread->cap();
	}

	void kill_thread(Thread_capability cap) override
	{
		for (size_t i = 0; i < threads.size(); i++) {
			Thread_object *thread = threads[i].second;
			if (!(thread->cap() == cap))
				continue;
			for (auto &entry : threads[i].first->native.threads)
				if (entry.second == thread) {
					threads[i].first->native.threads.erase(entry.first);
					break;
				}
			threads[i].first->native.slots.erase(thread->regs.kcap);
			threads.erase(threads.begin() + i);
			delete thread;
			return;
		}
	}

	void exception_sigh(Signal_context_capability) override { }
	Affinity::Space affinity_space() const override { return Affinity::Space(); }
	Dataspace_capability trace_control() override { return control.cap(); }
	int ref_account(Cpu_session_capability) override { return 0; }
	int transfer_quota(Cpu_session_capability, size_t) override { return 0; }
	Quota quota() override { return Quota(); }

	Capability<Native_cpu> native_cpu() override {
		return reinterpret_cap_cast<Native_cpu>(native.cap()); }
};

} /* namespace Core_model */

#endif
