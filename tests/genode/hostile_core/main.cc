/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component attacks core on the real kernel: forged badges, bad arguments,
 * messages that are not as they should be
 *
 * Each attack prints "refused:" or "FAILED:". An attack that core does not
 * answer is the last line. With <config bystander="yes"/> the program is a
 * component that has nothing to do with it, and counts as long as core works.
 */
#include <base/env.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <cpu_session/client.h>
#include <foc/capability_space.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <os/config.h>
#include <pd_session/connection.h>
#include <ram_session/client.h>
#include <ram_session/connection.h>
#include <region_map/client.h>
#include <rm_session/connection.h>
#include <signal_source/foc_signal_source.h>
#include <timer_session/connection.h>

#include <base/internal/cap_map.h>

namespace Fiasco {
#include <l4/sys/ipc.h>
#include <l4/sys/task.h>
}

using namespace Genode;
using namespace Fiasco;

typedef Foc_native_pd::Result  Result;
typedef Foc_native_pd::Stopped Stopped;

static unsigned failures;

static void refused(bool ok, char const *what)
{
	log(ok ? "refused: " : "FAILED: ", what);
	failures += !ok;
}


/* A capability under another badge, for the time of a request */
struct Forged
{
	Cap_index     &entry;
	uint16_t const badge;

	Forged(Native_capability const &cap, unsigned badge)
	: entry(*const_cast<Cap_index *>(cap.data())), badge(entry.id()) { entry.id(badge); }

	~Forged() { entry.id(badge); }
};


/* Its entrypoint never begins to serve: a message to it waits for ever */
struct Nothing
{
	GENODE_RPC(Rpc_nothing, void, nothing);
	GENODE_RPC_INTERFACE(Rpc_nothing);
};

struct Silent : Rpc_object<Nothing, Silent> { void nothing() { } };


struct Attacker
{
	enum { STACK = 8*1024, SLOT = 0x345000UL, COPY = 0x346000UL, WINDOW = 0x380000UL,
	       LAST_WINDOW = 0xfc0000UL, NO_OBJECT = 0xfff0, PAGE = 4096, FREE = 0x6000000 };

	Pd_session           &pd    { *env()->pd_session() };
	Foc_native_pd_client  own   { pd.native_pd() };
	Cpu_session          &cpu   { *env()->cpu_session() };
	Foc_native_cpu_client native_cpu { cpu.native_cpu() };

	Rpc_entrypoint    ep   { &pd, STACK, "silent", false };
	Silent            silent;
	Native_capability gate { ep.manage(&silent) };

	Pd_session::Signal_source_capability source { pd.alloc_signal_source() };

	Native_capability semaphore { static_cap_cast<Foc_signal_source>(source)
	                              .call<Foc_signal_source::Rpc_request_semaphore>() };
	Thread_capability thread { cpu.create_thread(env()->pd_session_cap(), "victim",
	                                             Affinity::Location(), Cpu_session::Weight()) };
	Native_capability kernel_thread { native_cpu.native_cap(thread) };

	Thread_capability as_thread(Native_capability const &cap) {
		return reinterpret_cap_cast<Cpu_thread>(cap); }

	/* Answers about one slot of the own PD */
	Foc_native_pd::Seen look(addr_t kcap, unsigned badge)
	{
		enum { SHIFT = L4_CAP_SHIFT, MASK = Foc_native_pd::BATCH - 1 };
		Foc_native_pd::Badges badges = Foc_native_pd::Badges();
		unsigned const        slot   = kcap >> SHIFT;

		badges.badge[slot & MASK] = badge;
		return own.look((addr_t)(slot & ~MASK) << SHIFT, badges);
	}

	/* Put what has this badge into the first slot of a window */
	Result put(addr_t window, unsigned badge, Native_capability const &maker)
	{
		Foc_native_pd::Badges badges = Foc_native_pd::Badges();

		badges.badge[0] = badge;
		return Result(own.install_gates(reinterpret_cap_cast<Pd_session::Native_pd>(maker),
		                                window, badges).result);
	}

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
		refused(put(WINDOW, gate.local_name(), cap) == Foc_native_pd::NO_PD, "install_gates, maker");
		refused(empty(WINDOW), "install_gates left nothing");
		refused(own.irq_attach(semaphore, as_thread(cap), 0) == Foc_native_pd::NO_THREAD,
		        "irq_attach, thread");
		refused(own.pause(as_thread(cap)).state == Stopped::UNKNOWN, "pause");
		refused(!own.pending_signals(reinterpret_cap_cast<Signal_context>(cap)), "pending_signals");
		refused(!pd.alloc_rpc_cap(cap).valid(), "alloc_rpc_cap");
		pd.free_rpc_cap(cap);
		refused(true, "free_rpc_cap");
	}

	void forged_badges()
	{
		forge(gate, NO_OBJECT, "a gate that nobody serves");
		forge(gate, semaphore.local_name(), "a gate that nobody serves");
		forge(gate, semaphore.local_name() + 1, "a gate that nobody serves");
		forge(gate, thread.local_name(), "a gate that nobody serves");
		forge(kernel_thread, NO_OBJECT, "a thread");
		forge(env()->ram_session_cap(), NO_OBJECT, "core's own gate");
	}

	/* Only gates of the own PD session can be had by their badges, in slots that are free */
	void batches()
	{
		Native_capability const foreign[] = {
			env()->ram_session_cap(), env()->pd_session_cap(), env()->cpu_session_cap(),
			own, own.task_cap(), semaphore, thread, kernel_thread };

		for (Native_capability const &cap : foreign) {
			refused(put(WINDOW, cap.local_name(), own) == Foc_native_pd::NO_GATE,
			        "install_gates of an object that the PD did not make");
			refused(!own.gate(cap.local_name()).valid(), "gate, of the same");
		}
		enum { STEP = 4, BADGES = 0x10000, OWN = 16 };
		unsigned had = 0;
		for (unsigned badge = 1; badge < BADGES; badge += badge < STEP ? 1 : STEP)
			had += own.gate(badge).valid();
		refused(had && had < OWN, "gate, under every badge");

		unsigned const badge = gate.local_name();
		refused(put(WINDOW + 0x1000, badge, own)    == Foc_native_pd::INVALID_SLOT, "install_gates, no window");
		refused(put(LAST_WINDOW + 0x40000, badge, own) == Foc_native_pd::INVALID_SLOT, "install_gates, beyond");
		refused(put(~0UL << 18, badge, own)         == Foc_native_pd::INVALID_SLOT, "install_gates, far beyond");
		refused(put(0, badge, own)                  == Foc_native_pd::CORE_SLOT,    "install_gates, core's slot");
		refused(put(WINDOW, badge, own)             == Foc_native_pd::DONE,         "nothing: install_gates");
		refused(put(WINDOW, badge, own)             == Foc_native_pd::OCCUPIED,     "install_gates, occupied");
		refused(look(WINDOW, badge).same            == 1,                           "nothing: look");
		refused(!look(WINDOW, badge + STEP).same,                                   "look, another badge");

		Foc_native_pd::Badges const none = Foc_native_pd::Badges();
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
		Native_capability const irq = native_cpu.alloc_irq(), ram = env()->ram_session_cap();

		refused(own.irq_detach(gate)           == Foc_native_pd::NO_IRQ, "irq_detach of a gate");
		refused(own.irq_detach(ram)            == Foc_native_pd::NO_IRQ, "irq_detach of core's gate");
		refused(own.irq_detach(kernel_thread)  == Foc_native_pd::NO_IRQ, "irq_detach of a thread");
		refused(own.irq_detach(own.task_cap()) == Foc_native_pd::NO_IRQ, "irq_detach of a task");
		refused(own.irq_detach(irq)            == Foc_native_pd::NO_IRQ, "irq_detach of no source's IRQ");
		refused(own.irq_detach(semaphore)      == Foc_native_pd::DONE,   "nothing: irq_detach");
	}

	/* A thread is gone, its gate is not: no new gate leads to it */
	void gate_of_the_dead()
	{
		Thread_capability const dying = cpu.create_thread(env()->pd_session_cap(), "dying",
		                                                  Affinity::Location(), Cpu_session::Weight());
		Native_capability const object = native_cpu.native_cap(dying), gate = pd.alloc_rpc_cap(object);

		/* core holds what it is to inform */
		Region_map_client(pd.stack_area()).fault_handler(
			reinterpret_cap_cast<Signal_context>(gate));
		cpu.kill_thread(dying);

		refused(gate.valid() && !pd.alloc_rpc_cap(gate).valid(), "a gate of a thread that is gone");
	}

	/* A gate under every badge that there may be */
	void every_badge()
	{
		enum { STEP = 4, BADGES = 0x10000 };
		unsigned served = 0;

		for (unsigned badge = STEP; badge < BADGES; badge += STEP) {
			if (badge == (unsigned)gate.local_name())
				continue;
			Forged forged(gate, badge);
			served += own.irq_detach(gate) != Foc_native_pd::INVALID_CAP;
		}
		refused(served == 0, "irq_detach of a gate under every badge");
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

		l4_task_map(L4_BASE_TASK_CAP, L4_BASE_TASK_CAP, all, COPY | L4_ITEM_MAP | 0xe0);
		bool const copied = valid(COPY);

		l4_task_unmap(L4_BASE_TASK_CAP, copy, L4_FP_ALL_SPACES | L4_FP_DELETE_OBJ);
		refused(copied && !valid(COPY) && valid(kcap), what);
	}

	void destroy_foreign()
	{
		destroy_foreign(env()->ram_session_cap(), "destruction of a gate of core");
		destroy_foreign(semaphore,                "destruction of an IRQ object");
		destroy_foreign(kernel_thread,            "destruction of a thread object");
		destroy_foreign(gate,                     "destruction of an own gate");
		destroy_foreign(own.task_cap(),           "destruction of the own task");
	}

	/* Nearly negative amounts give nothing, and take nothing from the receiver */
	void negative_quota()
	{
		/* the first line opens the LOG session, which is paid for */
		log("attack: quota");

		Ram_session_client mine(env()->ram_session_cap());
		Ram_connection     other;

		other.ref_account(env()->ram_session_cap());
		mine.transfer_quota(other.cap(), 8192);

		size_t const left = mine.quota(), has = other.quota();
		refused(mine.transfer_quota(other.cap(), ~0UL - 4095) != 0, "nearly negative quota");
		refused(other.transfer_quota(env()->ram_session_cap(), ~0UL) != 0, "nearly negative quota back");
		refused(mine.quota() == left && other.quota() == has, "quota is as it was");
	}

	/* A request whose argument is the object that serves it */
	void itself()
	{
		Cpu_session_capability const own_cpu = env()->cpu_session_cap();
		Ram_session_capability const own_ram = env()->ram_session_cap();

		refused(Ram_session_client(own_ram).transfer_quota(own_ram, 1) != 0, "quota for itself");
		refused(Ram_session_client(own_ram).ref_account(own_ram) != 0, "itself as its account");
		Ram_session_client(own_ram).free(reinterpret_cap_cast<Ram_dataspace>(own_ram));
		refused(true, "memory that is a RAM session");
		Cpu_session_client(own_cpu).kill_thread(reinterpret_cap_cast<Cpu_thread>(own_cpu));
		refused(true, "a thread that is a CPU session");
		refused(own.pause(reinterpret_cap_cast<Cpu_thread>(pd.native_pd())).state == Stopped::UNKNOWN,
		        "a thread that is native_pd");
	}

	/* Region maps of core in themselves, at once and by way of each other */
	void nested_maps()
	{
		Rm_connection     rm;
		Region_map_client one(rm.create(4*PAGE)), two(rm.create(4*PAGE)), address_space(pd.address_space());

		auto attaches = [&] (Region_map_client &in, Region_map_client &what, addr_t at) {
			try { in.attach(what.dataspace(), PAGE, 0, true, at, false); }
			catch (Region_map::Region_conflict) { return false; }
			return true;
		};
		refused(!attaches(one, one, 0), "a region map in itself");
		refused(!attaches(address_space, address_space, FREE), "the address space in itself");
		refused(attaches(one, two, 0) && !attaches(two, one, 0), "two region maps in each other");

		/* what there is, is used and freed as ever */
		Ram_dataspace_capability const ds = env()->ram_session()->alloc(PAGE);
		two.attach(ds, PAGE, 0, true, (addr_t)0, false);
		Region_map &local = *env()->rm_session();
		unsigned volatile * const at = local.attach(one.dataspace());
		*at = 0x1234;
		local.detach((void *)at);
		unsigned volatile * const there = local.attach(ds);
		refused(*there == 0x1234, "nothing: a region map in another");
		local.detach((void *)there);
		one.detach((addr_t)0);
		two.detach((addr_t)0);
		env()->ram_session()->free(ds);
		rm.destroy(one);
		rm.destroy(two);
		rm.destroy(two);

		/* not those of a PD, which is no session's but that one's */
		rm.destroy(pd.linker_area());
		rm.destroy(pd.address_space());
		refused(address_space.dataspace().valid() && Region_map_client(pd.linker_area()).dataspace().valid(),
		        "destruction of the region maps of a PD");
	}

	/* Badges in use are not handed out, whatever was claimed of them */
	void badges_in_use()
	{
		unsigned const live = semaphore.local_name();

		for (unsigned low = 1; low < 8; low++) {
			Forged forged(gate, live + low);
			own.install(gate, SLOT);
			own.irq_detach(gate);
		}

		/* those that are left, once round */
		enum { BADGES = 17000 };
		unsigned twice = 0;
		for (unsigned i = 0; i < BADGES; i++) {
			Signal_context_capability const context = pd.alloc_context(source, i);
			unsigned const badge = context.local_name();
			twice += badge == live || badge == (unsigned)gate.local_name()
			      || badge == (unsigned)thread.local_name();
			pd.free_context(context);
		}
		refused(twice == 0, "a second object under a badge in use");
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

		unsigned long const badge = to.local_name();
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

	Attacker()
	{
		negative_quota();
		itself();
		nested_maps();
		forged_badges();
		no_semaphores();
		batches();
		gate_of_the_dead();
		destroy_foreign();
		broken_messages(pd.native_pd(), "Foc_native_pd");
		broken_messages(env()->pd_session_cap(), "the PD session");
		broken_messages(env()->cpu_session_cap(), "the CPU session");
		every_badge();
		badges_in_use();

		/* all of it works as before */
		refused(own.install(semaphore, SLOT) == Foc_native_pd::DONE, "nothing: install");
		refused(look(SLOT, semaphore.local_name()).same != 0, "nothing: look");
	}
};


/* Requests to core, a few each time */
static void stand_by()
{
	static Timer::Connection timer;

	Pd_session &pd = *env()->pd_session();
	Pd_session::Signal_source_capability const source = pd.alloc_signal_source();

	for (unsigned n = 1; ; n++) {
		Signal_context_capability const context = pd.alloc_context(source, n);
		log("bystander ", n);
		pd.free_context(context);
		timer.msleep(200);
	}
}


int main()
{
	if (config()->xml_node().attribute_value("bystander", false))
		stand_by();

	static Attacker attacker;

	if (failures)
		error("hostile: ", failures, " attacks were not refused");
	else
		log("hostile: each attack was refused");
	return failures;
}
