/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a component was given: each object is a line in the engine's ledger and,
 * while it lives, an Object here. Regions are lines only.
 */
#ifndef CAPLOG_OBJECTS_H
#define CAPLOG_OBJECTS_H

#include <base/allocator.h>
#include <base/signal.h>
#include <base/tslab.h>
#include <region_map/region_map.h>
#include <util/avl_tree.h>

#include "dataspaces.h"
#include "limits.h"
#include "types.h"


struct Caplog::Object : Avl_node<Object>
{
	uint32_t const    id;
	uint32_t const    kind;
	Native_capability cap;               /* what the component was given; for a GATE: Pd::gate */
	Session_base     *session = nullptr; /* the monitor's own server, if any  */
	void             *local   = nullptr; /* the monitor's mapping             */
	uint32_t          slot    = 0;       /* SEMAPHORE: where it was installed */
	uint64_t          pending = 0;       /* CONTEXT: signals of its last life */
	unsigned          cost    = 0;       /* capabilities of the monitor       */
	Dataspaces::Entry ram     { };       /* DATASPACE: as siblings find it    */

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


class Caplog::Objects
{
	private:

		enum { BLOCK = 16*1024 };

		char const    *_name;   /* of the component, for messages */
		Env           &_env;    /* the monitor's                  */
		caplog_ledger &_ledger;
		Limits        &_limits;
		Dataspaces    &_dataspaces;     /* of the group                   */
		unsigned const _index;          /* of the component in it         */
		unsigned const _most;           /* capabilities at a time         */
		unsigned       _caps = 0;       /* that it costs the monitor now  */
		bool           _no_line = false, _no_cap = false; /* which was said */

		Tslab<Object, BLOCK> _memory;

		Avl_tree<Object> _tree { };
		Object           _lost { 0, CAPLOG_OBJECT_UNKNOWN, Native_capability() };
		Object          *_log_ds = nullptr;

		Object *_find(uint64_t id);
		Object &_insert(uint32_t id, uint32_t kind, Native_capability);
		void    _announce(Object &);

		/* Slots of the monitor's capability space that an object occupies */
		static unsigned _cost(uint32_t kind);

	public:

		/* \param most  capabilities of the monitor that the component may cost */
		Objects(char const *name, Allocator &alloc, Env &env, caplog_ledger &ledger,
		        Limits &limits, Dataspaces &dataspaces, unsigned index, unsigned most)
		:
			_name(name), _env(env), _ledger(ledger), _limits(limits), _dataspaces(dataspaces),
			_index(index), _most(most), _memory(&alloc)
		{ }

		~Objects() { forget(); }

		/* All are gone, with the component */
		void forget();

		caplog_ledger &ledger() { return _ledger; }

		/*
		 * May the component be given one more object? Asked before one is made
		 * for it, so that nothing exists without a line. The first time that it
		 * may not, the reason is logged.
		 */
		bool room(uint32_t kind);

		/* Is there room for all of the lines of an image? */
		bool fits() const;

		/*
		 * A new object, for which there is room; else one that is forgotten at
		 * once, and a component that cannot be checkpointed
		 *
		 * \param cap   invalid: the line has no capability
		 * \param name  nullptr: that of the kind
		 */
		Object &give(uint32_t kind, Native_capability cap, char const *name = nullptr,
		             caplog_words const &words = caplog_words());

		/* The object of a line that stands in the ledger already */
		Object &enter(caplog_object &line, Native_capability cap);

		/* A gate whose capability only core holds; its Object is made when it is asked for */
		void enter_gate(caplog_object &line, uint32_t badge) {
			caplog_ledger_rebadge(&_ledger, &line, badge); }

		/* It exists no more; a session is not closed by that */
		void gone(Object &);

		/* The monitor's mapping of it ends: core is about to free it */
		void unmap_locally(Object &);

		Object *by_id(uint64_t id);
		Object *by_cap(Native_capability const &cap);

		/* As above, if it is of this kind */
		Object *of(uint64_t id, uint32_t kind);
		Object *of(Native_capability const &cap, uint32_t kind);

		caplog_object &line(Object const &o) { return *caplog_ledger_by_id(&_ledger, o.id); }

		/* All objects but gates that nobody asked for, in the order in which they were given */
		template <typename FN> void for_each(FN const &fn)
		{
			for (uint32_t i = 0; i < _ledger.count; i++)
				if (Object *o = _ledger.line[i].gone ? nullptr : _find(_ledger.line[i].id))
					fn(*o, _ledger.line[i]);
		}

		/* Those of one kind, the newest first */
		template <typename FN> void for_each(uint32_t kind, FN const &fn)
		{
			caplog_object *next = caplog_ledger_first(&_ledger, kind);

			while (caplog_object *line = next) {
				next = caplog_ledger_next(&_ledger, line);
				if (Object *o = by_id(line->id))
					fn(*o, *line);
			}
		}

		/* Id of a signal context; 0 if the component was not given it */
		uint64_t context_id(Signal_context_capability cap);

		/* Signal context by id; an invalid capability if it is gone */
		Signal_context_capability context(uint64_t id);

		/* The monitor's mapping of a dataspace, or of component memory; nullptr: impossible */
		void *map_locally(Object &);
		void *memory(uint64_t address, uint64_t size);

		Object *log_ds() { return _log_ds; }
		void    log_ds(Object &ds) { _log_ds = &ds; }
};

#endif
