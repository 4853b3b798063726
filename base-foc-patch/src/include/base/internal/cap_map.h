/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cap map and slot allocator as the rest of Genode sees them
 *
 * Takes the place of base-foc's header of this name. What the functions do is
 * in caplog/map.h: they look up an entry by its badge, and allocate slots by
 * the lowest fit.
 */
#ifndef _INCLUDE__BASE__CAP_MAP_H_
#define _INCLUDE__BASE__CAP_MAP_H_

#include <base/exception.h>
#include <base/stdint.h>
#include <base/lock_guard.h>
#include <util/noncopyable.h>
#include <util/string.h>

#include <base/internal/capability_data.h>

namespace Genode {

	typedef Native_capability::Data Cap_index;

	struct Cap_index_allocator;
	class  Spin_lock;
	class  Capability_map;

	/* The only instances; each is there at its first use */
	Cap_index_allocator *cap_idx_alloc();
	Capability_map      *cap_map();
}


/*
 * Slots of the capability space
 */
struct Genode::Cap_index_allocator : Noncopyable
{
	class Index_out_of_bounds : public Exception { };
	class Region_conflict     : public Exception { };

	virtual ~Cap_index_allocator() { }

	/* 'cnt' consecutive slots, or nullptr */
	virtual Cap_index *alloc_range(size_t cnt) = 0;

	/* A certain slot, whether it was free or not; throws Index_out_of_bounds */
	virtual Cap_index *alloc(addr_t kcap) = 0;

	/* Give back 'cnt' consecutive slots; throws Index_out_of_bounds */
	virtual void free(Cap_index *idx, size_t cnt) = 0;

	/* Make a new entry at a slot that the map has just allocated */
	virtual Cap_index *construct(unsigned slot) = 0;

	virtual addr_t     idx_to_kcap(Cap_index const *idx) const = 0;
	virtual Cap_index *kcap_to_idx(addr_t kcap) = 0;

	/* Does core decide what the slot holds? */
	virtual bool static_idx(Cap_index *idx) = 0;

	/* Forget everything */
	virtual void reinit() = 0;
};


/*
 * Lock for what runs before there is an environment
 */
class Genode::Spin_lock
{
	private:

		volatile int _spinlock;

	public:

		Spin_lock();

		void lock();
		void unlock();

		typedef Genode::Lock_guard<Spin_lock> Guard;
};


/*
 * The state is in cap_space (base/internal/cap_space.h)
 */
class Genode::Capability_map : Noncopyable
{
	public:

		/* Entry with this badge, or nullptr */
		Cap_index *find(int id);

		/* New slot for a badge that is not in the map yet; nullptr: none left */
		Cap_index *insert(int id);

		/* Badge at a certain slot; another entry with the badge leaves the map */
		Cap_index *insert(int id, addr_t kcap);

		/*
		 * Entry for a capability that arrived in a receive window
		 *
		 * An entry with the badge is returned if it denotes the same object. If
		 * its object is gone, it leaves the map, and the new one gets a slot.
		 *
		 * \return  nullptr if an entry with the badge denotes another living
		 *          object, or if there is no slot left
		 */
		Cap_index *insert_map(int id, addr_t kcap);

		/* Free the slot of an entry; core destroys the object as well */
		void remove(Cap_index *);
};

#endif
