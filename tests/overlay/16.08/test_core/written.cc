/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Written pages: who may write to a page is what the replies of the pager and
 * core's unmap leave, so that a write that core did not note would be seen
 */
#include "scene.h"

#include <ram_session_component.h>
#include <region_map_component.h>
#include <written.h>

#include <stdlib.h>
#include <sys/mman.h>


enum { PAGE = 4096, MEMORY = 0x10000000, PAGES = 3000, SETS = 4, ROUNDS = 2000 };

enum Right { NONE, READ, WRITE };

/* Pages of core's memory, as everybody else has them, and what was written */
static Right rights[PAGES];
static bool  written[PAGES];

static ::uint64_t random_state = 88172645463325252ULL;

static unsigned below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 8) % n;
}

static void unmapped(addr_t address, unsigned log2, unsigned taken, unsigned long mask)
{
	addr_t const first = (address - MEMORY)/PAGE;

	/* core keeps its own mapping, and a flexpage is a multiple of its size */
	check(mask == L4_FP_OTHER_SPACES);
	check((address & ((1UL << log2) - 1)) == 0);
	check(address >= MEMORY);
	for (addr_t page = first; page < first + (1UL << log2)/PAGE; page++) {
		check(page < PAGES);
		if (taken == L4_FPAGE_RWX)
			rights[page] = NONE;
		else if (rights[page] == WRITE)
			rights[page] = READ;
		check((taken == L4_FPAGE_RWX || taken == L4_FPAGE_W));
	}
}

/* Room for copies, behind all pages of test_rounds; and what each page had when it was kept */
enum { ROOM = 2900, COPIES = 60, AREA = (unsigned long)PAGES*PAGE };

static Foc_native_pd::Copies &copies = *(Foc_native_pd::Copies *)(addr_t)(MEMORY + ROOM*PAGE);
static unsigned before[PAGES];
static unsigned turn;

static unsigned &content(unsigned page) { return *(unsigned *)(addr_t)(MEMORY + page*PAGE + 8*(page % 500)); }

/* A component that has a dataspace attached, maybe a part of it */
struct Client : Rm_client
{
	Region_map_component map;

	int pager(Ipc_pager &) override { return 1; }

	Client(Dataspace_component &ds, addr_t base, addr_t offset, size_t size, addr_t at)
	{
		map.region = Rm_region { base, size, offset, &ds };
		map.at     = at;
		_map       = &map;
	}

	addr_t begin() const { return map.at + map.region.base(); }
};

/* \return  did the page's first write end up in a fault that core noted? */
static bool access(Client &c, addr_t in, bool write)
{
	Dataspace_component &ds   = *c.map.region.dataspace();
	addr_t        const  page = (ds.core_local_addr() - MEMORY + c.map.region._offset + in)/PAGE;
	Ipc_pager pager;

	if (rights[page] >= (write ? WRITE : READ))
		return true;

	fault = Fault { c.begin() + in, write, 0, 0, 0, false };
	if (!Written_pages::answer(c, pager))
		return false;

	/* within the dataspace and the region, alike in both, and with the page that is wanted */
	addr_t const size = 1UL << fault.log2;
	check(fault.from >= ds.core_local_addr());
	check(fault.from + size <= ds.core_local_addr() + ds.size());
	check(fault.to >= c.begin());
	check(fault.to + size <= c.begin() + c.map.region.size());
	check((fault.to & (size - 1)) == 0);
	check((fault.from & (size - 1)) == 0);
	check(fault.from - MEMORY <= page*PAGE);
	check(page*PAGE < fault.from - MEMORY + size);
	check(fault.to - c.begin() + c.map.region._offset == fault.from - ds.core_local_addr());
	check(fault.writable == write);
	check((!write || fault.log2 == 12));
	check(fault.log2 < 20);
	for (addr_t p = (fault.from - MEMORY)/PAGE; p < (fault.from - MEMORY + size)/PAGE; p++)
		if (rights[p] < (write ? WRITE : READ))
			rights[p] = write ? WRITE : READ;

	/* the reply reached the thread, and the pager has its next message: maybe */
	if (below(2))
		Written_pages::answered();
	return true;
}

struct Set
{
	Dataspace_component &ds;
	unsigned             pages;
	Client               whole, part;

	Set(Rpc_entrypoint &ep, unsigned first, unsigned pages)
	:
		ds(*new Dataspace_component(MEMORY + first*PAGE, pages*PAGE, CACHED)), pages(pages),
		/* addresses that lie in a large page as the memory does, and some that do not */
		whole(ds, MEMORY + first*PAGE + below(2)*PAGE, 0, pages*PAGE, 0x40000000),
		part(ds, 0x200000, (pages/3)*PAGE, (pages - pages/3)*PAGE, 0x7000000)
	{ ep.manage(&ds); }

	unsigned first() const { return (unsigned)((ds.core_local_addr() - MEMORY)/PAGE); }
};

static void write(Set &s, unsigned page)
{
	bool const in_part = page >= s.pages/3 && below(2);

	if (!below(3))
		check(access(s.whole, below(s.pages)*PAGE, false));
	check(access(in_part ? s.part : s.whole, (page - (in_part ? s.pages/3 : 0))*PAGE, true));
	check(rights[s.first() + page] == WRITE);
	written[s.first() + page] = true;
	content(s.first() + page) = ++turn;
}

/* \return  pages that were reported though nobody wrote them */
static unsigned take(Scene &s, Set **sets)
{
	static bool reported[PAGES];
	unsigned others = 0;

	::memset(reported, 0, sizeof(reported));
	for (bool more = true; more; ) {
		Foc_native_pd::Written const w = s.foc.take_written();

		check(w.count <= Foc_native_pd::WRITTEN_WORDS);
		for (unsigned i = 0; i < w.count; i++)
			for (unsigned n = 0; n < 32; n++) {
				unsigned const page = w.entry[i].at*32 + n;

				if (!(w.entry[i].pages >> n & 1))
					continue;
				check(w.entry[i].id - 1 < SETS);
				check(page < sets[w.entry[i].id - 1]->pages);
				reported[sets[w.entry[i].id - 1]->first() + page] = true;
			}
		more = w.more;
	}
	for (unsigned page = 0; page < PAGES; page++) {
		check((!written[page] || reported[page]));
		/* a write from now on is a fault */
		check(rights[page] != WRITE);
		others += reported[page] && !written[page];
		written[page] = false;
	}
	return others;
}

static void test_rounds(Scene &s, Set **sets)
{
	unsigned others = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned n = below(30); n; n--) {
			Set &set = *sets[below(SETS)];
			write(set, below(set.pages));
		}
		/* all of 32 pages are protected at once, if they lie so */
		if (!below(10)) {
			Set &set = *sets[2];
			unsigned const first = below(set.pages - 200);
			for (unsigned page = first; page < first + 200; page++)
				write(set, page);
		}
		others += take(s, sets);
	}
	/* one at most each time: the page whose reply may still be on its way */
	check(others > 0);
	check(others <= ROUNDS);
	Written_pages::answered();
	others = take(s, sets);
	check(others <= 1);
	check(take(s, sets) == 0);
}

/* What is written is taken after a fault was answered, and before the answer arrives */
static void test_on_its_way(Scene &s, Set **sets)
{
	enum { AT = 5 };

	Set     &set = *sets[1];
	Ipc_pager pager;

	fault = Fault { set.whole.begin() + AT*PAGE, true, 0, 0, 0, false };
	check(Written_pages::answer(set.whole, pager));
	check(take(s, sets) == 1);
	rights[set.first() + AT]  = WRITE;
	written[set.first() + AT] = true;
	check(take(s, sets) == 0);
	Written_pages::answered();
	check(take(s, sets) == 1);
	check(take(s, sets) == 0);
}

/* Every page that was written since, and no other; or it is said that one is missing */
static void check_copies(Set **sets, bool all)
{
	static bool copied[PAGES];

	::memset(copied, 0, sizeof(copied));
	check(copies.count <= COPIES);
	for (unsigned i = 0; i < copies.count; i++) {
		check(copies.copy[i].id - 1 < SETS);

		unsigned const page = sets[copies.copy[i].id - 1]->first() + copies.copy[i].page;
		addr_t   const copy = MEMORY + (ROOM + 1 + i)*PAGE;

		check(!copied[page]);
		copied[page] = true;
		check(*(unsigned *)(copy + 8*(page % 500)) == before[page]);
	}
	for (unsigned page = 0; page < PAGES; page++)
		check((!all || !written[page] || copied[page]));
}

static void test_kept(Scene &s, Set **sets)
{
	Dataspace_component &room = *new Dataspace_component(MEMORY + ROOM*PAGE, (COPIES + 1)*PAGE, CACHED),
	                    &small = *new Dataspace_component(MEMORY + ROOM*PAGE, PAGE, CACHED),
	                    &device = *new Dataspace_component(MEMORY + ROOM*PAGE, 9*PAGE, CACHED, true, true);
	Dataspace_capability const cap = s.ep.manage(&room);
	unsigned full = 0;

	check(s.foc.keep(s.ep.manage(&small)) == Foc_native_pd::INVALID_CAP);
	check(s.foc.keep(s.ep.manage(&device)) == Foc_native_pd::INVALID_CAP);

	for (unsigned round = 0; round < 300; round++) {
		take(s, sets);
		for (unsigned page = 0; page < ROOM; page++)
			before[page] = content(page);
		check(s.foc.keep(cap) == Foc_native_pd::DONE);
		check(copies.missing == 0);
		/* the one whose reply may be on its way is written without another fault */
		check(copies.count <= 1);
		for (unsigned n = below(90); n; n--) {
			Set &set = *sets[below(SETS)];
			write(set, below(set.pages));
			if (!below(3))
				check_copies(sets, !copies.missing);
		}
		check_copies(sets, !copies.missing);
		check((!copies.missing || copies.count == COPIES));
		full += copies.missing;
		/* the room is the monitor's, who may write what it likes */
		if (!below(4))
			copies.count = ~0U;
	}
	check(full > 10);
	check(full < 200);

	/* no longer kept; the other one's room is its own */
	check(s.foc.keep(Dataspace_capability()) == Foc_native_pd::DONE);
	copies.count = copies.missing = 0;
	check(s.pd_b.foc().keep(cap) == Foc_native_pd::DONE);
	write(*sets[1], 3);
	check(copies.count == 0);
	check(s.pd_b.foc().keep(Dataspace_capability()) == Foc_native_pd::DONE);

	/* the room is freed: nothing is copied to it */
	take(s, sets);
	Written_pages::answered();
	take(s, sets);
	check(s.foc.keep(cap) == Foc_native_pd::DONE);
	write(*sets[1], 3);
	check(copies.count == 1);
	Written_pages::freed(MEMORY + ROOM*PAGE, (COPIES + 1)*PAGE);
	write(*sets[1], 4);
	check(copies.count == 1);
	take(s, sets);
}

static void test_refusals(Scene &s, Set **sets)
{
	Dataspace_component &uncached = *new Dataspace_component(MEMORY, PAGE, UNCACHED),
	                    &device   = *new Dataspace_component(MEMORY, PAGE, CACHED, true, true),
	                    &fixed    = *new Dataspace_component(MEMORY, PAGE, CACHED, false),
	                    &nested   = *new Dataspace_component(MEMORY, PAGE, CACHED, true, false, true);

	check(s.foc.track(Dataspace_capability(), 9) == Foc_native_pd::INVALID_CAP);
	Dataspace_component *const refused[] = { &uncached, &device, &fixed, &nested };
	for (Dataspace_component *ds : refused)
		check(s.foc.track(s.ep.manage(ds), 9) == Foc_native_pd::INVALID_CAP);
	check(s.foc.track(sets[0]->ds.cap(), 9) == Foc_native_pd::OCCUPIED);
	check(s.pd_b.foc().track(sets[0]->ds.cap(), 1) == Foc_native_pd::OCCUPIED);
	check(s.foc.track(sets[0]->ds.cap(), 1) == Foc_native_pd::DONE);
}

void test_written()
{
	static Scene s;
	unsigned const blocks = heap.blocks;
	Set *sets[SETS];
	unsigned const first[SETS] = { 100, 860, 900, 2200 }, size[SETS] = { 1, 40, 1300, 600 };
	Ram_session_component ram;

	check(mmap((void *)(addr_t)MEMORY, AREA, PROT_READ | PROT_WRITE,
	           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == (void *)(addr_t)MEMORY);
	memory_unmapped = unmapped;
	for (unsigned i = 0; i < SETS; i++)
		sets[i] = new Set(s.ep, first[i], size[i]);

	/* nothing is tracked: the pager's own way */
	check(!access(sets[0]->whole, 0, true));

	/* the session has no memory left for the second piece; and is given some */
	heap.fails_after = 1;
	check(s.foc.track(sets[2]->ds.cap(), 3) == Foc_native_pd::NO_QUOTA);
	heap.fails_after = ~0U;

	/* what could be written before cannot any more */
	for (Right &right : rights)
		right = WRITE;
	for (unsigned i = 0; i < SETS; i++)
		check(s.foc.track(sets[i]->ds.cap(), i + 1) == Foc_native_pd::DONE);
	check(heap.blocks == blocks + 1 + 1 + 3 + 2);
	for (unsigned i = 0; i < PAGES; i++) {
		bool tracked = false;
		for (Set *set : sets)
			tracked |= i >= set->first() && i < set->first() + set->pages;
		check(rights[i] == (tracked ? NONE : WRITE));
		rights[i] = NONE;
	}
	check(take(s, sets) == 0);

	test_refusals(s, sets);
	test_rounds(s, sets);
	test_on_its_way(s, sets);
	test_kept(s, sets);

	/* freed memory is another's */
	write(*sets[2], 7);
	ram._revoke_ram_ds(&sets[2]->ds);
	check(heap.blocks == blocks + 1 + 1 + 2);
	check(!access(sets[2]->whole, 0, true));
	written[sets[2]->first() + 7] = false;
	rights[sets[2]->first() + 7] = NONE;
	Written_pages::answered();
	check(take(s, sets) == 0);
	ram._revoke_ram_ds(&sets[2]->ds);
	ram._revoke_ram_ds(&sets[0]->ds);
	ram._revoke_ram_ds(&sets[1]->ds);
	ram._revoke_ram_ds(&sets[3]->ds);
	check(heap.blocks == blocks);
	munmap((void *)(addr_t)MEMORY, AREA);
	memory_unmapped = nullptr;
}
