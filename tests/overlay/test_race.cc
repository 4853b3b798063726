/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two threads and one entry: one drops the last reference while the other
 * receives the capability again
 *
 * The kernel compares the objects while the lock is held. There the test lets
 * the first thread count down, and returns when that one waits for the lock. An
 * entry that is removed then is one that the second thread has in use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

extern "C" {
#include <cmocka.h>
}

#include "t_random.h"
#include "t_space.h"

#include <base/internal/cap_log.h>
#include <foc/native_capability.h>

using namespace Genode;
using namespace Foc;


static caplog_writer writer;

caplog_writer *Genode::cap_log_writer() { return &writer; }

/* Capability space: 0 is empty */
static ::uint16_t object[Cap_space::COMPONENT_SLOTS];

/* The schedule: whoever compares lets the other one go, and waits until it waits */
static struct { bool on, go, waits; } scene;

static void set(bool &flag, bool to) { __atomic_store_n(&flag, to, __ATOMIC_RELEASE); }
static bool is (bool const &flag)    { return __atomic_load_n(&flag, __ATOMIC_ACQUIRE); }

static void wait_for(bool const &flag) { while (!is(flag)) sched_yield(); }

static __thread bool i_drop;

void Cap_space::wait_for_lock()
{
	if (i_drop)
		set(scene.waits, true);
	sched_yield();
}

extern "C" void genode_api_assert(char const *what)
{
	fprintf(stderr, "assertion: %s\n", what);
	abort();
}

void Native_capability::_inc() { if (_data) _data->inc(); }
void Native_capability::_dec() { if (_data && !_data->dec()) the(cap_map()).remove(_data); }

bool Native_capability::valid()      const { return _data && _data->valid(); }
long Native_capability::local_name() const { return _data ? (long)_data->id() : 0; }

static l4_msgtag_t answer(bool yes) { return l4_msgtag(yes, 0, 0, 0); }

static ::uint16_t &at(addr_t kcap) { return object[Cap_space::slot_at(kcap)]; }

l4_msgtag_t Foc::l4_task_cap_valid(l4_cap_idx_t, l4_cap_idx_t cap) { return answer(at(cap)); }

l4_msgtag_t Foc::l4_task_cap_equal(l4_cap_idx_t, l4_cap_idx_t a, l4_cap_idx_t b)
{
	if (is(scene.on)) {
		set(scene.go, true);
		wait_for(scene.waits);
	}
	return answer(at(a) == at(b));
}

l4_msgtag_t Foc::l4_task_map(l4_cap_idx_t, l4_cap_idx_t, l4_fpage_t page, l4_addr_t to)
{
	at(to)       = at(page.raw);
	at(page.raw) = 0;
	return answer(true);
}


/* A message with one capability: a window, the entry, and no window any more */
static Native_capability received(::uint16_t badge)
{
	Cap_index * const window = the(cap_idx_alloc()).alloc_range(CAPLOG_WINDOW);
	unsigned    const slot   = cap_space.slot(window);

	object[slot] = badge;
	Native_capability const cap = the(cap_map()).insert_map(badge, window->kcap());
	object[slot] = 0;
	the(cap_idx_alloc()).free_range(slot, CAPLOG_WINDOW);
	return cap;
}


static void *drop(void *arg)
{
	Native_capability * const last = (Native_capability *)arg;

	i_drop = true;
	wait_for(scene.go);
	*last = Native_capability();
	i_drop = false;
	return nullptr;
}

static void test_dropped_while_received(void **)
{
	enum { BADGE = 800 };
	::uint32_t          const used = t_used();
	Native_capability       last = received(BADGE);
	pthread_t               thread;

	set(scene.on, true);
	assert_int_equal(pthread_create(&thread, nullptr, drop, &last), 0);

	Native_capability again = received(BADGE);
	set(scene.on, false);
	pthread_join(thread, nullptr);

	/* the entry is there, under its badge, and nobody gets its slot */
	assert_int_equal(again.local_name(), BADGE);
	assert_ptr_equal(t_find(BADGE), again.data());
	assert_int_equal(t_used(), used + 1);

	Native_capability const other = received(BADGE + 8);
	assert_ptr_not_equal(other.data(), again.data());

	again = Native_capability();
	assert_null(t_find(BADGE));
	assert_int_equal(t_used(), used + 1);
}


/* All threads at once, with few badges and short lives */
enum { BADGES = 3, THREADS = 3 };

static unsigned wrong;

static void *churn(void *seed)
{
	struct t_random r = { (::uint64_t)(uintptr_t)seed };

	for (::uint64_t n = t_turns(10000); n; n--) {
		::uint16_t          const badge = (::uint16_t)(8*(1 + t_below(&r, BADGES)));
		Native_capability const cap   = received(badge);
		Native_capability const copy  = cap;

		if (cap.local_name() != badge || copy.local_name() != badge)
			__atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
	}
	return nullptr;
}

static void test_churn(void **)
{
	::uint32_t const used = t_used();
	struct t_random r = t_seed("race");
	pthread_t      thread[THREADS];

	for (pthread_t &t : thread)
		assert_int_equal(pthread_create(&t, nullptr, churn,
		                                (void *)(uintptr_t)(1 + t_below(&r, 1 << 30))), 0);
	for (pthread_t &t : thread)
		pthread_join(t, nullptr);

	assert_int_equal(wrong, 0);
	assert_int_equal(t_used(), used);
	for (::uint16_t i = 1; i <= BADGES; i++)
		assert_null(t_find(8*i));
}


static int set_up(void **) { return the(cap_idx_alloc()).max_caps() == 0; }

int main()
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_dropped_while_received),
		cmocka_unit_test(test_churn),
	};
	return cmocka_run_group_tests_name("overlay_race", tests, set_up, NULL);
}
