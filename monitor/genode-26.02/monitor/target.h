/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One PD below the monitor: a child of the sandbox, or what a child runs itself
 *
 * The sandbox library makes and ends it: a PD session, a CPU session, a program
 * that is loaded, a main thread that is started. The monitor serves these sessions
 * and the parent, so that it knows all that has to be known for creating the
 * component again. Each object that it hands out is a line in the ledger
 * (objects.h). Requests come in by entrypoints of the target's own; gate.h says
 * who touches what, and when.
 */
#ifndef CAPLOG_TARGET_H
#define CAPLOG_TARGET_H

#include "core.h"
#include "cpu.h"
#include "gate.h"
#include "group.h"
#include "loaded.h"
#include "objects.h"
#include "parent.h"
#include "pd.h"
#include "pinger.h"
#include "region_map.h"
#include "threads.h"

namespace Caplog { class Targets; }


class Caplog::Target : public List<Target>::Element
{
	public:

		typedef Core::Label Label;
		typedef Core::Args  Args;

		/* Where a component belongs: to a group, as its image says, or to nothing */
		struct Place
		{
			Group         &group;
			unsigned       index;
			caplog_ledger &ledger;
			size_t         log;     /* bytes of its log; 0: none             */
			unsigned       caps;    /* slots of the monitor that it may cost */
			bool           image;   /* it is about to be filled from one     */
		};

	private:

		enum { STACK_SIZE = 16*1024*sizeof(long) };

		Env         &_env;
		Allocator   &_alloc;
		Targets     &_targets;
		Label  const _label;
		Place  const _place;

		Gate           _gate { };
		Objects        _objects;
		Core           _core;
		Rpc_entrypoint _parent_ep { _env.runtime(), _thread_name(), Thread::Stack_size { STACK_SIZE }, { } };
		Rpc_entrypoint _ep        { _env.runtime(), _thread_name(), Thread::Stack_size { STACK_SIZE }, { } };
		Threads        _threads   { _alloc, _ep, _core, _objects };
		Pinger         _pinger[Gate::DOORS] { { _env, _parent_ep }, { _env, _ep } };

		Pd                _pd         { *this, _gate };
		Cpu               _cpu        { *this, _gate };
		Native_cpu_server _native_cpu { *this, _gate };
		Parent_proxy      _parent     { *this, _gate };
		Rm  _address_space { *this, _gate, CAPLOG_MAP_ADDRESS_SPACE, _core.pd.address_space() };
		Rm  _stack_area    { *this, _gate, CAPLOG_MAP_STACK_AREA,    _core.pd.stack_area() };
		Rm  _linker_area   { *this, _gate, CAPLOG_MAP_LINKER_AREA,   _core.pd.linker_area() };

		Constructible<Attached_ram_dataspace> _log     { };
		Loaded                                _loaded  { _env };
		Dataspace_capability                  _program { };

		bool _running = false; /* its main thread was started                       */
		bool _ready   = false; /* all that the sandbox does is done                 */
		bool _ended   = false; /* the sandbox closed both sessions                  */
		bool _pd_open = true, _cpu_open = false;

		Cpu_session::Name _thread_name() const { return Cpu_session::Name(_label.last_element()); }

		uint64_t _first_memory();
		void     _start(addr_t ip);

		Target(Target const &);
		Target &operator = (Target const &);

	public:

		Target(Env &, Allocator &, Targets &, Label const &, Args const &, Place const &);
		~Target();

		/*
		 * What the sandbox does
		 */
		Cpu &open_cpu(Args const &, Affinity const &);
		void start_initial_thread(addr_t ip);
		void close_pd();
		void close_cpu();

		bool cpu_open() const { return _cpu_open; }

		/* The sandbox wants it no more; it is to be destroyed when it is idle */
		bool ended() const { return _ended; }

		/* None of its entrypoints serves a request, and no thread calls it any more */
		bool idle();

		/* A request to its parent is over */
		void left();

		/*
		 * Filling it from an image
		 */
		bool loading() const { return _place.image && !_ready; }
		bool ready()   const { return __atomic_load_n(&_ready, __ATOMIC_ACQUIRE); }
		bool running() const { return _running; }

		Loaded &loaded() { return _loaded; }

		/* All is filled in: sessions continue, requests are answered from now on */
		void finish();

		/* Line of the program that the sandbox attaches, which has none yet */
		caplog_object *give_program(Dataspace_capability);

		static int make_program(Target &, caplog_object &, Saved const &, caplog_diag *);

		/*
		 * No request is served from now on; those that are under way will be answered
		 */
		void close();
		void open() { _gate.open(); }
	
		/* Closed, and all replies have left */
		bool closed();

		/* Write down that the component has a thread */
		void give_thread(Thread_info &, char const *name);

		/* A line of an object that each component has */
		int enter_own(caplog_object &, Session_base &, Saved const &);

		/* Invalid: the monitor has no memory */
		Dataspace_capability make_log(size_t);
		size_t               log_size() const { return in_pages(_place.log); }

		Env          &env()           { return _env; }
		Allocator    &alloc()         { return _alloc; }
		Targets      &targets()       { return _targets; }
		Group        &group()         { return _place.group; }
		unsigned      index()   const { return _place.index; }
		Label const  &label()   const { return _label; }
		char const   *name()    const { return _label.string(); }

		Gate           &gate()       { return _gate; }
		Objects        &objects()    { return _objects; }
		Core           &core()       { return _core; }
		Rpc_entrypoint &ep()         { return _ep; }
		Threads        &threads()    { return _threads; }

		Pd                &pd()         { return _pd; }
		Cpu               &cpu()        { return _cpu; }
		Native_cpu_server &native_cpu() { return _native_cpu; }
		Parent_proxy      &parent()     { return _parent; }

		Rm &rm(uint32_t which)
		{
			return which == CAPLOG_MAP_ADDRESS_SPACE ? _address_space
			     : which == CAPLOG_MAP_STACK_AREA    ? _stack_area : _linker_area;
		}
};

#endif
