/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pages of dataspaces were written
 *
 * The pages of a tracked dataspace are mapped without the right to write, to
 * everybody. The first write of whomever to a page is a fault: core's pager notes
 * the page, and maps it alone with the right. Who takes the notes takes the right
 * away again. So what is never written costs nothing, and the notes outlive each
 * mapping: nothing is lost when something is detached, freed or killed.
 *
 * While pages are kept the pager copies a page before it notes it, so that a
 * monitor can save all of them as they were while everybody runs.
 */
#ifndef CAPLOG_WRITTEN_H
#define CAPLOG_WRITTEN_H

#include <base/lock.h>
#include <base/tslab.h>
#include <foc_native_pd/foc_native_pd.h>
#include <util/avl_tree.h>

namespace Genode {

	class  Dataspace_component;
	class  Ipc_pager;
	class  Pager_object;
	class  Written_pages;
}


/* Those that one PD session tracks; used by core's one entrypoint */
class Genode::Written_pages
{
	public:

		/* \param memory  of the PD session */
		explicit Written_pages(Allocator &memory) : _memory(&memory) { }

		~Written_pages();

		Foc_native_pd::Result track(Dataspace_component &, uint32_t id);

		Foc_native_pd::Written take();

		/* \param room  dataspace with Foc_native_pd::Copies */
		Foc_native_pd::Result keep(Dataspace_component &room);
		void                  keep_no_more();

		/* Memory is freed, and may soon be of another dataspace */
		static void freed(addr_t address, size_t size);

		/*
		 * Called by the pager
		 */

		/* \return  true if the fault is in tracked memory: its reply is set */
		static bool answer(Pager_object &, Ipc_pager &);

		/* The reply to the last fault was sent */
		static void answered();

	private:

		enum {
			PAGE_LOG2 = 12, WORDS = 16, WORD_LOG2 = 5 + PAGE_LOG2,
			PIECE     = (size_t)WORDS << WORD_LOG2,
			BLOCK     = 4000 /* bytes; with the header of core's heap a page */
		};

		/* Up to 2 MiB of a dataspace, which need not begin at a multiple of that */
		struct Piece : Avl_node<Piece>
		{
			Written_pages *owner;
			Piece         *next;  /* of that owner */
			addr_t         base;  /* in core       */
			size_t         size;
			uint32_t       id;
			uint32_t       first; /* word of the dataspace that this begins with */
			uint32_t       pages[WORDS];

			bool higher(Piece *other) const { return other->base > base; }

			/* Takes in a word's pages the right to write from everybody */
			void protect(unsigned word) const;
		};

		/* For copies, in core: addresses that nobody else has in these fields */
		struct Room
		{
			addr_t         base   = 0; /* 0: pages are not kept */
			uint32_t       most   = 0, copied = 0;
			Written_pages *next   = nullptr; /* that has a room  */
		};

		Tslab<Piece, BLOCK> _memory;
		Piece              *_first = nullptr;
		Room                _room;

		/* All of them, by address, and the page whose first write is being answered; 0: none */
		static Lock             &_lock();
		static Avl_tree<Piece>  &_all();
		static addr_t            _in_answer;

		/* Those that keep pages; used under the lock, as _room is */
		static Written_pages    *_keeping;

		static Piece *_find(addr_t address);
		Foc_native_pd::Result _add(addr_t base, size_t size, uint32_t id, uint32_t first);
		void _remove(Piece *);

		void _copy(Piece const &, addr_t page);
		void _end_room();
};

#endif
