/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pages of a component's memory were written since its last image
 *
 * Core reports each page once. Here they are kept, by dataspace, until they are
 * in an image. The engine asks for all dataspaces before each image, so that one
 * which it did not ask for is gone.
 */
#ifndef CAPLOG_MONITOR_WRITTEN_H
#define CAPLOG_MONITOR_WRITTEN_H

#include <base/allocator.h>
#include <util/avl_tree.h>

#include "core.h"
#include "types.h"

namespace Caplog { class Tracked; }


class Caplog::Tracked
{
	private:

		/* A dataspace: its bits follow it in memory */
		struct Line : Avl_node<Line>
		{
			uint32_t const id;      /* in the ledger                        */
			uint32_t const words;
			uint64_t       image;   /* that the bits belong to; 0: none     */
			bool           asked;   /* since the last image                 */
			Line          *next;

			Line(uint32_t id, uint32_t words, Line *next)
			: id(id), words(words), image(0), asked(true), next(next) { clear(); }

			bool higher(Line *other) const { return other->id > id; }

			uint32_t *pages() { return (uint32_t *)(this + 1); }
			void      clear() { memset(pages(), 0, words*sizeof(uint32_t)); }

			static size_t size(uint32_t words) { return sizeof(Line) + words*sizeof(uint32_t); }
		};

		Allocator     &_alloc;
		Core          &_core;
		Avl_tree<Line> _lines;
		Line          *_first = nullptr;
		bool           _taken = false; /* what was written, since it ran last */

		Line *_find(uint32_t id) const;
		Line *_begin(uint32_t id, Dataspace_capability, uint64_t bytes);
		void  _take();

	public:

		Tracked(Allocator &alloc, Core &core) : _alloc(alloc), _core(core) { }

		~Tracked();

		/* See platform.h of the engine */
		uint32_t const *written(uint32_t id, Dataspace_capability, uint64_t bytes, uint64_t image);
		void            saved(uint64_t image);

		/* The component runs again */
		void runs() { _taken = false; }

		/* Pages that are written at the moment */
		unsigned long count() const;
};

#endif
