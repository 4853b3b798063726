/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM dataspaces of all components of a group, by badge: whose memory does one
 * of them attach?
 *
 * The answer is the id of a ledger line, which never names another dataspace,
 * while core uses the badge of one that was freed again.
 */
#ifndef CAPLOG_DATASPACES_H
#define CAPLOG_DATASPACES_H

#include <base/mutex.h>
#include <util/avl_tree.h>

#include "types.h"

namespace Caplog { class Dataspaces; }


class Caplog::Dataspaces
{
	public:

		/* A part of the object that it is about */
		struct Entry : Avl_node<Entry>
		{
			uint32_t badge = 0;
			uint32_t owner = 0, id = 0; /* see caplog_shared */
			uint64_t size  = 0;
			bool     entered = false;

			bool higher(Entry *other) const { return other->badge > badge; }

			Entry *find(uint32_t wanted)
			{
				if (wanted == badge)
					return this;
				Entry *next = child(wanted > badge);
				return next ? next->find(wanted) : nullptr;
			}
		};

		/* What find says; size 0: it is no dataspace of the group */
		struct Found
		{
			caplog_shared shared;
			uint64_t      size;
		};

	private:

		Mutex            _lock;
		Avl_tree<Entry> _tree;

		Entry *_find(uint32_t badge) { return _tree.first() ? _tree.first()->find(badge) : nullptr; }

		void _remove(Entry *e)
		{
			if (e && e->entered)
				_tree.remove(e);
			if (e)
				e->entered = false;
		}

	public:

		/* Before anyone else is given its capability */
		void enter(Entry &e)
		{
			Mutex::Guard guard(_lock);

			/* freed in core, by an owner that is about to remove it */
			_remove(_find(e.badge));
			_tree.insert(&e);
			e.entered = true;
		}

		/* After it was freed in core: what is attached until then has an owner */
		void remove(Entry &e)
		{
			Mutex::Guard guard(_lock);

			_remove(&e);
		}

		/* Asked before it is attached: if that succeeds, this one was attached */
		Found find(uint32_t badge)
		{
			Mutex::Guard guard(_lock);

			Entry const * const e = _find(badge);
			Found found = { { e ? e->owner : 0, e ? e->id : 0 }, e ? e->size : 0 };
			return found;
		}
};

#endif
