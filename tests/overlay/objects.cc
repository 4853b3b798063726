/* SPDX-License-Identifier: BSD-2-Clause */
#include "objects.h"

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>
#include <base/thread.h>
#include <foc/native_capability.h>

#include <stdio.h>
#include <stdlib.h>

using namespace Genode;
using namespace Fiasco;

Objects overlay_objects;

static unsigned failed_asserts;


static int equal(void *ctx, uint32_t a, uint32_t b)
{
	Objects const &o = *(Objects *)ctx;
	return o.in[a] && o.in[a] == o.in[b];
}


static int valid(void *ctx, uint32_t slot) { return ((Objects *)ctx)->in[slot] != 0; }


static void grant(void *ctx, uint32_t from, uint32_t to)
{
	Objects &o = *(Objects *)ctx;

	o.in[to] = o.in[from];
	if (from != to)
		o.in[from] = 0;
}


caplog_map_ops objects_ops(Objects &o)
{
	caplog_map_ops const ops = { equal, valid, grant, &o };
	return ops;
}


extern "C" void genode_api_assert(char const *) { failed_asserts++; }

unsigned overlay_asserts()
{
	unsigned const n = failed_asserts;
	failed_asserts = 0;
	return n;
}


/* A test has one thread: whatever waits would wait for ever */
static void blocks(char const *what)
{
	fprintf(stderr, "the overlay blocks: %s\n", what);
	abort();
}


/************
 ** Kernel **
 ************/

static uint32_t slot(unsigned long kcap)
{
	if (kcap & 0xfff || kcap >> 12 >= SLOTS)
		blocks("bad selector");
	return kcap >> 12;
}


namespace Fiasco {

	l4_msgtag_t l4_task_cap_valid(l4_cap_idx_t task, l4_cap_idx_t cap)
	{
		if (task != L4_BASE_TASK_CAP)
			blocks("foreign task");
		return l4_msgtag(valid(&overlay_objects, slot(cap)), 0, 0, 0);
	}

	l4_msgtag_t l4_task_cap_equal(l4_cap_idx_t, l4_cap_idx_t a, l4_cap_idx_t b) {
		return l4_msgtag(equal(&overlay_objects, slot(a), slot(b)), 0, 0, 0); }

	l4_msgtag_t l4_task_map(l4_cap_idx_t, l4_cap_idx_t, l4_fpage_t page, l4_addr_t base)
	{
		if ((base & 0xfff) != (L4_ITEM_MAP | L4_MAP_ITEM_GRANT))
			blocks("map without grant");
		grant(&overlay_objects, slot(page.raw & ~0xfffUL), slot(base & ~0xfffUL));
		return l4_msgtag(0, 0, 0, 0);
	}

	l4_msgtag_t l4_irq_trigger(l4_cap_idx_t)   { blocks("wake-up"); return l4_msgtag(0, 0, 0, 0); }
	l4_msgtag_t l4_thread_yield()              { blocks("yield");   return l4_msgtag(0, 0, 0, 0); }

	static struct { l4_msg_regs_t mr; l4_buf_regs_t br; l4_thread_regs_t tcr; } utcb;

	l4_utcb_t        *l4_utcb()     { return (l4_utcb_t *)&utcb; }
	l4_msg_regs_t    *l4_utcb_mr()  { return &utcb.mr; }
	l4_buf_regs_t    *l4_utcb_br()  { return &utcb.br; }
	l4_thread_regs_t *l4_utcb_tcr() { return &utcb.tcr; }

	l4_umword_t l4_ipc_error(l4_msgtag_t, l4_utcb_t *) { return utcb.tcr.error; }
}


/******************
 ** Base library **
 ******************/

void Native_capability::_inc() { if (_data) _data->inc(); }
void Native_capability::_dec() { if (_data && !_data->dec()) cap_map()->remove(_data); }

bool Native_capability::valid()      const { return _data && _data->valid(); }
long Native_capability::local_name() const { return _data ? _data->id() : 0; }

Thread::Thread(size_t, char const *, size_t, Location) { }
Thread::~Thread() { }

void Thread::start() { }

/* The one thread of a test; outlives what its receive window is given back to */
struct Me : Thread
{
	Native_thread native { MAIN_THREAD_CAP };

	Me() : Thread(0, "test", 0) { }
	void entry() override { }
};

static Me &me = *new Me;

Thread        *Thread::myself()        { return &me; }
Native_thread &Thread::native_thread() { return me.native; }

/* where ipc.cc is not linked */
__attribute__((weak)) Receive_window::~Receive_window() { }
