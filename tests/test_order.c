/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines out of order: whatever follows from the text is decided correctly */
#include "t_files.h"
#include "t_random.h"

#include "input.h"

/* Events in order take the places of events that were read */
static int put_back(void *ctx, const struct trace_event *e)
{
	struct trace *t = ctx;

	t->event[t->count++] = *e;
	return 0;
}

static int t_order(struct trace *t)
{
	struct order *o = order_new(caplog_flavours(NULL), t, NULL, put_back, t);
	size_t const count = t->count;
	int err = 0;

	assert_non_null(o);
	t->count = 0;
	for (size_t i = 0; i < count && !err; i++) {
		struct trace_event const e = t->event[i];
		err = order_take(o, &e);
	}
	order_end(o);
	return err;
}

/* One event of a slot's story, as a letter; a, b: insertion under two badges */
enum { LENGTH_MAX = 8, BADGE_A = 0x10, BADGE_B = 0x14, EVENTS_MAX = 8 };

struct story {
	unsigned length;
	char event[LENGTH_MAX + 1];   /* in the order of the acts */
	uint32_t badge[LENGTH_MAX];   /* of the life it belongs to */
};

/* State as a number, to be compared */
typedef uint64_t end_state;

static end_state state_of(const struct caplog_cap *c)
{
	return (uint64_t)c->kind << 56 | (uint64_t)c->stale << 48 | (uint64_t)c->other << 32 | c->badge;
}

static struct caplog_event event_of(char letter, uint32_t badge, uint32_t slot)
{
	static const char letters[] = "abisxgftud";
	static const uint8_t kinds[] = {
		CAPLOG_INSERT_MAP, CAPLOG_INSERT_MAP, CAPLOG_INSERT_AT, CAPLOG_STALE, CAPLOG_REMOVE,
		CAPLOG_RPC_ALLOC, CAPLOG_RPC_FREE, CAPLOG_THREAD_START, CAPLOG_IRQ_ATTACH,
		CAPLOG_IRQ_DETACH
	};
	struct caplog_event e = { .kind = kinds[strchr(letters, letter) - letters],
	                          .slot = (uint16_t)slot, .badge = badge };

	if (e.kind == CAPLOG_RPC_ALLOC || e.kind == CAPLOG_IRQ_ATTACH)
		e.other = 0xc;
	if (e.kind == CAPLOG_IRQ_ATTACH || e.kind == CAPLOG_IRQ_DETACH)
		e.badge = 0;
	return e;
}

static end_state outcome(const struct story *s)
{
	static struct caplog_space space;

	space.flavour = caplog_flavours(NULL);
	memset(&space.cap[0], 0, sizeof space.cap[0]);
	for (unsigned i = 0; i < s->length; i++) {
		struct caplog_event const e = event_of(s->event[i], s->badge[i], 0);
		assert_int_equal(caplog_fold(&space, &e), 0);
	}
	return state_of(&space.cap[0]);
}

/* What may happen next to the slot; an own RPC object is made before all else */
static const char *possible(const struct caplog_cap *c, char last)
{
	static char next[12];
	char *p = next;

	if (c->kind == CAPLOG_EMPTY)
		return "ab";
	*p++ = 'x';
	if (!c->stale)
		*p++ = 's';
	if (strchr("ab", last))
		*p++ = 'g';
	if (c->kind == CAPLOG_RECEIVED)
		*p++ = 'u';
	if (c->kind == CAPLOG_RPC)
		*p++ = 'f';
	if (c->kind == CAPLOG_IRQ)
		*p++ = 'd';
	*p = 0;
	return next;
}

/*
 * One thread cannot know of the act before the other has printed it: it has
 * to learn of the capability first
 */
static int caused(char first, char second)
{
	return (strchr("ab", first) && strchr("gu", second)) || (first == 'g' && second == 'f') ||
	       (first == 'u' && second == 'd') || (first == 'd' && second == 'u');
}


/*
 * All stories of one slot, with lines displaced
 */

struct printed {
	struct story story;   /* as printed */
	end_state    truth;
	int          in_order;
};

static struct printed *all;
static size_t all_count, all_room;

static void add_printed(const struct story *s, end_state truth, int in_order)
{
	if (all_count == all_room) {
		all_room = all_room ? 2 * all_room : 4096;
		all = realloc(all, all_room * sizeof *all);
		assert_non_null(all);
	}
	all[all_count++] = (struct printed){ *s, truth, in_order };
}

static void move_later(struct story *s, unsigned from, unsigned by)
{
	char const event = s->event[from];
	uint32_t const badge = s->badge[from];

	for (unsigned i = from; i < from + by; i++) {
		s->event[i] = s->event[i + 1];
		s->badge[i] = s->badge[i + 1];
	}
	s->event[from + by] = event;
	s->badge[from + by] = badge;
}

/* A story and all its prints in which one line is late by up to `by` lines */
static void add_prints(const struct story *s, unsigned by)
{
	end_state const truth = outcome(s);

	add_printed(s, truth, 1);
	for (unsigned i = 0; i + 1 < s->length; i++)
		for (unsigned d = 1; d <= by && i + d < s->length; d++) {
			struct story late = *s;

			if (caused(s->event[i], s->event[i + d]))
				break;
			move_later(&late, i, d);
			add_printed(&late, truth, 0);
		}
}

/*
 * \param lives  0: two badges in turn and again; else every life has its own
 */
static void all_stories(struct story *s, struct caplog_cap cap, unsigned length, unsigned by,
                        uint32_t lives)
{
	char next[12];

	s->event[s->length] = 0;
	if (s->length)
		add_prints(s, by);
	if (s->length == length)
		return;
	snprintf(next, sizeof next, "%s", possible(&cap, s->length ? s->event[s->length - 1] : 'x'));
	for (const char *p = next; *p; p++) {
		struct caplog_cap then = cap;
		int const begins = *p == 'a' || *p == 'b';
		uint32_t const badge = !begins ? cap.badge : lives ? 0x100 + 4 * lives
		                     : *p == 'a' ? BADGE_A : BADGE_B;

		if (lives && *p == 'b')
			continue;
		struct caplog_event const e = event_of(*p, badge, 0);
		s->event[s->length] = *p;
		s->badge[s->length] = *p == 'u' || *p == 'd' ? 0 : badge; /* not in the line */
		s->length++;
		caplog_step(&then, e.kind, e.badge, e.other);
		all_stories(s, then, length, by, lives + (lives && begins));
		s->length--;
	}
}

static int by_text(const void *x, const void *y)
{
	const struct printed *a = x, *b = y;

	if (a->story.length != b->story.length)
		return a->story.length < b->story.length ? -1 : 1;
	int const c = memcmp(a->story.event, b->story.event, a->story.length);
	if (c)
		return c;
	return memcmp(a->story.badge, b->story.badge, a->story.length * sizeof a->story.badge[0]);
}

/* Bring up to 4096 stories into order at once, each in a slot of its own */
static void ordered(const struct printed *p, size_t n, end_state *result)
{
	static struct caplog_space space;
	struct trace t;
	uint64_t line = 1;

	memset(&t, 0, sizeof t);
	t.event = calloc(n * LENGTH_MAX, sizeof *t.event);
	assert_non_null(t.event);
	for (size_t i = 0; i < n; i++)
		for (unsigned e = 0; e < p[i].story.length; e++)
			t.event[t.count++] = (struct trace_event){
				event_of(p[i].story.event[e], p[i].story.badge[e], (uint32_t)i), line++ };

	assert_int_equal(t_order(&t), 0);
	caplog_space_init(&space, caplog_flavours(NULL), 8);
	for (size_t i = 0; i < t.count; i++)
		assert_int_equal(caplog_fold(&space, &t.event[i].event), 0);
	for (size_t i = 0; i < n; i++)
		result[i] = state_of(&space.cap[i]);
	free(t.event);
}

/*
 * All prints with the same text: in order, it means what it says; else, if all
 * that can have happened leads to one state, that one; else one of these
 */
static unsigned check_group(const struct printed *p, size_t n, end_state result)
{
	int allowed = 0, in_order = 0;

	for (size_t i = 0; i < n; i++)
		in_order |= p[i].in_order;
	for (size_t i = 0; i < n; i++)
		allowed |= p[i].truth == result && p[i].in_order == in_order;
	if (!allowed) {
		print_message("printed %s:", p->story.event);
		for (unsigned i = 0; i < p->story.length; i++)
			print_message(" %x", p->story.badge[i]);
		print_message(", result %llx, truth %llx\n", (unsigned long long)result,
		              (unsigned long long)p->truth);
	}
	return !allowed;
}

static void check_all(void)
{
	static end_state result[CAPLOG_SLOTS_MAX];
	unsigned failures = 0;

	for (size_t i = 0; i < all_count; i++)
		all[i].story.event[all[i].story.length] = 0;
	qsort(all, all_count, sizeof *all, by_text);
	for (size_t begin = 0; begin < all_count; begin += CAPLOG_SLOTS_MAX) {
		size_t const rest = all_count - begin;
		ordered(all + begin, rest < CAPLOG_SLOTS_MAX ? rest : CAPLOG_SLOTS_MAX, result);

		for (size_t i = 0; i < CAPLOG_SLOTS_MAX && begin + i < all_count; i++) {
			size_t first = begin + i, last = first;

			while (first && !by_text(&all[first - 1], &all[begin + i]))
				first--;
			while (last + 1 < all_count && !by_text(&all[last + 1], &all[begin + i]))
				last++;
			failures += check_group(&all[first], last - first + 1, result[i]);
		}
	}
	print_message("%zu prints of stories\n", all_count);
	free(all);
	all = NULL;
	all_count = all_room = 0;
	assert_int_equal(failures, 0);
}

/* Badges come back in the same slot; two neighbours change places */
static void test_neighbours_swapped(void **state)
{
	struct story s = { 0, "", { 0 } };
	struct caplog_cap const empty = { 0, 0, 0, 0, 0 };

	(void)state;
	all_stories(&s, empty, EVENTS_MAX, 1, 0);
	check_all();
}

/* Every life has its own badge; one line is late by any number of lines */
static void test_one_line_late(void **state)
{
	struct story s = { 0, "", { 0 } };
	struct caplog_cap const empty = { 0, 0, 0, 0, 0 };

	(void)state;
	all_stories(&s, empty, EVENTS_MAX, LENGTH_MAX, 1);
	check_all();
}


/*
 * Many slots and threads
 */

enum { SLOTS = 6, THREADS = 4 };

/* Valid events of several slots by several threads; every life has its own badge */
static size_t random_trace(struct t_random *r, struct trace_event *event, unsigned *thread,
                           size_t n, struct caplog_space *space)
{
	uint32_t badge = 0x100;
	char last[SLOTS] = "";
	size_t i = 0;

	caplog_space_init(space, caplog_flavours(NULL), 8);
	while (i < n) {
		uint32_t const slot = t_below(r, SLOTS);
		const struct caplog_cap *c = &space->cap[slot];
		const char *next = possible(c, last[slot] ? last[slot] : 'x');
		char letter = next[t_below(r, (uint32_t)strlen(next))];

		/* without a badge it is not always clear which life they belong to */
		if (letter == 'u' || letter == 'd')
			letter = 'x';
		int const causal = i && event[i - 1].event.slot == slot && caused(last[slot], letter);
		struct caplog_event const e =
			event_of(letter, c->kind == CAPLOG_EMPTY ? badge += 4 : c->badge, slot);

		last[slot] = letter;

		event[i] = (struct trace_event){ e, i + 1 };
		thread[i] = causal ? thread[i - 1] : t_below(r, THREADS);
		assert_int_equal(caplog_fold(space, &event[i++].event), 0);
	}
	return n;
}

static void test_random_swaps(void **state)
{
	enum { N = 400 };
	static struct caplog_space truth, space;
	struct t_random r = t_seed("random swaps");
	unsigned thread[N];
	uint64_t late = 0;

	(void)state;
	for (uint64_t turn = t_turns(3000); turn; turn--) {
		struct trace t;

		memset(&t, 0, sizeof t);
		t.event = calloc(N, sizeof *t.event);
		assert_non_null(t.event);
		t.count = random_trace(&r, t.event, thread, N, &truth);
		for (size_t i = 0; i + 1 < N; i++)
			if (t_chance(&r, 30) && thread[i] != thread[i + 1]) {
				struct trace_event const e = t.event[i];
				t.event[i] = t.event[i + 1];
				t.event[i + 1] = e;
				i++;
			}
		for (size_t i = 0; i < N; i++)
			t.event[i].line = i + 1;

		assert_int_equal(t_order(&t), 0);
		caplog_space_init(&space, caplog_flavours(NULL), 8);
		for (size_t i = 0; i < t.count; i++)
			assert_int_equal(caplog_fold(&space, &t.event[i].event), 0);
		for (uint32_t slot = 0; slot < SLOTS; slot++)
			assert_int_equal(state_of(&space.cap[slot]), state_of(&truth.cap[slot]));
		late += t.late;
		free(t.event);
	}
	t_compare(late, >, 0);
}

/* Between two lives under one badge, a `stale` belongs to the nearer one */
static void test_stale_between_two_lives(void **state)
{
	struct t_case { const char *text; int stale; } const cases[] = {
		{ "ax...sa", 1 }, { "axs...a", 0 }, { "ax..s.a", 1 }, { "ax.s..a", 0 },
		{ "asx...sa", 1 }, { "asxs...a", 1 }, /* the first life has one already */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct caplog_cap cap = { 0, 0, 0, 0, 0 };
		struct trace t;

		memset(&t, 0, sizeof t);
		assert_non_null(t.event = calloc(16, sizeof *t.event));
		for (const char *p = cases[i].text; *p; p++, t.count++) /* . is on another slot */
			t.event[t.count] = (struct trace_event){
				*p == '.' ? event_of('i', 0x20, 1) : event_of(*p, BADGE_A, 0), t.count + 1 };
		assert_int_equal(t_order(&t), 0);
		for (size_t e = 0; e < t.count; e++)
			if (!t.event[e].event.slot)
				caplog_step(&cap, t.event[e].event.kind, t.event[e].event.badge, 0);
		assert_int_equal(cap.kind, CAPLOG_RECEIVED);
		assert_int_equal(cap.stale, cases[i].stale);
		free(t.event);
	}
}

/* What is in order is not touched, not even what no component does */
static void test_order_is_kept(void **state)
{
	enum { N = 20000 };
	static struct trace_event before[N];
	static unsigned thread[N];
	static struct caplog_space space;
	struct t_random r = t_seed("order is kept");
	struct trace t;

	(void)state;
	memset(&t, 0, sizeof t);
	t.event = calloc(N, sizeof *t.event);
	assert_non_null(t.event);
	t.count = random_trace(&r, t.event, thread, N, &space);
	/* an insertion over another life, by a writer that removes nothing */
	for (size_t i = 0; i < N; i++)
		if (t.event[i].event.kind == CAPLOG_STALE && t_chance(&r, 50))
			t.event[i].event.kind = CAPLOG_INSERT_AT;
	memcpy(before, t.event, sizeof before);
	assert_int_equal(t_order(&t), 0);
	for (size_t i = 0, j = 0; i < t.count; i++, j++) {
		/* only a removal can have been taken for a late one of the same badge */
		while (before[j].line != t.event[i].line)
			assert_int_equal(before[j++].event.kind, CAPLOG_REMOVE);
		assert_memory_equal(&before[j].event, &t.event[i].event, sizeof before[j].event);
	}
	free(t.event);
}

/* Any events at all: bounded, and nothing appears that was not there */
static void test_random_nonsense(void **state)
{
	enum { N = 5000 };
	struct t_random r = t_seed("random nonsense");

	(void)state;
	for (uint64_t turn = t_turns(100); turn; turn--) {
		static unsigned char seen[N + 1];
		struct trace t;

		memset(&t, 0, sizeof t);
		memset(seen, 0, sizeof seen);
		assert_non_null(t.event = calloc(N, sizeof *t.event));
		for (t.count = 0; t.count < N; t.count++)
			t.event[t.count] = (struct trace_event){
				event_of("abisxgftud"[t_below(&r, 10)], 4 * t_below(&r, 5), t_below(&r, 3)),
				t.count + 1 };
		assert_int_equal(t_order(&t), 0);
		assert_int_equal(t.count + t.dropped + t.unmatched, N);
		for (size_t i = 0; i < t.count; i++) {
			assert_int_equal(seen[t.event[i].line], 0);
			seen[t.event[i].line] = 1;
		}
		free(t.event);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_neighbours_swapped),
		cmocka_unit_test(test_one_line_late),
		cmocka_unit_test(test_random_swaps),
		cmocka_unit_test(test_stale_between_two_lives),
		cmocka_unit_test(test_order_is_kept),
		cmocka_unit_test(test_random_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
