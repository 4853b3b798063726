/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parent that prints the capability logs of all components below it
 *
 * It starts one child, init as a rule, and serves the PD and CPU sessions of
 * the whole tree below: each PD session hands out a dataspace for the log,
 * the rest is forwarded to the parent. New events go to the kernel's console
 * in the text form of caplog(1), marked with the badge of the component's
 * parent capability. It restores nothing.
 *
 *   <config child="init" ram="40M" rom="inner.config" log="256K" poll_ms="200">
 *     <policy label="some component" dataspace="small"/>
 *   </config>
 *
 * dataspace: good (default), none, small (one page), odd (a size that is no
 * multiple of anything), rom (read-only), revoke (taken away at the second poll)
 */
#include <base/attached_rom_dataspace.h>
#include <base/child.h>
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <cpu_session/client.h>
#include <cpu_session/connection.h>
#include <cpu_thread/client.h>
#include <dataspace/client.h>
#include <init/child_policy.h>
#include <os/config.h>
#include <os/session_policy.h>
#include <pd_session/connection.h>
#include <ram_session/connection.h>
#include <region_map/client.h>
#include <rom_session/connection.h>
#include <root/component.h>
#include <timer_session/connection.h>

#include <caplog_console.h>

namespace Log_parent {

	using namespace Genode;
	using Caplog_console::Line;
	using Caplog_console::print_event;

	class Log;
	class Pd;
	class Pd_root;
	class Cpu;
	class Cpu_root;
	class Policy;
	struct Main;

	/* Of the child's subtree; the sessions are served by another thread */
	struct Registry
	{
		Lock      lock;
		List<Log> logs;
	};
}


/*
 * Log of one component
 */
class Log_parent::Log : public List<Log>::Element
{
	private:

		enum Kind { GOOD, NONE, SMALL, ODD, ROM, REVOKE };

		Kind                 _kind = GOOD;
		Dataspace_capability _ds;
		Ram_dataspace_capability _ram_ds;
		Attached_rom_dataspace  *_rom = nullptr;

		void  *_at = nullptr;
		size_t _size = 0;

		unsigned long _pd = 0;        /* badge of the component's parent cap   */
		unsigned long _printed = 0;   /* events                                */
		unsigned long _passed  = 0;   /* events passed over in this visit      */
		bool          _lost    = false;
		unsigned      _polls   = 0;
		caplog_reader _reader;

		static Kind _kind_of(Xml_node policy)
		{
			char const * const names[] = { "good", "none", "small", "odd", "rom", "revoke" };

			for (unsigned i = 0; i < sizeof(names)/sizeof(names[0]); i++)
				if (policy.attribute("dataspace").has_value(names[i]))
					return (Kind)i;
			error("unknown kind of dataspace in a policy");
			return GOOD;
		}

		static int _visit(void *ctx, caplog_event const *event)
		{
			Log &log = *(Log *)ctx;

			if (log._passed++ < log._printed)
				return 0;
			print_event(log._pd, *log._reader.flavour, *event);
			log._printed++;
			return 0;
		}

	public:

		Session_label const label;

		Log(Session_label const &label) : label(label)
		{
			try {
				Xml_node node = config()->xml_node().sub_node("policy");
				for (;; node = node.next("policy")) {
					String<64> wanted = node.attribute_value("label", String<64>());
					if (label.last_element() == wanted.string())
						_kind = _kind_of(node);
				}
			} catch (...) { }

			switch (_kind) {
			case NONE:   return;
			case ROM:    _rom  = new (env()->heap()) Attached_rom_dataspace("timer"); break;
			case SMALL:  _size = 1000;  break;
			case ODD:    _size = 70001; break;
			case GOOD:
			case REVOKE: _size = config()->xml_node().attribute_value("log", Number_of_bytes(256*1024));
			}
			if (_size) {
				_ram_ds = env()->ram_session()->alloc(_size);
				_size   = Dataspace_client(_ram_ds).size(); /* whole pages */
				_at     = env()->rm_session()->attach(_ram_ds);
			}
			_ds = _rom ? Dataspace_capability(_rom->cap()) : Dataspace_capability(_ram_ds);
		}

		~Log() { revoke(); }

		void revoke()
		{
			if (_at)
				env()->rm_session()->detach(_at);
			if (_ram_ds.valid())
				env()->ram_session()->free(_ram_ds);
			if (_rom)
				destroy(env()->heap(), _rom);
			_at     = nullptr;
			_rom    = nullptr;
			_ram_ds = Ram_dataspace_capability();
			_ds     = Dataspace_capability();
		}

		Dataspace_capability ds() const { return _ds; }

		void parent_badge(unsigned long badge) { _pd = badge; }

		/* Print what is new */
		void poll()
		{
			caplog_diag diag;
			int         complete = 0;

			if (!_at || !_pd || caplog_reader_open(&_reader, _at, _size, &diag))
				return;

			_passed = 0;
			caplog_reader_history(&_reader, &complete, _visit, this, &diag);
			if (!complete && !_lost) {
				_lost = true;
				Line::write("log of ", label.string(), ", pd=", Hex(_pd),
				            ": the ring went round, events are missing from here on");
			}
			if (++_polls == 2 && _kind == REVOKE) {
				Line::write("log of ", label.string(), " revoked");
				revoke();
			}
		}

		void print_stat()
		{
			caplog_diag     diag;
			caplog_log_stat stat;

			if (!_at || !_pd || caplog_reader_open(&_reader, _at, _size, &diag)
			 || caplog_reader_stat(&_reader, &stat))
				return;

			Line::write("log of ", label.string(), ", pd=", Hex(_pd), ": ",
			            (unsigned long)stat.records, " records, ",
			            (unsigned long)stat.uncovered, " uncovered, ",
			            (unsigned long)(stat.details_lost + stat.early_lost), " lost");
		}
};


/*
 * PD session that knows a dataspace for the log
 */
class Log_parent::Pd : public Rpc_object<Pd_session>
{
	private:

		Registry         &_registry;
		Log               _log;
		Pd_session_client _real;

	public:

		Pd(Registry &registry, char const *args)
		:
			_registry(registry), _log(label_from_args(args)),
			_real(static_cap_cast<Pd_session>(env()->parent()->session("PD", args)))
		{
			Lock::Guard guard(_registry.lock);
			_registry.logs.insert(&_log);
		}

		~Pd()
		{
			{
				Lock::Guard guard(_registry.lock);
				_log.poll();
				_registry.logs.remove(&_log);
			}
			env()->parent()->close(_real);
		}

		Pd_session_capability real() { return _real; }

		Dataspace_capability cap_space_dataspace() override { return _log.ds(); }

		void assign_parent(Capability<Parent> parent) override
		{
			_log.parent_badge(parent.local_name());
			_real.assign_parent(parent);
		}

		bool assign_pci(addr_t config, uint16_t bdf) override { return _real.assign_pci(config, bdf); }

		Signal_source_capability alloc_signal_source() override {
			return _real.alloc_signal_source(); }

		void free_signal_source(Signal_source_capability cap) override {
			_real.free_signal_source(cap); }

		Signal_context_capability
		alloc_context(Signal_source_capability source, unsigned long imprint) override {
			return _real.alloc_context(source, imprint); }

		void free_context(Signal_context_capability cap) override { _real.free_context(cap); }

		void submit(Signal_context_capability cap, unsigned count) override {
			_real.submit(cap, count); }

		Native_capability alloc_rpc_cap(Native_capability ep) override {
			return _real.alloc_rpc_cap(ep); }

		void free_rpc_cap(Native_capability cap) override { _real.free_rpc_cap(cap); }

		Capability<Region_map> address_space() override { return _real.address_space(); }
		Capability<Region_map> stack_area()    override { return _real.stack_area(); }
		Capability<Region_map> linker_area()   override { return _real.linker_area(); }
		Capability<Native_pd>  native_pd()     override { return _real.native_pd(); }
};


class Log_parent::Pd_root : public Root_component<Pd>
{
	private:

		Registry &_registry;

	protected:

		Pd *_create_session(char const *args) override {
			return new (md_alloc()) Pd(_registry, args); }

		void _upgrade_session(Pd *pd, char const *args) override {
			env()->parent()->upgrade(pd->real(), args); }

	public:

		Pd_root(Rpc_entrypoint &ep, Allocator &alloc, Registry &registry)
		: Root_component<Pd>(&ep, &alloc), _registry(registry) { }
};


/*
 * CPU session that understands our PD sessions
 */
class Log_parent::Cpu : public Rpc_object<Cpu_session>
{
	private:

		Rpc_entrypoint    &_ep;
		Cpu_session_client _real;

		Cpu_session_capability _real_of(Cpu_session_capability cap)
		{
			return _ep.apply(cap, [&] (Cpu *cpu) {
				return cpu ? (Cpu_session_capability)cpu->_real : cap; });
		}

	public:

		Cpu(Rpc_entrypoint &ep, char const *args, Affinity const &affinity)
		:
			_ep(ep),
			_real(static_cap_cast<Cpu_session>(env()->parent()->session("CPU", args, affinity)))
		{ }

		~Cpu() { env()->parent()->close(_real); }

		Cpu_session_capability real() { return _real; }

		Thread_capability create_thread(Pd_session_capability pd, Name const &name,
		                                Affinity::Location location, Weight weight,
		                                addr_t utcb) override
		{
			Pd_session_capability const real = _ep.apply(pd, [&] (Pd *p) {
				return p ? p->real() : pd; });

			return _real.create_thread(real, name, location, weight, utcb);
		}

		void kill_thread(Thread_capability thread) override { _real.kill_thread(thread); }

		void exception_sigh(Signal_context_capability sigh) override {
			_real.exception_sigh(sigh); }

		Affinity::Space affinity_space() const override { return _real.affinity_space(); }

		Dataspace_capability trace_control() override { return _real.trace_control(); }

		int ref_account(Cpu_session_capability cpu) override {
			return _real.ref_account(_real_of(cpu)); }

		int transfer_quota(Cpu_session_capability cpu, size_t amount) override {
			return _real.transfer_quota(_real_of(cpu), amount); }

		Quota quota() override { return _real.quota(); }

		Capability<Native_cpu> native_cpu() override { return _real.native_cpu(); }
};


class Log_parent::Cpu_root : public Root_component<Cpu>
{
	protected:

		Cpu *_create_session(char const *args, Affinity const &affinity) override {
			return new (md_alloc()) Cpu(*ep(), args, affinity); }

		void _upgrade_session(Cpu *cpu, char const *args) override {
			env()->parent()->upgrade(cpu->real(), args); }

	public:

		Cpu_root(Rpc_entrypoint &ep, Allocator &alloc) : Root_component<Cpu>(&ep, &alloc) { }
};


/*
 * Sessions of the child: PD and CPU are ours, all others come from the parent
 */
class Log_parent::Policy : public Child_policy
{
	private:

		String<64> const _name;
		String<64> const _config;

		Init::Child_policy_enforce_labeling  _labeling { _name.string() };
		Init::Child_policy_redirect_rom_file _redirect { "config", _config.string() };

		Local_service    _pd, _cpu;
		Service_registry _parent;

	public:

		Policy(String<64> const &name, String<64> const &config, Root &pd, Root &cpu)
		: _name(name), _config(config), _pd("PD", &pd), _cpu("CPU", &cpu) { }

		char const *name() const override { return _name.string(); }

		Service &pd()  { return _pd; }
		Service &cpu() { return _cpu; }

		Service *resolve_session_request(char const *service, char const *) override
		{
			if (!strcmp(service, "PD"))  return &_pd;
			if (!strcmp(service, "CPU")) return &_cpu;

			Service *s = _parent.find(service);
			if (!s) {
				s = new (env()->heap()) Parent_service(service);
				_parent.insert(s);
			}
			return s;
		}

		void filter_session_args(char const *service, char *args, size_t size) override
		{
			_labeling.filter_session_args(service, args, size);
			_redirect.filter_session_args(service, args, size);
		}
};


struct Log_parent::Main
{
	enum { STACK_SIZE = 8*1024*sizeof(long) };

	Env     &env;
	Heap     heap { env.ram(), env.rm() };
	Xml_node config { Genode::config()->xml_node() };

	String<64> const name { config.attribute_value("child", String<64>("init")) };

	Registry       registry;
	Rpc_entrypoint ep { &env.pd(), STACK_SIZE, "sessions", false };
	Pd_root        pd_root  { ep, heap, registry };
	Cpu_root       cpu_root { ep, heap };
	Policy         policy { name, config.attribute_value("rom", String<64>("inner.config")),
	                        pd_root, cpu_root };

	Rom_connection binary { name.string() };
	Ram_connection ram;

	/* the child's own sessions */
	struct Args
	{
		char string[128];

		Args(char const *label) {
			snprintf(string, sizeof(string), "ram_quota=64K, label=\"%s\"", label); }
	};

	Args const args { name.string() };

	Pd  pd  { registry, args.string };
	Cpu cpu { ep, args.string, Affinity() };

	Region_map_client     address_space { pd.address_space() };
	Cpu_session_capability cpu_cap { ep.manage(&cpu) };
	Pd_session_capability  pd_cap  { ep.manage(&pd) };

	Cpu_session_client    real_cpu { cpu.real() };
	Child::Initial_thread initial_thread { real_cpu, pd.real(), name.string() };

	Ram_session_capability donate()
	{
		ram.ref_account(env.ram_session_cap());
		env.ram().transfer_quota(ram.cap(), config.attribute_value("ram", Number_of_bytes(32*1024*1024)));
		return ram.cap();
	}

	Child child { binary.dataspace(), ldso(), pd_cap, pd, donate(), ram, cpu_cap,
	              initial_thread, env.rm(), address_space, ep, policy,
	              policy.pd(), *policy.resolve_session_request("RAM", ""), policy.cpu() };

	Timer::Connection    timer { env };
	Signal_handler<Main> poll_handler { env.ep(), *this, &Main::poll };
	unsigned             polls = 0;

	static Dataspace_capability ldso()
	{
		try {
			static Rom_connection rom("ld.lib.so");
			return rom.dataspace();
		} catch (...) { return Dataspace_capability(); }
	}

	void poll()
	{
		Lock::Guard guard(registry.lock);

		polls++;
		for (Log *log = registry.logs.first(); log; log = log->next()) {
			log->poll();
			if (polls == 50)
				log->print_stat();
		}
		if (polls == 50)
			Line::write("log_parent: end of statistics");
	}

	Main(Env &env) : env(env)
	{
		timer.sigh(poll_handler);
		timer.trigger_periodic(1000*config.attribute_value("poll_ms", 200UL));
		ep.activate();
	}
};


namespace Component {

	Genode::size_t stack_size() { return 16*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Log_parent::Main main(env); }
}
