/* SPDX-License-Identifier: BSD-2-Clause */
#include <dataspace_component.h>
#include <pager.h>
#include <region_map_component.h>
#include <util/construct_at.h>
#include <written.h>

namespace Fiasco {
#include <l4/sys/consts.h>
#include <l4/sys/task.h>
#include <l4/sys/types.h>
}

using namespace Genode;
using namespace Fiasco;


namespace {

	/* What a read maps at a time: small enough that no kernel uses a large page for it */
	enum { READ_LOG2 = 19 };

	/* From everybody but core */
	void unmap(addr_t address, unsigned log2, unsigned rights) {
		l4_task_unmap(L4_BASE_TASK_CAP, l4_fpage(address, log2, rights), L4_FP_OTHER_SPACES); }

	/* The largest power of two that address and end are apart, or the address is a multiple of */
	unsigned step_log2(addr_t address, addr_t end)
	{
		unsigned log2 = 12;

		while (log2 < 31 && !(address & ((2UL << log2) - 1)) && (2UL << log2) <= end - address)
			log2++;
		return log2;
	}

	void copy_page(addr_t to, addr_t from)
	{
		unsigned long       * const d = (unsigned long *)to;
		unsigned long const * const s = (unsigned long const *)from;

		for (unsigned i = 0; i < 4096/sizeof(long); i += 4) {
			unsigned long const a = s[i], b = s[i + 1], c = s[i + 2], e = s[i + 3];
			d[i] = a; d[i + 1] = b; d[i + 2] = c; d[i + 3] = e;
		}
	}

	/* RAM that core reads where everybody else has it */
	bool is_memory(Dataspace_component &ds)
	{
		/* devices write to what is not cached, and nobody to what is read-only */
		return !ds.io_mem() && !ds.managed() && ds.writable() && ds.cacheability() == CACHED
		    && ds.core_local_addr() == ds.phys_addr();
	}

	/* Where a fault is, in core and in the component, and how far one mapping may reach */
	struct Place
	{
		addr_t source, source_begin, source_end; /* in core */
		addr_t fault, region_begin, region_end;

		bool within(unsigned log2) const
		{
			addr_t const size = 1UL << log2, mask = size - 1;
			addr_t const from = source & ~mask, to = fault & ~mask;

			return !((source ^ fault) & mask)
			    && from >= source_begin && from - 1 + size <= source_end - 1
			    && to   >= region_begin && to   - 1 + size <= region_end - 1;
		}

		unsigned log2(unsigned most) const
		{
			while (most > 12 && !within(most))
				most--;
			return most;
		}
	};
}


addr_t Written_pages::_in_answer;

Written_pages *Written_pages::_keeping;


Lock &Written_pages::_lock()
{
	static Lock lock;
	return lock;
}


Avl_tree<Written_pages::Piece> &Written_pages::_all()
{
	static Avl_tree<Piece> tree;
	return tree;
}


Written_pages::Piece *Written_pages::_find(addr_t address)
{
	Piece *p = _all().first();

	while (p && address - p->base >= p->size)
		p = p->child(address > p->base);
	return p;
}


void Written_pages::Piece::protect(unsigned word) const
{
	addr_t   const at = base + ((addr_t)word << WORD_LOG2);
	uint32_t const all = ~(uint32_t)0;

	if (pages[word] == all && !(at & ((1UL << WORD_LOG2) - 1))) {
		unmap(at, WORD_LOG2, L4_FPAGE_W);
		return;
	}
	for (uint32_t left = pages[word]; left; left &= left - 1)
		unmap(at + ((addr_t)__builtin_ctz(left) << PAGE_LOG2), PAGE_LOG2, L4_FPAGE_W);
}


Foc_native_pd::Result Written_pages::_add(addr_t base, size_t size, uint32_t id, uint32_t first)
{
	void *memory = nullptr;
	{
		Lock::Guard guard(_lock());

		if (Piece const * const known = _find(base))
			return known->owner == this && known->id == id ? Foc_native_pd::DONE
			                                               : Foc_native_pd::OCCUPIED;
	}
	if (!_memory.alloc(sizeof(Piece), &memory))
		return Foc_native_pd::NO_QUOTA;

	Piece * const p = construct_at<Piece>(memory);

	p->owner = this;
	p->next  = _first;
	p->base  = base;
	p->size  = size;
	p->id    = id;
	p->first = first;
	for (unsigned word = 0; word < WORDS; word++)
		p->pages[word] = 0;
	_first = p;

	Lock::Guard guard(_lock());
	_all().insert(p);
	return Foc_native_pd::DONE;
}


void Written_pages::_remove(Piece *p)
{
	Piece **before = &_first;

	while (*before != p)
		before = &(*before)->next;
	*before = p->next;
	{
		Lock::Guard guard(_lock());
		_all().remove(p);
	}
	destroy(_memory, p);
}


Written_pages::~Written_pages()
{
	keep_no_more();
	while (_first)
		_remove(_first);
}


void Written_pages::freed(addr_t address, size_t size)
{
	addr_t const end = address + size;
	{
		Lock::Guard guard(_lock());

		/* nobody has the room any more */
		for (Written_pages *w = _keeping, *next; w; w = next) {
			next = w->_room.next;
			if (w->_room.base - address < size)
				w->_end_room();
		}
	}

	while (address < end) {
		Piece *piece;
		{
			Lock::Guard guard(_lock());
			piece = _find(address);
		}
		if (!piece) {
			/* its first piece is missing, and so are all others */
			return;
		}
		address = piece->base + piece->size;
		piece->owner->_remove(piece);
	}
}


Foc_native_pd::Result Written_pages::track(Dataspace_component &ds, uint32_t id)
{
	addr_t const begin = ds.core_local_addr(), end = begin + ds.size();

	if (!is_memory(ds))
		return Foc_native_pd::INVALID_CAP;

	uint32_t first = 0;
	for (addr_t at = begin; at < end; at += PIECE, first += WORDS) {
		Foc_native_pd::Result const result = _add(at, end - at < PIECE ? end - at : (size_t)PIECE, id, first);

		if (result != Foc_native_pd::DONE)
			return result;
	}

	/* what is mapped already may be written, and in large pages */
	for (addr_t at = begin; at < end; ) {
		unsigned const log2 = step_log2(at, end);

		unmap(at, log2, L4_FPAGE_RWX);
		at += 1UL << log2;
	}
	return Foc_native_pd::DONE;
}


Foc_native_pd::Written Written_pages::take()
{
	Foc_native_pd::Written answer = Foc_native_pd::Written();

	/*
	 * Whoever writes to one of these pages before it is protected gets its bit
	 * into this answer, and whoever does so after that waits for the lock
	 */
	Lock::Guard guard(_lock());

	for (Piece *p = _first; p; p = p->next) {
		for (unsigned word = 0; word < WORDS; word++) {
			if (!p->pages[word])
				continue;
			if (answer.count == Foc_native_pd::WRITTEN_WORDS) {
				answer.more = 1;
				return answer;
			}
			answer.entry[answer.count++] = { p->id, p->first + word, p->pages[word] };
			p->protect(word);
			p->pages[word] = 0;

			/* the right to write may still be on its way to that page, if it is one of these */
			addr_t const in_answer = (_in_answer - p->base) >> PAGE_LOG2;
			if (_in_answer - p->base < p->size && in_answer/32 == word)
				p->pages[word] = 1U << in_answer%32;
		}
	}
	return answer;
}


/*
 * Keeping
 */

/* The lock is held */
void Written_pages::_end_room()
{
	Written_pages **at = &_keeping;

	while (*at && *at != this)
		at = &(*at)->_room.next;
	if (*at)
		*at = _room.next;
	_room = Room();
}


void Written_pages::keep_no_more()
{
	Lock::Guard guard(_lock());

	_end_room();
}


/* The lock is held. Nobody but core knows the number of copies: others can write to the room */
void Written_pages::_copy(Piece const &p, addr_t page)
{
	Foc_native_pd::Copies &copies = *(Foc_native_pd::Copies *)_room.base;

	if (_room.copied == _room.most) {
		copies.missing = 1;
		_end_room();
		return;
	}
	copy_page(_room.base + ((addr_t)(_room.copied + 1) << PAGE_LOG2), p.base + (page << PAGE_LOG2));
	copies.copy[_room.copied] = { p.id, (uint32_t)(p.first*32 + page) };

	/* who finds the number finds the copy, and who is permitted to write is so after that */
	__sync_synchronize();
	copies.count = ++_room.copied;
	__sync_synchronize();
}


Foc_native_pd::Result Written_pages::keep(Dataspace_component &room)
{
	enum { MOST = Foc_native_pd::Copies::MOST };

	size_t const pages = room.size() >> PAGE_LOG2;

	if (!is_memory(room) || pages < 2)
		return Foc_native_pd::INVALID_CAP;

	Lock::Guard guard(_lock());

	_end_room();
	_room.base = room.core_local_addr();
	_room.most = pages - 1 < MOST ? (uint32_t)(pages - 1) : (uint32_t)MOST;
	_room.next = _keeping;
	_keeping   = this;

	Foc_native_pd::Copies &copies = *(Foc_native_pd::Copies *)_room.base;
	copies.count = copies.missing = 0;

	/* the right to write may still be on its way to a page that is noted: see take */
	for (Piece *p = _first; p; p = p->next)
		for (unsigned word = 0; word < WORDS; word++)
			for (uint32_t left = p->pages[word]; left && _room.base; left &= left - 1)
				_copy(*p, word*32 + __builtin_ctz(left));
	return Foc_native_pd::DONE;
}


/*
 * Pager
 */

bool Written_pages::answer(Pager_object &object, Ipc_pager &pager)
{
	{
		Lock::Guard guard(_lock());
		if (!_all().first())
			return false;
	}

	auto fn = [&] (Region_map_component *, Rm_region *region, addr_t offset,
	               addr_t region_offset) -> bool
	{
		Dataspace_component * const ds = region ? region->dataspace() : nullptr;
		if (!ds)
			return false;

		addr_t const begin = ds->map_src_addr();
		Place  const place { begin + offset, begin, begin + ds->size(),
		                     pager.fault_addr(), region_offset + region->base(),
		                     region_offset + region->base() + region->size() };

		Lock::Guard guard(_lock());
		Piece * const piece = _find(place.source);
		if (!piece)
			return false;

		bool     const write = pager.write_fault();
		unsigned const log2  = write ? (unsigned)PAGE_LOG2 : place.log2(READ_LOG2);
		addr_t   const mask  = ~((1UL << log2) - 1);

		if (write) {
			addr_t const page = (place.source - piece->base) >> PAGE_LOG2;

			if (piece->owner->_room.base && !(piece->pages[page/32] >> page%32 & 1))
				piece->owner->_copy(*piece, page);
			piece->pages[page/32] |= 1U << page%32;
			_in_answer = place.source & mask;
		}
		pager.set_reply_mapping(Mapping(place.fault & mask, place.source & mask,
		                                ds->cacheability(), false, log2, write));
		return true;
	};
	return static_cast<Rm_client &>(object).member_rm()->apply_to_dataspace(pager.fault_addr(), fn);
}


void Written_pages::answered()
{
	/* only the pager sets it, who is the one that calls */
	if (!_in_answer)
		return;

	Lock::Guard guard(_lock());
	_in_answer = 0;
}
