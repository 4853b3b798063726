/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pages of a component's memory were written since its last image, and
 * what they were when it was held
 *
 * Core reports each page once. Here they are kept, by dataspace, until they are
 * in an image. The engine asks for all dataspaces before each image, so that one
 * which it did not ask for is gone.
 */
#ifndef CAPLOG_MONITOR_WRITTEN_H
#define CAPLOG_MONITOR_WRITTEN_H

#include <base/allocator.h>
#include <base/attached_ram_dataspace.h>
#include <base/env.h>
#include <util/avl_tree.h>
#include <util/volatile_object.h>

#include "core.h"
#include "types.h"

namespace Caplog { class Tracked; }


class Caplog::Tracked
{
	private:

		enum { PAGE = 4096, IN_WORD = 32, UNTRACKED_MOST = 64*1024 };

		/*
		 * A dataspace: its bits follow it in memory; if core does not track it
		 * (it is not cached, say) room for a copy of it, which is taken when memory
		 * is held
		 */
		struct Line : Avl_node<Line>
		{
			uint32_t const id;      /* in the ledger                        */
			uint32_t const words;
			bool     const tracked;
			uint64_t       image;   /* that the bits belong to; 0: none     */
			bool           asked;   /* since the last image                 */
			void const    *bytes;   /* in the monitor, as long as it is held */
			Line          *next;

			Line(uint32_t id, uint32_t words, bool tracked, Line *next)
			: id(id), words(words), tracked(tracked), image(0), asked(true), bytes(nullptr), next(next) { clear(); }

			bool higher(Line *other) const { return other->id > id; }

			uint32_t *pages() { return (uint32_t *)(this + 1); }
			void      clear() { memset(pages(), 0, words*sizeof(uint32_t)); }

			static size_t size(uint32_t words) { return sizeof(Line) + words*sizeof(uint32_t); }
		};

		/* Copies that core made while memory is held, found by dataspace and page */
		class Copies
		{
			private:

				typedef Foc_native_pd::Copies Room;

				enum { LISTS = 256 };

				Attached_ram_dataspace _memory;

				/* numbers of copies from 1; 0: the end */
				uint16_t _list[LISTS], _next[Room::MOST + 1];
				uint32_t _seen = 0;

				Room const &_room() const { return *_memory.local_addr<Room>(); }

				static unsigned _list_of(uint32_t id, uint32_t page) { return (id*31 + page) % LISTS; }

				void _look();

			public:

				Copies(Env &env, size_t size) : _memory(&env.ram(), size) { }

				Dataspace_capability cap() const { return _memory.cap(); }

				void begin();
				bool missing() const { return *(uint32_t const volatile *)&_room().missing; }

				/* \return  nullptr: there is none until now */
				void const *find(uint32_t id, uint64_t page);
		};

		Allocator     &_alloc;
		Core          &_core;
		Env           &_env;
		size_t const   _room;         /* for copies, in bytes */
		Lazy_volatile_object<Copies> _copies;
		Lock           _in_use;       /* while memory is held */
		bool           _incomplete = false; /* more memory is not tracked than can be copied */
		Avl_tree<Line> _lines;
		Line          *_first = nullptr;
		bool           _taken = false; /* what was written, since it ran last */

		Line *_find(uint32_t id) const;

		/* Bits of pages that were written since that image; nullptr: any may have been */
		static uint32_t *_known(Line &line, uint64_t image) {
			return line.tracked && image && line.image == image ? line.pages() : nullptr; }

		Line *_begin(uint32_t id, Dataspace_capability, uint64_t bytes);
		void  _take();

	public:

		/* \param room  for copies of pages, in bytes */
		Tracked(Allocator &alloc, Core &core, Env &env, size_t room)
		: _alloc(alloc), _core(core), _env(env), _room(room) { }

		~Tracked();

		/* See platform.h of the engine; `at` is the monitor's mapping */
		uint32_t const *written(uint32_t id, Dataspace_capability, void const *at, uint64_t bytes,
		                        uint64_t image);
		void            saved(uint64_t image);
		int             hold();
		void const     *held(uint32_t id, uint64_t image, uint32_t const *&written) const;
		void const     *kept(uint32_t id, uint64_t page) { return _copies->find(id, page); }
		int             release();

		/* Waits as long as memory is held: the guard of whoever frees some of it */
		Lock &in_use() { return _in_use; }

		/* The component runs again */
		void runs() { _taken = false; }

		/* Pages that are written at the moment */
		unsigned long count() const;
};

#endif
