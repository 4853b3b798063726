/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One component below the monitor
 *
 * The monitor is its parent and serves all that has to be known for creating it
 * again: PD, RAM and CPU session, region maps, ROM, Timer. Each object that it
 * hands out is a line in the ledger (objects.h). Requests come in by an
 * entrypoint of the target's own; gate.h says who touches what, and when.
 */
#ifndef CAPLOG_TARGET_H
#define CAPLOG_TARGET_H

#include <base/env.h>
#include <util/volatile_object.h>

#include "account.h"
#include "config.h"
#include "core.h"
#include "cpu.h"
#include "gate.h"
#include "group.h"
#include "messenger.h"
#include "objects.h"
#include "parent.h"
#include "pd.h"
#include "pinger.h"
#include "program.h"
#include "ram.h"
#include "region_map.h"
#include "route.h"
#include "services.h"
#include "threads.h"
#include "timer.h"
#include "written.h"


class Caplog::Target
{
	private:

		enum { STACK_SIZE = 8*1024*sizeof(long) };

		struct Policy : Child_policy
		{
			Target &target;

			Policy(Target &target) : target(target) { }

			char const *name() const override { return target.name(); }
		};

		/* The main thread, created before the component is loaded */
		struct Main_thread : Child::Initial_thread_base
		{
			Target &target;

			Main_thread(Target &target) : target(target) { }

			void start(addr_t ip) override { target.threads()[0].server->start(ip, 0); }
			Capability<Cpu_thread> cap() override { return target.threads()[0].server->cap(); }
		};

		/* Stays for ever if a server may still answer it: its thread must not vanish */
		struct Door_entrypoint
		{
			Allocator       &alloc;
			Gate const      &gate;
			Gate::Door const door;
			Rpc_entrypoint  &ep;

			Door_entrypoint(Target &, Gate::Door);
			~Door_entrypoint() { if (!gate.abandoned(door)) destroy(alloc, &ep); }
		};

		Messenger_env  &_env;
		Allocator      &_alloc;
		Limits         &_limits;
		Timers         &_timers;
		Group          &_group;
		unsigned const  _index;
		Config const    _config;
		Routes const    _routes;

		Gate           _gate;
		Objects        _objects;
		Core           _core;
		Account        _account;
		Tracked        _tracked;
		Door_entrypoint _parent_ep { *this, Gate::PARENT };   /* may block on others */
		Door_entrypoint _ep        { *this, Gate::SESSIONS };
		Threads        _threads  { _alloc, _ep.ep, _core, _objects };
		Services       _services { _alloc, _group };

		Ram _ram { *this, _gate };
		Cpu _cpu { *this, _gate };
		Pd  _pd  { *this, _gate };
		Rm  _address_space { *this, _gate, CAPLOG_MAP_ADDRESS_SPACE, _core.pd.address_space() };
		Rm  _stack_area    { *this, _gate, CAPLOG_MAP_STACK_AREA,    _core.pd.stack_area() };
		Rm  _linker_area   { *this, _gate, CAPLOG_MAP_LINKER_AREA,   _core.pd.linker_area() };

		Policy           _policy      { *this };
		Main_thread      _main_thread { *this };

		Lazy_volatile_object<Program> _program;
		Parent_child                 *_parent = nullptr;

		Lazy_volatile_object<Pinger>  _pinger[Gate::DOORS];

		bool _running = false; /* its entrypoint answers requests */

		uint64_t _first_memory();
		void     _end_sessions();

		Target(Target const &);
		Target &operator = (Target const &);

	public:

		/*
		 * \param config  the monitor's, \param node  the target's in it
		 * \param ledger  its lines, if any, are made by way of their kinds
		 * \throw Refused
		 */
		Target(Messenger_env &, Allocator &, Timers &, Group &, unsigned index, Xml_node config,
		       Xml_node node, caplog_ledger &, Limits &);
		~Target();

		/* Load the binary and run it */
		void start();

		/* An empty component, to be filled from an image */
		void start_empty();

		/* All is filled in: sessions continue, requests are answered from now on */
		void finish();

		/*
		 * No request is served from now on; those that are under way will be
		 * answered, unless they are cancelled
		 */
		void close();
		void open() { _gate.open(); }
		void cancel();

		/* Closed, and all replies have left */
		bool closed();

		/* Write down that the component has a thread */
		void give_thread(Thread_info &, char const *name);

		/*
		 * Free a session that ends, which is an RPC object
		 *
		 * Genode's dissolve returns while the entrypoint may still serve a request of
		 * the object: that ends first. It finds the gate open, even if that is closed.
		 */
		template <typename SESSION> void retire(SESSION *session)
		{
			Gate::Outside outside(_gate);

			ep().dissolve(session);
			if (outside.request) {
				Gate::Needed needed(_gate);
				_pinger[Gate::SESSIONS]->call();
			}
			destroy(_alloc, session);
		}

		/* A session of the monitor's parent, labeled for the copy of the group */
		Session_capability open_at_parent(char const *service, char const *args,
		                                  Affinity const & = Affinity());

		/* Core's session in place of one that the component holds: its own, or one it opened */
		template <typename SESSION> Capability<SESSION> at_core(Capability<SESSION> cap)
		{
			Object * const o = _objects.by_cap(cap);

			return o && o->session && o->session->real().valid()
			       ? static_cap_cast<SESSION>(o->session->real()) : cap;
		}

		/*
		 * Lines of an image: one of a session that each component has, one of a
		 * session that it opened
		 */
		int enter_own(caplog_object &, Session_base &, Saved const &);
		int repay(Session_capability, Saved const &, caplog_diag *);
		static int reopen(Target &, caplog_object &, Saved const &, caplog_diag *);

		Env          &env()           { return _env; }
		Allocator    &alloc()         { return _alloc; }
		Timers       &timers()        { return _timers; }
		Group        &group()         { return _group; }
		unsigned      index()   const { return _index; }
		Config const &config()  const { return _config; }
		Routes const &routes()  const { return _routes; }
		char const   *name()    const { return _config.name.string(); }

		Gate           &gate()     { return _gate; }
		Objects        &objects()  { return _objects; }
		Core           &core()     { return _core; }
		Account        &account()  { return _account; }
		Tracked        &tracked()   { return _tracked; }
		Rpc_entrypoint &ep()        { return _ep.ep; }
		Rpc_entrypoint &parent_ep() { return _parent_ep.ep; }
		Threads        &threads()  { return _threads; }
		Services       &services() { return _services; }
		Program        &program()  { return *_program; }

		Ram          &ram()    { return _ram; }
		Cpu          &cpu()    { return _cpu; }
		Pd           &pd()     { return _pd; }
		Parent_child &parent() { return *_parent; }

		Rm &rm(uint32_t which)
		{
			return which == CAPLOG_MAP_ADDRESS_SPACE ? _address_space
			     : which == CAPLOG_MAP_STACK_AREA    ? _stack_area : _linker_area;
		}
};

#endif
