/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability entries, as Genode's base library and core ask for them
 *
 * Takes the place of base-foc's header of this name. Names that Genode's own
 * sources use are Genode's: Cap_index, cap_map() with insert and remove,
 * cap_idx_alloc() with alloc_range. What happens is in caplog/map.h, its state
 * in base/internal/cap_space.h.
 */
#ifndef CAPLOG_CAP_MAP_H
#define CAPLOG_CAP_MAP_H

#include <base/internal/capability_data.h>

namespace Genode {

	typedef Native_capability::Data Cap_index;

	class Capability_map;
	class Cap_index_allocator;

	/* Of core or of the component; made at their first use */
	Only<Capability_map>      cap_map();
	Only<Cap_index_allocator> cap_idx_alloc();
}


/* Entries by badge */
class Genode::Capability_map : Noncopyable
{
	public:

		enum : addr_t { ANYWHERE = ~0UL };

		/*
		 * Capability that a message left at 'arrived', for the badge that its
		 * sender states; the reference is counted before another thread can
		 * remove the entry
		 *
		 * A component enters what is new to it. Core does not: it made every
		 * object that it has to do with, so an unknown badge is a forged one.
		 *
		 * \return  invalid capability if the badge belongs to another living
		 *          object, if no slot is left, and in core if the badge is unknown
		 */
		Native_capability insert_map(unsigned long badge, addr_t arrived);

		/* Drop an entry and free its slot; in core the kernel object goes as well */
		void remove(Cap_index *);

		/* Count a reference less, and remove the entry if it was the last one */
		void release(Cap_index *);

		/*
		 * Entry for a badge whose capability is, or will be, at 'kcap'
		 *
		 * ANYWHERE: at a free slot, and the badge must be new. Otherwise an older
		 * entry with the badge cannot be found any more.
		 *
		 * \return  nullptr if there is no such slot
		 */
		Cap_index *insert(unsigned long badge, addr_t kcap = ANYWHERE);
};


/* Entries without a badge */
class Genode::Cap_index_allocator : Noncopyable
{
	public:

		/* New entries side by side; nullptr if that many slots are not free */
		Cap_index *alloc_range(size_t count);

		/* Free slots, whatever they hold */
		void free_range(unsigned slot, size_t count);
		void free(Cap_index *first, size_t count);

		/* Slots that there are */
		size_t max_caps() const;

		/* New entry at a slot that the map has just allocated */
		virtual Cap_index *construct(unsigned slot) = 0;

		/* All slots are free again */
		virtual void clear() = 0;

	protected:

		~Cap_index_allocator() { }
};

#endif
