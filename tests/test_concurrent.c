/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writers at full speed in threads of their own while readers look
 *
 * What is written is known beforehand, event by event, and so is the state
 * that each event leads to. Clean under -fsanitize=thread.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "t_log.h"

static void wait_for(const atomic_int *flag)
{
	while (!atomic_load(flag))
		sched_yield();
}


/*
 * One thread appends: each state that a reader gets is one of the sequence
 */

struct point {
	uint64_t hash;
	uint32_t at;             /* number of events that lead to it */
};

struct sequence {
	struct t_log    log;
	struct t_event *event;
	uint32_t        count;
	struct point   *point;   /* count + 1, by hash and number */
	atomic_int      go;
	atomic_uint     done;    /* events appended               */
};

static int by_hash(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	if (p->hash != q->hash)
		return p->hash < q->hash ? -1 : 1;
	return p->at < q->at ? -1 : p->at > q->at;
}

static void sequence_open(struct sequence *s, struct t_random *r, size_t size, uint32_t slots,
                          uint32_t count)
{
	struct t_ref *ref = t_alloc(sizeof *ref);

	s->count = count;
	s->event = t_alloc(count * sizeof *s->event);
	s->point = t_alloc((count + 1) * sizeof *s->point);
	for (uint32_t i = 0; i < count; i++) {
		s->event[i] = t_random_event(r, ref, t_below(r, slots));
		t_ref_apply(ref, &s->event[i]);
		s->point[i + 1].hash = ref->hash;
		s->point[i + 1].at = i + 1;
	}
	qsort(s->point, count + 1, sizeof *s->point, by_hash);
	t_log_open(&s->log, size);
	atomic_store(&s->go, 0);
	atomic_store(&s->done, 0);
	free(ref);
}

static void sequence_close(struct sequence *s)
{
	t_log_close(&s->log);
	free(s->event);
	free(s->point);
}

static void *write_sequence(void *arg)
{
	struct sequence *s = arg;

	wait_for(&s->go);
	for (uint32_t i = 0; i < s->count; i++) {
		t_write(&s->log.writer, &s->event[i]);
		atomic_store_explicit(&s->done, i + 1, memory_order_release);
	}
	return NULL;
}

/* Least number in low..high of events that leads to this state, or -1 */
static int64_t find_point(const struct sequence *s, uint64_t hash, uint32_t low, uint32_t high)
{
	uint32_t begin = 0, end = s->count + 1;
	struct point const wanted = { hash, low };

	while (begin < end) {
		uint32_t const mid = begin + (end - begin) / 2;

		if (by_hash(&s->point[mid], &wanted) < 0)
			begin = mid + 1;
		else
			end = mid;
	}
	if (begin > s->count || s->point[begin].hash != hash || s->point[begin].at > high)
		return -1;
	return s->point[begin].at;
}

struct look {
	struct sequence    *s;
	struct caplog_space space;
	int                 fresh;   /* a new reader each time */
	uint32_t            looks, states, again;
	const char         *failure;
};

static void *look_at_sequence(void *arg)
{
	struct look *l = arg;
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;
	uint32_t last = 0, before;

	if (caplog_reader_open(&r, l->s->log.bytes, l->s->log.size, &diag))
		l->failure = "open";
	do {
		before = atomic_load_explicit(&l->s->done, memory_order_acquire);
		if (l->fresh)
			caplog_reader_open(&r, l->s->log.bytes, l->s->log.size, &diag);
		int const err = caplog_reader_update(&r, &l->space, NULL, &diag);
		uint32_t const after = atomic_load_explicit(&l->s->done, memory_order_acquire);

		if (err == -EAGAIN) {
			l->again++;
			continue;
		}
		if (err) {
			l->failure = "update";
			break;
		}
		int64_t const at = find_point(l->s, t_space_hash(&l->space), before > last ? before : last,
		                              after + 1);
		if (at < 0) {
			l->failure = "a state that the writer did not have during the call";
			break;
		}
		l->looks++;
		l->states += (uint32_t)at > last;
		last = (uint32_t)at;
	} while (before < l->s->count);
	return NULL;
}

static void run_sequence(const char *name, size_t size, uint32_t slots, uint64_t events)
{
	struct look *look = t_alloc(2 * sizeof *look);
	struct t_random r = t_seed(name);
	struct sequence s;
	pthread_t writer, reader[2];

	sequence_open(&s, &r, size, slots, (uint32_t)t_turns(events));
	for (unsigned i = 0; i < 2; i++) {
		look[i].s = &s;
		look[i].fresh = i == 1;
		assert_int_equal(pthread_create(&reader[i], NULL, look_at_sequence, &look[i]), 0);
	}
	assert_int_equal(pthread_create(&writer, NULL, write_sequence, &s), 0);
	atomic_store(&s.go, 1);
	pthread_join(writer, NULL);
	for (unsigned i = 0; i < 2; i++) {
		pthread_join(reader[i], NULL);
		printf("  %s: %u looks, %u different states, %u times tried again\n",
		       i ? "fresh readers" : "follower", look[i].looks, look[i].states, look[i].again);
		if (look[i].failure)
			fail_msg("%s: %s", i ? "fresh reader" : "follower", look[i].failure);
		/* the last look was after the last event: so it saw the final state */
		t_compare(look[i].looks, >, 0);
	}
	sequence_close(&s);
	free(look);
}

static void test_one_thread(void **state)
{
	(void)state;
	run_sequence("few slots", 262144, 8, 2000000);
	run_sequence("many slots", 262144, 4000, 2000000);
	run_sequence("small ring", 65536, 100, 2000000);
}


/*
 * Two threads append, as those of a component under the lock of its cap map
 */

enum { WRITERS = 2, SLOTS = 16 };

struct wanderer {
	atomic_uint     done;
	struct t_event *event;
	uint64_t       *hash;    /* after so many events */
};

struct wander {
	pthread_mutex_t lock;
	struct t_log    log;
	struct wanderer slot[SLOTS];
	uint32_t        count;   /* events per slot */
	atomic_int      go, running;
};

struct wander_writer {
	struct wander  *w;
	struct t_random r;
};

static void *write_wandering(void *arg)
{
	struct wander_writer *me = arg;
	struct wander *w = me->w;
	uint32_t misses = 0;

	wait_for(&w->go);
	while (misses < 1000) {
		struct wanderer *s = &w->slot[t_below(&me->r, SLOTS)];

		pthread_mutex_lock(&w->lock);
		uint32_t const n = atomic_load(&s->done);
		if (n < w->count) {
			t_write(&w->log.writer, &s->event[n]);
			atomic_store(&s->done, n + 1);
			misses = 0;
		} else {
			misses++;
		}
		pthread_mutex_unlock(&w->lock);
	}
	atomic_fetch_sub(&w->running, 1);
	return NULL;
}

static void wander_open(struct wander *w, struct t_random *r, uint32_t count)
{
	struct t_ref *ref = t_alloc(sizeof *ref);

	t_log_open(&w->log, 262144);
	w->count = count;
	pthread_mutex_init(&w->lock, NULL);
	atomic_store(&w->go, 0);
	atomic_store(&w->running, WRITERS);
	for (uint32_t i = 0; i < SLOTS; i++) {
		struct wanderer *s = &w->slot[i];

		atomic_store(&s->done, 0);
		s->event = t_alloc(count * sizeof *s->event);
		s->hash  = t_alloc((count + 1) * sizeof *s->hash);
		for (uint32_t n = 0; n < count; n++) {
			s->event[n] = t_random_event(r, ref, i);
			t_ref_apply(ref, &s->event[n]);
			s->hash[n + 1] = t_slot_hash(i, &ref->slot[i]);
		}
	}
	free(ref);
}

static void wander_close(struct wander *w)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		free(w->slot[i].event);
		free(w->slot[i].hash);
	}
	pthread_mutex_destroy(&w->lock);
	t_log_close(&w->log);
}

/* A slot has a state that it had in low..high events; \return how many, at least */
static uint32_t check_wanderer(const struct wander *w, uint32_t i, const struct caplog_space *space,
                               uint32_t low, uint32_t high)
{
	struct t_slot const s = t_slot_of(space, i);
	uint64_t const hash = t_slot_hash(i, &s);

	for (uint32_t n = low; n <= high && n <= w->count; n++)
		if (w->slot[i].hash[n] == hash)
			return n;
	fail_msg("slot 0x%x: not a state after %u..%u events", i, low, high);
	return 0;
}

static void test_wandering_slots(void **state)
{
	struct caplog_space *space = t_alloc(sizeof *space);
	struct t_random r = t_seed("wandering slots");
	struct caplog_diag diag = { 0, "" };
	struct wander_writer writer[WRITERS];
	struct wander *w = t_alloc(sizeof *w);
	pthread_t thread[WRITERS];
	uint32_t low[SLOTS] = { 0 }, looks = 0, again = 0;
	struct caplog_reader reader;
	int running;

	(void)state;
	wander_open(w, &r, (uint32_t)t_turns(60000));
	assert_int_equal(caplog_reader_open(&reader, w->log.bytes, w->log.size, &diag), 0);
	for (uint32_t i = 0; i < WRITERS; i++) {
		writer[i].w = w;
		writer[i].r.state = t_next(&r);
		assert_int_equal(pthread_create(&thread[i], NULL, write_wandering, &writer[i]), 0);
	}
	atomic_store(&w->go, 1);
	do {
		uint32_t before[SLOTS];

		running = atomic_load(&w->running);
		for (uint32_t i = 0; i < SLOTS; i++)
			before[i] = atomic_load(&w->slot[i].done);
		int const err = caplog_reader_update(&reader, space, NULL, &diag);
		if (err == -EAGAIN) {
			again++;
			continue;
		}
		if (err)
			fail_msg("%s", diag.text);
		looks++;
		for (uint32_t i = 0; i < SLOTS; i++)
			low[i] = check_wanderer(w, i, space, before[i] > low[i] ? before[i] : low[i],
			                        atomic_load(&w->slot[i].done) + 1);
		if (t_chance(&r, 10))
			caplog_reader_open(&reader, w->log.bytes, w->log.size, &diag);
	} while (running);
	for (uint32_t i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	printf("  %u looks, %u times tried again\n", looks, again);
	for (uint32_t i = 0; i < SLOTS; i++)
		check_wanderer(w, i, space, w->count, w->count);
	wander_close(w);
	free(w);
	free(space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_thread),
		cmocka_unit_test(test_wandering_slots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
