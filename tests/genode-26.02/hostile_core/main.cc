/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component attacks core on the real kernel: forged badges, bad arguments,
 * messages that are not as they should be
 *
 * Each attack prints "refused:" or "FAILED:". An attack that core does not
 * answer is the last line. With <config bystander="yes"/> the program is a
 * component that has nothing to do with it, and counts as long as core works.
 */
#include <base/attached_rom_dataspace.h>
#include <base/component.h>
#include <base/log.h>
#include <cpu_session/client.h>
#include <cpu_thread/client.h>
#include <dataspace/client.h>
#include <foc/capability_space.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <pd_session/connection.h>
#include <region_map/client.h>
#include <signal_source/foc_signal_source.h>
#include <timer_session/connection.h>

#include <base/internal/cap_map.h>

#include <foc/syscall.h>

using namespace Genode;
using namespace Foc;

using Source  = Genode::Capability<Signal_source>;
using Result  = Foc_native_pd::Result;
using Stopped = Foc_native_pd::Stopped;

static unsigned failures;

static void refused(bool ok, char const *what)
{
	log(ok ? "refused: " : "FAILED: ", what);
	failures += !ok;
}


/* A capability under another badge, for the time of a request */
struct Forged
{
	Cap_index            &entry;
	Cap_index::id_t const badge;

	static Cap_index &entry_of(Native_capability const &cap) {
		return *const_cast<Cap_index *>(static_cast<Cap_index const *>(cap.data())); }

	Forged(Native_capability const &cap, unsigned badge)
	: entry(entry_of(cap)), badge(entry.id()) { entry.id(badge); }

	~Forged() { entry.id(badge); }
};


/* A PD session beside the own one; what it lacks is not asked for */
struct Other_pd : Connection<Pd_session>, Pd_session_client
{
	explicit Other_pd(Env &env)
	:
		Connection<Pd_session>(env, "other", Ram_quota { RAM_QUOTA }, Args("virt_space=1")),
		Pd_session_client(Connection<Pd_session>::cap())
	{
		ref_account(env.pd_session_cap());
		env.pd().transfer_quota(session(), Ram_quota { 64*1024 });
		env.pd().transfer_quota(session(), Cap_quota { 20 });
	}

	Pd_session_capability session() { return Connection<Pd_session>::cap(); }
};


struct Attacker
{
	enum : addr_t { SLOT = 0x345000, COPY = 0x346000, WINDOW = 0x380000, LAST_WINDOW = 0xfc0000 };
	enum : unsigned { STEP = 2*CAPLOG_OWN(BADGE_STEP), BADGES = 0x20000, NO_OBJECT = BADGES - STEP };

	Env                  &env;
	Pd_session_client     pd    { env.pd_session_cap() }; /* asks nobody for quota, unlike env.pd() */
	Other_pd              other { env };
	Foc_native_pd_client  own   { pd.native_pd() };
	Cpu_session_client    cpu   { env.cpu_session_cap() };
	Foc_native_cpu_client native_cpu { cpu.native_cpu() };

	Thread_capability new_thread(char const *name)
	{
		return env.cpu().create_thread(env.pd_session_cap(), name, Affinity::Location()).convert<Thread_capability>(
			[] (Thread_capability made) { return made; }, [] (auto) { return Thread_capability(); });
	}

	Native_capability new_gate(Native_capability const &of)
	{
		return env.pd().alloc_rpc_cap(of).convert<Native_capability>(
			[] (Native_capability made) { return made; }, [] (auto) { return Native_capability(); });
	}

	Source new_source()
	{
		return other.signal_source().convert<Source>(
			[] (Source made) { return made; },
			[] (auto)                           { return Source(); });
	}

	Signal_context_capability new_context(Pd_session &of)
	{
		return of.alloc_context(source, Pd_session::Imprint { 1 }).convert<Signal_context_capability>(
			[] (Signal_context_capability made) { return made; },
			[] (auto)                           { return Signal_context_capability(); });
	}

	/* never started: a message to its gate waits for ever */
	Thread_capability thread        { new_thread("victim") };
	Native_capability kernel_thread { native_cpu.native_cap(thread) };
	Native_capability gate          { new_gate(kernel_thread) };

	Source source { new_source() };

	Native_capability semaphore { static_cap_cast<Foc_signal_source>(source)
	                              .call<Foc_signal_source::Rpc_request_semaphore>() };

	Thread_capability as_thread(Native_capability const &cap) {
		return reinterpret_cap_cast<Cpu_thread>(cap); }

	/* Answers about one slot of the own PD */
	Foc_native_pd::Seen look(addr_t kcap, unsigned badge)
	{
		enum : addr_t { SHIFT = L4_CAP_SHIFT, MASK = Foc_native_pd::BATCH - 1 };
		Foc_native_pd::Badges badges { };
		addr_t const          slot   = kcap >> SHIFT;

		badges.badge[slot & MASK] = badge;
		return own.look((slot & ~MASK) << SHIFT, badges);
	}

	/* Put what has this badge into the first slot of a window */
	Result put(addr_t window, unsigned badge, Native_capability const &maker)
	{
		Foc_native_pd::Badges badges { };

		badges.badge[0] = badge;
		return Result(own.install_gates(reinterpret_cap_cast<Pd_session::Native_pd>(maker),
		                                window, badges).result);
	}

	static unsigned name(Native_capability const &cap) { return unsigned(cap.local_name()); }

	bool empty(addr_t kcap) { return !look(kcap, Foc_native_pd::ANY).used; }

	/* Each function of Foc_native_pd with a capability whose badge is not its own */
	void forge(Native_capability const &cap, unsigned badge, char const *what)
	{
		log("attack: ", what, " under badge ", Hex(badge));

		Forged forged(cap, badge);
		refused(own.irq_detach(cap) == Foc_native_pd::INVALID_CAP, "irq_detach");
		refused(own.irq_attach(cap, thread, 0) == Foc_native_pd::INVALID_CAP, "irq_attach");
		refused(own.install(cap, SLOT) == Foc_native_pd::INVALID_CAP, "install");
		refused(empty(SLOT), "install left nothing");
		refused(!look(Capability_space::kcap(cap), badge).same, "look");
		refused(!own.make_gates(cap, 1).count, "make_gates");
		refused(put(WINDOW, name(gate), cap) == Foc_native_pd::NO_PD, "install_gates, maker");
		refused(empty(WINDOW), "install_gates left nothing");
		refused(own.irq_attach(semaphore, as_thread(cap), 0) == Foc_native_pd::NO_THREAD,
		        "irq_attach, thread");
		refused(own.pause(as_thread(cap)).state == Stopped::UNKNOWN, "pause");
		refused(!own.pending_signals(reinterpret_cap_cast<Signal_context>(cap)), "pending_signals");
		refused(!new_gate(cap).valid(), "alloc_rpc_cap");
		pd.free_rpc_cap(cap);
		refused(true, "free_rpc_cap");
	}

	void forged_badges()
	{
		forge(gate, NO_OBJECT, "a gate that nobody serves");
		forge(gate, name(semaphore), "a gate that nobody serves");
		forge(gate, name(semaphore) + 1, "a gate that nobody serves");
		forge(gate, name(thread), "a gate that nobody serves");
		forge(kernel_thread, NO_OBJECT, "a thread");
		forge(env.cpu_session_cap(), NO_OBJECT, "core's own gate");
	}

	/* Only gates of the own PD session can be had by their badges, in slots that are free */
	void batches()
	{
		Native_capability const foreign[] = {
			other.session(), env.pd_session_cap(), env.cpu_session_cap(),
			pd.native_pd(), own.task_cap(), semaphore, thread, kernel_thread };

		for (Native_capability const &cap : foreign) {
			refused(put(WINDOW, name(cap), pd.native_pd()) == Foc_native_pd::NO_GATE,
			        "install_gates of an object that the PD did not make");
			refused(!own.gate(name(cap)).valid(), "gate, of the same");
		}
		enum { OWN = 16 };
		unsigned had = 0;
		for (unsigned badge = 1; badge < BADGES; badge += badge < STEP ? 1 : CAPLOG_OWN(BADGE_STEP))
			had += own.gate(badge).valid();
		refused(had && had < OWN, "gate, under each of many badges");

		unsigned          const badge  = name(gate);
		Native_capability const own_pd = pd.native_pd();

		refused(put(WINDOW + 0x1000, badge, own_pd)    == Foc_native_pd::INVALID_SLOT, "install_gates, no window");
		refused(put(LAST_WINDOW + 0x40000, badge, own_pd) == Foc_native_pd::INVALID_SLOT, "install_gates, beyond");
		refused(put(~0UL << 18, badge, own_pd)         == Foc_native_pd::INVALID_SLOT, "install_gates, far beyond");
		refused(put(0, badge, own_pd)                  == Foc_native_pd::CORE_SLOT,    "install_gates, core's slot");
		refused(put(WINDOW, badge, own_pd)             == Foc_native_pd::DONE,         "nothing: install_gates");
		refused(put(WINDOW, badge, own_pd)             == Foc_native_pd::OCCUPIED,     "install_gates, occupied");
		refused(look(WINDOW, badge).same            == 1,                           "nothing: look");
		refused(!look(WINDOW, badge + STEP).same,                                   "look, another badge");

		Foc_native_pd::Badges const none { };
		refused(own.look(WINDOW + 0x1000, none).result == Foc_native_pd::INVALID_SLOT, "look, no window");
		refused(own.look(LAST_WINDOW + 0x40000, none).result == Foc_native_pd::INVALID_SLOT, "look, beyond");
		refused(!own.look(LAST_WINDOW, none).used, "look at nothing");

		Foc_native_pd::Made const many = own.make_gates(kernel_thread, ~0U);
		refused(many.count == Foc_native_pd::BATCH, "more gates than one request makes");
		for (unsigned i = 0; i < many.count; i++)
			pd.free_rpc_cap(own.gate(many.made.badge[i]));
		refused(!own.gate(many.made.badge[0]).valid(), "a gate that was freed");
	}

	/* What core knows, but what is no IRQ object of a signal source */
	void no_semaphores()
	{
		Native_capability const session = env.cpu_session_cap();

		refused(own.irq_detach(gate)           == Foc_native_pd::NO_IRQ, "irq_detach of a gate");
		refused(own.irq_detach(session)            == Foc_native_pd::NO_IRQ, "irq_detach of core's gate");
		refused(own.irq_detach(kernel_thread)  == Foc_native_pd::NO_IRQ, "irq_detach of a thread");
		refused(own.irq_detach(own.task_cap()) == Foc_native_pd::NO_IRQ, "irq_detach of a task");
		refused(own.irq_detach(semaphore)      == Foc_native_pd::DONE,   "nothing: irq_detach");
	}

	/* A thread is gone, its gate is not: no new gate leads to it */
	void gate_of_the_dead()
	{
		Thread_capability const dying  = new_thread("dying");
		Native_capability const object = native_cpu.native_cap(dying), old = new_gate(object);

		/* core holds what it is to inform */
		Region_map_client(pd.stack_area()).fault_handler(reinterpret_cap_cast<Signal_context>(old));
		cpu.kill_thread(dying);

		refused(old.valid() && !new_gate(old).valid(), "a gate of a thread that is gone");
	}

	/* A gate under many badges, those of all that lives among them */
	void every_badge()
	{
		unsigned served = 0;

		for (unsigned badge = STEP; badge < BADGES; badge += STEP) {
			if (badge == name(gate))
				continue;
			Forged forged(gate, badge);
			served += own.irq_detach(gate) != Foc_native_pd::INVALID_CAP;
		}
		refused(served == 0, "irq_detach of a gate under each of many badges");
	}

	bool valid(addr_t kcap) { return l4_msgtag_label(l4_task_cap_valid(L4_BASE_TASK_CAP, kcap)); }

	/*
	 * A capability that was received, with and without rights that the sender
	 * did not give: does the kernel destroy the object for it?
	 */
	void destroy_foreign(Native_capability const &cap, char const *what)
	{
		enum : unsigned { ALL_RIGHTS = 0xff };
		addr_t const kcap = Capability_space::kcap(cap);

		l4_fpage_t const all  = l4_obj_fpage(kcap, 0, ALL_RIGHTS & 0xf);
		l4_fpage_t const copy = l4_obj_fpage(COPY, 0, ALL_RIGHTS & 0xf);

		l4_task_map(L4_BASE_TASK_CAP, L4_BASE_TASK_CAP, all, addr_t(COPY) | L4_ITEM_MAP | 0xe0);
		bool const copied = valid(COPY);

		l4_task_unmap(L4_BASE_TASK_CAP, copy, L4_FP_ALL_SPACES | L4_FP_DELETE_OBJ);
		refused(copied && !valid(COPY) && valid(kcap), what);
	}

	void destroy_foreign()
	{
		destroy_foreign(env.cpu_session_cap(), "destruction of a gate of core");
		destroy_foreign(semaphore,                "destruction of an IRQ object");
		destroy_foreign(kernel_thread,            "destruction of a thread object");
		destroy_foreign(gate,                     "destruction of an own gate");
		destroy_foreign(own.task_cap(),           "destruction of the own task");
	}

	/* Nearly negative amounts give nothing, and take nothing from the receiver */
	void negative_quota()
	{
		using Transfer_result = Pd_session::Transfer_result;

		/* the first line opens the LOG session, which is paid for */
		log("attack: quota");

		Ram_quota const amount { ~0UL - 4095 };
		size_t    const left = pd.ram_quota().value, has = other.ram_quota().value;

		refused(pd.transfer_quota(other.session(), amount) != Transfer_result::OK, "nearly negative quota");
		refused(other.transfer_quota(env.pd_session_cap(), amount) != Transfer_result::OK,
		        "nearly negative quota back");
		refused(pd.transfer_quota(other.session(), Cap_quota { ~0UL }) != Transfer_result::OK,
		        "very many capabilities");
		refused(pd.ram_quota().value == left && other.ram_quota().value == has, "quota is as it was");
	}

	/* No quota for what is not freed */
	void quota_for_nothing()
	{
		Signal_context_capability const context = new_context(other);
		Ram_dataspace_capability  const ds      = other.alloc_ram(4096).convert<Ram_dataspace_capability>(
			[] (Ram_dataspace_capability made) { return made; },
			[] (auto)                          { return Ram_dataspace_capability(); });
		Native_capability         const freed   = new_gate(kernel_thread);

		size_t const ram = pd.used_ram().value, caps = pd.used_caps().value;

		pd.free_rpc_cap(semaphore);
		pd.free_rpc_cap(env.cpu_session_cap());
		pd.free_rpc_cap(Native_capability());
		refused(pd.used_caps().value == caps, "free_rpc_cap of what is no RPC object of the PD");
		pd.free_rpc_cap(freed);
		pd.free_rpc_cap(freed);
		refused(pd.used_caps().value == caps - 1, "free_rpc_cap, twice");

		size_t const left = pd.used_caps().value;
		pd.free_context(context);
		pd.free_context(reinterpret_cap_cast<Signal_context>(env.cpu_session_cap()));
		refused(pd.used_caps().value == left, "free_context of another PD");
		other.submit(context);
		refused(Foc_native_pd_client(other.native_pd()).pending_signals(context) == 1, "which is as it was");

		pd.free_ram(ds);
		pd.free_ram(reinterpret_cap_cast<Ram_dataspace>(env.cpu_session_cap()));
		refused(pd.used_caps().value == left && pd.used_ram().value == ram, "free_ram of another PD");
		refused(Dataspace_client(ds).size() == 4096, "which is as it was");

		/* the own PD has asked for its source once, as each component does */
		for (unsigned n = 0; n < 3; n++)
			pd.free_signal_source(source);
		refused(left - pd.used_caps().value <= 1, "free_signal_source, many times");
		other.free_context(context);
		other.free_ram(ds);
	}

	/* A request whose argument is the object that serves it */
	void itself()
	{
		Cpu_session_capability const own_cpu = env.cpu_session_cap();
		Pd_session_capability  const own_pd  = env.pd_session_cap();

		size_t const left = pd.ram_quota().value;
		pd.transfer_quota(own_pd, Ram_quota { 1 });
		refused(pd.ram_quota().value == left, "quota for itself");
		pd.ref_account(own_pd);
		refused(true, "itself as its account");
		pd.free_ram(reinterpret_cap_cast<Ram_dataspace>(own_pd));
		refused(true, "memory that is a PD session");
		pd.free_context(reinterpret_cap_cast<Signal_context>(own_pd));
		refused(true, "a context that is a PD session");
		cpu.kill_thread(reinterpret_cap_cast<Cpu_thread>(own_cpu));
		refused(true, "a thread that is a CPU session");
		refused(own.pause(reinterpret_cap_cast<Cpu_thread>(pd.native_pd())).state == Stopped::UNKNOWN,
		        "a thread that is native_pd");
		refused(!new_gate(own_cpu).valid(), "an RPC object of core's own thread");
	}

	/* Badges in use are not handed out, whatever was claimed of them */
	void badges_in_use()
	{
		unsigned const live = name(semaphore);

		for (unsigned low = 1; low < STEP; low++) {
			Forged forged(gate, live + low);
			own.install(gate, SLOT);
			own.irq_detach(gate);
		}

		/* each new one is another one */
		enum { MANY = 17000 };
		unsigned twice = 0, last = 0;
		for (unsigned i = 0; i < MANY; i++) {
			Signal_context_capability const context = new_context(other);
			twice += name(context) <= last;
			last   = name(context);
			other.free_context(context);
		}
		refused(twice == 0, "a second object under a badge that was used");
	}

	/*
	 * A message as the kernel takes it, with an end of the wait
	 *
	 * \param item  words of one item, if there is one
	 */
	bool answers(Native_capability const &to, unsigned long protocol, unsigned long caps,
	             unsigned words, bool item, l4_umword_t control, l4_umword_t page)
	{
		l4_umword_t *mr = l4_utcb_mr()->mr;

		for (unsigned i = 0; i < 40; i++)
			mr[i] = 0x7fffffffUL - i;
		mr[0] = protocol;
		mr[1] = caps;
		if (item) {
			mr[words]     = control;
			mr[words + 1] = page;
		}
		l4_utcb_br()->bdr  &= ~L4_BDR_OFFSET_MASK;
		l4_utcb_br()->br[0] = 0;

		enum { TWO_SECONDS_MANTISSA = 500, EXPONENT = 12 };
		l4_timeout_s const end = l4_timeout_rel(TWO_SECONDS_MANTISSA, EXPONENT);

		l4_msgtag_t const tag = l4_ipc_call(Capability_space::kcap(to), l4_utcb(),
		                                    l4_msgtag(0, words, item, 0), l4_timeout(end, end));

		l4_umword_t const error = l4_ipc_error(tag, l4_utcb());

		return error != L4_IPC_RETIMEOUT && error != L4_IPC_SETIMEOUT;
	}

	void broken_messages(Native_capability const &to, char const *what)
	{
		log("attack: broken messages to ", what);

		unsigned long const badge = name(to);
		enum { MAP = L4_ITEM_MAP };
		l4_umword_t const page = l4_obj_fpage(Capability_space::kcap(gate), 0, L4_FPAGE_RWX).raw,
		                  gone = l4_obj_fpage(SLOT, 0, L4_FPAGE_RWX).raw;

		refused(answers(to, badge,     0,   0, false, 0, 0), "no words");
		refused(answers(to, badge,     0,   1, false, 0, 0), "no count");
		refused(answers(to, badge,     0,   2, false, 0, 0), "no opcode");
		refused(answers(to, badge,     0,   3, false, 0, 0), "an opcode that there is not");
		refused(answers(to, badge,     4,   3, false, 0, 0), "fewer badges than stated");
		refused(answers(to, badge,     4,  12, false, 0, 0), "four badges without capabilities");
		refused(answers(to, badge, ~0UL,  40, false, 0, 0), "very many badges");
		refused(answers(to, badge + 4, 0,   3, false, 0, 0), "the badge of another object");
		refused(answers(to, badge,     0,   3, true, MAP, page), "a capability without a badge");
		refused(answers(to, badge,     1,   8, true, 0,   page), "a void item");
		refused(answers(to, badge,     1,   8, true, MAP, gone), "an item of an empty slot");
		refused(answers(to, badge,     1,   8, true, MAP, 0),    "an item of no kind");
	}

	explicit Attacker(Env &env) : env(env)
	{
		refused(gate.valid() && semaphore.valid(), "nothing: a gate and a semaphore");
		negative_quota();
		quota_for_nothing();
		itself();
		forged_badges();
		no_semaphores();
		batches();
		gate_of_the_dead();
		destroy_foreign();
		broken_messages(pd.native_pd(), "Foc_native_pd");
		broken_messages(env.pd_session_cap(), "the PD session");
		broken_messages(env.cpu_session_cap(), "the CPU session");
		every_badge();
		badges_in_use();

		/* all of it works as before */
		refused(own.install(semaphore, SLOT) == Foc_native_pd::DONE, "nothing: install");
		refused(look(SLOT, name(semaphore)).same != 0, "nothing: look");
	}
};


/* Requests to core, a few each time */
struct Bystander
{
	Timer::Connection timer;

	explicit Bystander(Env &env) : timer(env)
	{
		for (unsigned n = 1; ; n++) {
			env.ram().try_alloc(4096).with_result(
				[&] (Ram_allocator::Allocation &) { }, [] (Alloc_error) { });
			log("bystander ", n);
			timer.msleep(200);
		}
	}
};


void Component::construct(Env &env)
{
	Attached_rom_dataspace const config { env, "config" };

	if (config.node().attribute_value("bystander", false)) {
		static Bystander bystander(env);
		return;
	}
	static Attacker attacker(env);

	if (failures)
		error("hostile: ", failures, " attacks were not refused");
	else
		log("hostile: each attack was refused");
}
