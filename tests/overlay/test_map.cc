/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The overlay's C++ interface against the C functions
 *
 * Random operations go through Capability_map, Cap_index_allocator, reference
 * counters and Object_pool, and at the same time through caplog/map.h on a map
 * of its own. Results, badges, kernel objects and, byte for byte, the logs must
 * agree; no hold is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern "C" {
#include <cmocka.h>
}

#include "t_random.h"
#include "objects.h"
#include "t_space.h"

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/kept_replies.h>
#include <base/internal/stub_labels.h>
#include <base/object_pool.h>
#include <dataspace/client.h>
#include <foc/native_capability.h>
#include <pd_session/pd_session.h>

using Genode::Cap_index;
using Genode::Native_capability;
using Genode::Dataspace_capability;
using Genode::cap_idx_alloc;
using Genode::cap_map;
using Genode::cap_space;

enum { FIRST = 0x200, BUCKETS = 2048, LOG_SIZE = 1 << 18, HELD = 700, OBJECTS = 64 };

alignas(16) static unsigned char log_cxx[LOG_SIZE], log_c[LOG_SIZE];
static size_t log_size;

static struct {
	caplog_map    map;
	caplog_writer log;
	Objects       objects;
	uint8_t       refs[SLOTS];
} c;
static CAPLOG_MAP_STORAGE(SLOTS, BUCKETS) c_storage;

struct Object : Genode::Object_pool<Object>::Entry { };

static Native_capability            held[HELD];
static uint32_t                     slot_of_held[HELD];
/* An entrypoint's: what it serves is marked */
struct Pool : Genode::Object_pool<Object>
{
	Pool() { served_by(Genode::Thread::myself()); }

	void begin(Object *o) { serving(o); }
};

static Pool *pool;
static Object                      *object[OBJECTS];
static uint32_t                     slot_of_object[OBJECTS];


/*
 * PD session and region map of the test: one dataspace
 */

static uint16_t             ds_badge;
static unsigned             attached, detached;
static bool                 ds_writable;
static Genode::size_t       ds_size;

namespace Genode {

	template <> Dataspace_capability
	Rpc_signature<Dataspace_capability ()>::call(Native_capability const &, long opcode)
	{
		assert_int_equal(opcode, 13);
		Cap_index *i = ds_badge ? t_find(ds_badge) : nullptr;
		return i ? reinterpret_cap_cast<Dataspace>(Native_capability(*i)) : Dataspace_capability();
	}

	template <> size_t Rpc_signature<size_t ()>::call(Native_capability const &, long opcode)
	{
		assert_int_equal(opcode, 0);
		return ds_size;
	}

	template <> bool Rpc_signature<bool ()>::call(Native_capability const &, long opcode)
	{
		assert_int_equal(opcode, 2);
		return ds_writable;
	}
}

static struct Test_region_map : Genode::Region_map
{
	Local_addr attach(Dataspace_capability, Genode::size_t, Genode::off_t, bool,
	                  Local_addr, bool) override
	{
		assert_int_equal(t_holding(), 0); /* it receives capabilities */
		attached++;
		return log_cxx;
	}

	void detach(Local_addr) override { detached++; }
} rm;


/*
 * Both sides
 */

static void compare()
{
	assert_int_equal(t_holding(), 0);
	assert_memory_equal(cap_space.map.badge, c.map.badge, sizeof(c_storage.badge));
	assert_memory_equal(&overlay_objects, &c.objects, sizeof(c.objects));
}

static void put_object(uint32_t s, uint16_t o) { overlay_objects.in[s] = c.objects.in[s] = o; }

/* Keep a capability in one of the places, and give up what was there */
static void keep(struct t_random *r, Cap_index *i)
{
	uint32_t const n = t_below(r, HELD), s = t_slot(i), old = slot_of_held[n];

	held[n] = i ? Native_capability(*i) : Native_capability();
	slot_of_held[n] = s;

	/* the new one is counted first only if it is the same as the old one */
	if (s != CAPLOG_NONE && s >= FIRST)
		c.refs[s]++;
	if (old != CAPLOG_NONE && old >= FIRST && --c.refs[old] == 0)
		caplog_map_remove(&c.map, old, 1);
}

static void receive(struct t_random *r)
{
	Cap_index * const window = cap_idx_alloc()->alloc_range(4);
	uint32_t    const from   = caplog_map_alloc(&c.map, 4);
	uint16_t    const badge  = (uint16_t)(8*(1 + t_below(r, 1000)));

	assert_int_equal(t_slot(window), from);

	/* mostly the object that belongs to the badge, sometimes another: a forgery */
	put_object(from, (uint16_t)(t_chance(r, 95) ? badge : badge + 1));

	uint32_t    const known = caplog_map_find(&c.map, badge);
	Native_capability const got = cap_map()->insert_map(badge, (Genode::addr_t)from << 12);
	caplog_map_ops const ops = objects_ops(c.objects);
	uint32_t    const want  = caplog_map_insert_map(&c.map, badge, from, &ops, nullptr);

	assert_int_equal(t_slot(got.data()), want);
	if (got.valid() && want != known)
		c.refs[want] = 0;
	if (got.valid())
		keep(r, t_entry(want));

	put_object(from, 0);
	cap_idx_alloc()->free_range(from, 4);
	caplog_map_free(&c.map, from, 4);
}

static void place(struct t_random *r)
{
	/* gates of threads are not counted */
	uint32_t const s     = 9 + 3*t_below(r, 128);
	uint16_t const badge = (uint16_t)(8*(1 + t_below(r, 1000)));

	assert_int_equal(t_slot(cap_map()->insert(badge, (Genode::addr_t)s << 12)), s);
	assert_int_equal(caplog_map_insert_at(&c.map, badge, s), 0);
	put_object(s, badge);

	Native_capability copy(*t_entry(s));
	assert_int_equal(copy.local_name(), badge);
}

static void find(struct t_random *r)
{
	uint16_t const badge = (uint16_t)(8*(1 + t_below(r, 1000)));

	assert_int_equal(t_slot(t_find(badge)), caplog_map_find(&c.map, badge));
}

static void allocate(struct t_random *r)
{
	uint32_t    const n = 1 + t_below(r, 40);
	Cap_index * const i = cap_idx_alloc()->alloc_range(n);
	uint32_t    const s = caplog_map_alloc(&c.map, n);

	assert_int_equal(t_slot(i), s);
	/* by hand, as cap_integrity does */
	uint16_t const badge = (uint16_t)(1 + t_below(r, 7));
	t_entry(s)->id(badge);
	caplog_map_set_badge(&c.map, s, badge);
	compare();

	cap_idx_alloc()->free_range(s, n);
	assert_int_equal(caplog_map_free(&c.map, s, n), 0);
}

static void die(struct t_random *r)
{
	uint32_t const s = slot_of_held[t_below(r, HELD)];

	if (s != CAPLOG_NONE)
		put_object(s, 0);
}

/* Objects of the pool, by the badge that their capabilities have now */
static void use_pool(struct t_random *r)
{
	uint32_t const n = t_below(r, OBJECTS), h = t_below(r, HELD);

	if (object[n]) {
		uint16_t const badge = c.map.badge[slot_of_object[n]];
		uint32_t       same  = 0;

		for (uint32_t i = 0; i < OBJECTS; i++)
			same += object[i] && c.map.badge[slot_of_object[i]] == badge;

		Object * const found = pool->apply(badge, [] (Object *o) { return o; });
		assert_non_null(found);
		if (same == 1)
			assert_ptr_equal(found, object[n]);

		/* a request whose argument is the object that serves it */
		Object * const again = pool->apply(badge, [&] (Object *o) {
			pool->begin(o);
			return pool->apply(found->cap(), [] (Object *o) { return o; }); });
		assert_ptr_equal(again, found);

		pool->remove(object[n]);
		if (same == 1)
			assert_null(pool->apply(badge, [] (Object *o) { return o; }));

		uint32_t const s = slot_of_object[n];
		delete object[n];
		object[n] = nullptr;
		if (--c.refs[s] == 0)
			caplog_map_remove(&c.map, s, 1);
		return;
	}
	if (slot_of_held[h] == CAPLOG_NONE || slot_of_held[h] < FIRST)
		return;

	object[n] = new Object;
	object[n]->cap(held[h]);
	slot_of_object[n] = slot_of_held[h];
	c.refs[slot_of_held[h]]++;
	pool->insert(object[n]);
}

/* A monitor gives every entry another badge */
static void rewrite(struct t_random *r)
{
	uint16_t const shift = (uint16_t)(8*t_below(r, 1000));

	for (uint32_t s = FIRST; s < SLOTS; s++) {
		uint16_t * const badge = &c.map.badge[s];
		if (*badge && *badge <= 8000 && *badge % 8 == 0)
			*badge = (uint16_t)(8*((*badge/8 - 1 + shift/8) % 1000 + 1));
	}
	memcpy(cap_space.map.badge, c.map.badge, sizeof(c_storage.badge));
	c.map.epoch++;
	cap_space.map.epoch++;
}

static void turn(struct t_random *r)
{
	uint32_t const what = t_below(r, 1000);

	if      (what < 400) receive(r);
	else if (what < 450) place(r);
	else if (what < 550) find(r);
	else if (what < 620) allocate(r);
	else if (what < 700) die(r);
	else if (what < 900) use_pool(r);
	else if (what < 998) keep(r, nullptr);
	else                 rewrite(r);
	compare();
}


static int set_up(void **)
{
	CAPLOG_MAP_BIND(&c.map, &c_storage);
	caplog_map_init(&c.map, SLOTS, FIRST, BUCKETS, &c.log);
	for (uint32_t i = 0; i < HELD; i++)
		slot_of_held[i] = CAPLOG_NONE;
	cap_idx_alloc();
	pool = new Pool;
	return 0;
}

static void test_attach(void **)
{
	struct caplog_format format = { };

	/* early records */
	struct t_random r = { 1 };
	for (unsigned i = 0; i < 5; i++)
		place(&r);
	assert_non_null(cap_map()->insert(4096, 0x300000));
	assert_int_equal(caplog_map_insert_at(&c.map, 4096, 0x300), 0);
	c.refs[0x300] = 1;
	Native_capability const ds(*t_entry(0x300));

	ds_badge    = 4096;
	ds_writable = true;
	ds_size     = LOG_SIZE;
	Genode::cap_log_attach(rm, Genode::Pd_session_capability());
	assert_int_equal(attached, 1);
	assert_int_equal(detached, 0);
	assert_int_equal(Genode::cap_log_writer()->state, CAPLOG_WRITER_ON);

	format.flavour           = caplog_flavours(NULL);
	format.map.address       = (uintptr_t)cap_space.map.badge;
	format.map.epoch_address = (uintptr_t)&cap_space.map.epoch;
	format.map.holders_address = (uintptr_t)cap_space.holders;
	format.map.holders_count = Genode::Cap_space::HOLDERS;
	format.map.stride        = 2;
	format.map.width         = 2;
	format.map.count         = SLOTS;
	format.map.rest_word     = Genode::Cap_space::HOLDERS;
	stub_labels(format.stub);
	/* numbers of calls and replies lie behind the log */
	log_size = ((struct caplog_header *)log_cxx)->size;
	assert_in_range(log_size, LOG_SIZE/2, LOG_SIZE - sizeof(Genode::Kept_memory));
	assert_int_equal(caplog_format(log_c, log_size, &format), 0);
	assert_int_equal(caplog_writer_attach(&c.log, log_c), 0);

	/* the dataspace's capability goes with 'ds' */
	c.refs[0x300] = 0;
	assert_memory_equal(log_cxx, log_c, log_size);
}

static void test_same(void **)
{
	struct t_random r = t_seed("overlay");

	/* 'ds' of the test before */
	caplog_map_remove(&c.map, 0x300, 1);
	compare();

	for (uint64_t n = t_turns(100000); n; n--) {
		turn(&r);
		if (n % 1000 == 0)
			assert_memory_equal(log_cxx, log_c, log_size);
	}
	assert_memory_equal(log_cxx, log_c, log_size);
	assert_int_equal(overlay_asserts(), 0);
}

/* Slots out of bounds trip an assertion, and nothing is freed */
static void test_bounds(void **)
{
	cap_idx_alloc()->free_range(SLOTS, 1);
	cap_idx_alloc()->free_range(SLOTS - 1, 2);
	cap_idx_alloc()->free_range(~0u, 1);
	assert_int_equal(overlay_asserts(), 3);
	assert_null(cap_map()->insert(8, 0x1000000));
	assert_null(cap_idx_alloc()->alloc_range(SLOTS));
	assert_int_equal(overlay_asserts(), 1);
	compare();
}

/* A dataspace that cannot hold a log: the component runs on without one */
static void test_no_log(void **)
{
	Genode::cap_log_restart();
	attached = detached = 0;

	cap_map()->insert(4096, 0x8000);
	ds_writable = false;
	Genode::cap_log_attach(rm, Genode::Pd_session_capability());
	assert_int_equal(attached, 0);
	assert_int_equal(Genode::cap_log_writer()->state, CAPLOG_WRITER_OFF);

	Genode::cap_log_restart();
	ds_writable = true;
	ds_size     = CAPLOG_LOG_MIN - 1;
	Genode::cap_log_attach(rm, Genode::Pd_session_capability());
	assert_int_equal(attached, 0);
	assert_int_equal(Genode::cap_log_writer()->state, CAPLOG_WRITER_OFF);

	Genode::cap_log_restart();
	ds_badge = 0;
	Genode::cap_log_attach(rm, Genode::Pd_session_capability());
	assert_int_equal(attached, 0);
	assert_int_equal(Genode::cap_log_writer()->state, CAPLOG_WRITER_OFF);
}


int main()
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_no_log),
	};
	return cmocka_run_group_tests_name("overlay_map", tests, set_up, NULL);
}
