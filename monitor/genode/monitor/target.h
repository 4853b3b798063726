/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One component below the monitor
 *
 * The monitor is its parent and serves all that has to be known for making it
 * again: PD, RAM and CPU session, region maps, ROM, Timer. Each object that it
 * hands out is a line in the ledger and an Object here. Requests come in by an
 * entrypoint of the target's own; the engine acts on a target only while all
 * of its threads are stopped and no request is under way (Platform::stop).
 */
#ifndef CAPLOG_TARGET_H
#define CAPLOG_TARGET_H

#include <base/child.h>
#include <base/semaphore.h>
#include <cpu_session/connection.h>
#include <cpu_thread/client.h>
#include <foc_native_cpu/client.h>
#include <foc_native_pd/client.h>
#include <pd_session/connection.h>
#include <ram_session/connection.h>
#include <region_map/client.h>
#include <rom_session/connection.h>
#include <util/volatile_object.h>
#include <util/xml_node.h>

#include <caplog/stub.h>

#include "engine.h"

namespace Caplog {

	using namespace Genode;

	/* the C library's, not Genode's of the same names */
	using ::uint8_t;
	using ::uint16_t;
	using ::uint32_t;
	using ::uint64_t;

	/* Lines of the ledger; what arg[] means */
	enum Kind {
		PARENT = CAPLOG_OBJECT_FIRST, /* 0: address of its raw capability            */
		PD, CPU, RAM,
		REGION_MAP,                   /* 0: which                                    */
		REGION_MAP_DS,                /* 0: which                                    */
		DATASPACE,                    /* 0: size, 1: cache attribute                 */
		LOG_DS,                       /* 0: size                                     */
		TRACE_DS,
		BINARY_DS,                    /* name: its ROM module                        */
		ROM,                          /* name: module                                */
		ROM_DS,                       /* 0: id of the ROM session                    */
		LOG,
		TIMER,
		SOURCE, SEMAPHORE,
		CONTEXT,                      /* 0: imprint                                  */
		THREAD,                       /* 0: slot                                     */
		REGION,                       /* 0: address, 1: size, 2: id of dataspace
		                                 and which map << 32, 3: offset, EXECUTABLE  */
		SERVICE,                      /* 0: id of the root's gate; name: service     */
		PEER,                         /* 0: index of server, 1: id of the session's gate
		                                 (update_peers); the object has its capability */
		KINDS
	};

	static uint64_t const EXECUTABLE = 1ULL << 63;

	enum Map { ADDRESS_SPACE, STACK_AREA, LINKER_AREA, MAPS };

	/* What a line has no room for */
	struct State
	{
		enum { HANDLERS = 2, WORDS = 4, ARGS = 160 };

		uint64_t handler[HANDLERS]; /* ids of signal contexts, 0: none */
		uint64_t word[WORDS];
		char     args[ARGS];        /* of the session                  */
	};

	struct Object;
	struct Thread_info;
	struct Config;
	class  Target;
	class  Pinger;
	class  Timers;

	struct Session_base;
	struct Ram;
	struct Cpu;
	struct Cpu_thread_server;
	struct Pd;
	struct Rm;
	struct Rom;
	struct Timer_session;
	struct Opened_session;
	class  Parent_child;

	/* Components of the monitor, in the order of its configuration */
	struct Group
	{
		enum { MAX = CAPLOG_TARGETS_MAX };

		typedef String<32> Label;

		Target  *target[MAX];
		unsigned count = 0;
		Label    label; /* tells copies of a group apart, for the monitor's parent */
	};

	struct Refused : Exception { };
}


/*
 * A living line of the ledger
 */
struct Caplog::Object : Avl_node<Object>
{
	uint32_t const    id;
	uint32_t const    kind;
	Native_capability cap;               /* what the component was given      */
	Session_base     *session = nullptr; /* the monitor's own server, if any  */
	void             *local   = nullptr; /* the monitor's mapping             */
	size_t            size    = 0;       /* of a dataspace                    */
	uint32_t          slot    = 0;       /* SEMAPHORE: where it was installed */
	uint32_t          pending = 0;       /* CONTEXT: signals of its last life */
	Object           *next    = nullptr; /* REGION: all of a target           */

	Object(uint32_t id, uint32_t kind, Native_capability cap) : id(id), kind(kind), cap(cap) { }

	bool higher(Object *other) const { return other->id > id; }

	Object *find(uint32_t wanted)
	{
		if (wanted == id)
			return this;
		Object *next = child(wanted > id);
		return next ? next->find(wanted) : nullptr;
	}
};


/*
 * A session that the monitor serves by forwarding to another, or knows how to
 * open again
 */
struct Caplog::Session_base
{
	State state;

	Session_base() { memset(&state, 0, sizeof(state)); }

	virtual ~Session_base() { }

	/* Handlers whose contexts exist now, and what else has to wait for them */
	virtual void restored() { }

	/* Before the state is saved */
	virtual void settle() { }
};


struct Caplog::Thread_info
{
	/* STARTED: anything, unless the target is stopped */
	enum State { UNUSED, NEW, STARTED, BLOCKED, RUNNING };

	Thread_capability cap;              /* core's */
	Native_capability object;           /* what gates are bound to; asked for once */
	Cpu_thread_server *server = nullptr;
	uint32_t          badge = 0;       /* of its gate */
	State             state = UNUSED;
	addr_t            frame = 0;       /* while stopped, or to start with */
	unsigned          start = 0;       /* label of the stub to start at   */
	Thread_state      regs;
};


/*
 * What the monitor's configuration says of a target
 */
struct Caplog::Config
{
	typedef String<CAPLOG_OBJECT_NAME> Name;

	Xml_node const node;
	Name     const name   { node.attribute_value("name", Name()) };
	Name     const binary { node.attribute_value("binary", name) };
	size_t   const ram    { node.attribute_value("ram", Number_of_bytes(4*1024*1024)) };
	size_t   const log    { node.attribute_value("log", Number_of_bytes(256*1024)) };

	Config(Xml_node node) : node(node) { }

	bool provides(char const *service) const;
};


class Caplog::Target
{
	public:

		enum { THREADS = 165, STACK_SIZE = 8*1024*sizeof(long) };

		Env            &env;
		Allocator      &alloc;
		Timers         &timers;
		Group          &group;
		unsigned const  index;
		Config          config;
		caplog_ledger  *ledger;

	private:

		Avl_tree<Object> _objects;
		unsigned         _pseudo = 0;
		Object           _lost { 0, CAPLOG_OBJECT_UNKNOWN, Native_capability() };

		caplog_flavour const &_flavour = *caplog_flavours(nullptr);

		struct Startup;

	public:

		Ram_connection real_ram;
		Pd_connection  real_pd;
		Cpu_connection real_cpu;

		Foc_native_pd_client  native_pd  { real_pd.native_pd() };
		Foc_native_cpu_client native_cpu { real_cpu.native_cpu() };

		Rpc_entrypoint ep;

		Ram *ram;
		Cpu *cpu;
		Pd  *pd;
		Rm  *rm[MAPS];
		Parent_child *child = nullptr;

		Rom_connection *binary_rom = nullptr;
		Rom_connection *ldso_rom   = nullptr;

		/* changed by the entrypoint, read while threads are being stopped */
		Lock        threads_lock;
		Thread_info threads[THREADS];

		Object  *regions = nullptr;
		Object  *log_ds  = nullptr;
		uint64_t stub[CAPLOG_STUB_LABELS];

		bool      volatile busy   = false; /* the entrypoint may block on a sibling */
		bool      volatile exited = false;
		bool volatile      frozen   = false; /* no signal of a timer is handed on   */
		bool               full     = false; /* the ledger was, once                */
		bool               finished = false; /* restored sessions are at work       */
		/* Services that it announced; siblings' entrypoints look here */
		struct Service : List<Service>::Element
		{
			Config::Name const     name;
			Capability<Root> const root;

			Service(char const *name, Capability<Root> root) : name(name), root(root) { }
		};

		Lock          services_lock;
		List<Service> services;
		bool volatile waits = false;      /* for a service to be announced      */
		Semaphore     announced;

		void add_service(char const *name, Capability<Root> root);

		struct Ping
		{
			GENODE_RPC(Rpc_ping, void, ping);
			GENODE_RPC_INTERFACE(Rpc_ping);
		};

		struct Ping_object : Rpc_object<Ping, Ping_object> { void ping() { } } pong;
		Capability<Ping> ping_cap;

		/*
		 * \param ledger  its lines, if any, are made by way of 'make'
		 */
		Target(Env &, Allocator &, Timers &, Group &, unsigned index, Xml_node,
		       caplog_ledger *);
		~Target();

		/* Load the binary and run it */
		void start();

		/* An empty component, to be filled */
		void start_empty();

		/*
		 * Objects and lines
		 */

		/* A new object; if the ledger is full one that is forgotten at once */
		Object &give(uint32_t kind, Native_capability cap, char const *name = "",
		             uint64_t a = 0, uint64_t b = 0, uint64_t c = 0, uint64_t d = 0);

		/* The object of a line that stands in the ledger already */
		Object &enter(caplog_object &line, Native_capability cap);

		/* A region that is not attached yet: its place is known already */
		void expect(caplog_object const &line);

		/* Find the gates of sessions at siblings; while all of the group is stopped */
		void update_peers();

		Object *by_id(uint32_t id) { return id && _objects.first() ? _objects.first()->find(id) : nullptr; }
		Object *by_cap(Native_capability const &cap);
		caplog_object &line(Object const &o) { return *caplog_ledger_by_id(ledger, o.id); }

		/* It exists no more; its session is not closed */
		void gone(Object &);

		template <typename FN> void for_each(FN const &fn)
		{
			for (uint32_t i = 0; i < ledger->count; i++)
				if (Object *o = ledger->line[i].gone ? nullptr : by_id(ledger->line[i].id))
					fn(*o, ledger->line[i]);
		}

		uint32_t context_id(Signal_context_capability cap)
		{
			Object *o = by_cap(cap);
			return o && o->kind == CONTEXT ? o->id : 0;
		}

		/* Signal context by id; an invalid capability if it is gone */
		Signal_context_capability context(uint64_t id)
		{
			Object *o = by_id(id);
			return o && o->kind == CONTEXT ? reinterpret_cap_cast<Signal_context>(o->cap)
			                               : Signal_context_capability();
		}

		/*
		 * Memory
		 */

		/* The dataspace at an address, and the offset in it; nullptr: none, or not all of it */
		Object *at(uint64_t address, uint64_t size, uint64_t &offset);
		void   *map_locally(Object &);
		void   *memory(uint64_t address, uint64_t size);
		void    add_region(Object &o)
		{
			if (&o != &_lost) {
				o.next  = regions;
				regions = &o;
			}
		}

		/* Where a dataspace is attached in the address space; 0: nowhere */
		uint64_t address_of(Object const &);

		/*
		 * Threads
		 */

		uint32_t slot_of(unsigned i) const { return _flavour.thread_base + i*_flavour.thread_stride; }
		Thread_info *thread_at(uint32_t slot);
		Thread_info &make_thread(Cpu_session::Name const &, Affinity::Location,
		                         Cpu_session::Weight, uint32_t &slot);
		void         kill_thread(Thread_info &);
		Thread_info *thread_of_gate(Native_capability const &gate);

		Native_capability object_of(Thread_info &thread)
		{
			if (!thread.object.valid())
				thread.object = native_cpu.native_cap(thread.cap);
			return thread.object;
		}

		/* Core is short of memory for this session's objects */
		void upgrade(Session_capability session) {
			env.parent().upgrade(session, "ram_quota=128K"); }

		/*
		 * Sessions
		 */

		Session_capability open(char const *service, char const *args, Affinity const &);
		Session_capability open_at_parent(char const *service, char const *args,
		                                  Affinity const & = Affinity());
		Session_capability open_at_peer(Target &server, char const *service, char const *args,
		                                Affinity const &);
		/* Open a session anew */
		void serve(Object &o, caplog_object &line, State const &);
		void close_at_peer(Session_capability);
		void close(Object &);

	private:

		Startup &_startup;
};

#endif
