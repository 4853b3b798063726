/* SPDX-License-Identifier: BSD-2-Clause */
#include "stop.h"

#include <caplog/stub.h>

#include <string.h>

enum {
	REST    = 100,  /* milliseconds to find all components at rest                    */
	LEAST   = 50,   /* tries at least, since a try may take long on a busy machine    */
	TRIES   = 200,  /* at most, should the clock stand still                          */
	YIELDS  = 8,    /* tries after which components get a millisecond at a time       */
	THREADS = sizeof ((struct caplog_target *)0)->thread / sizeof(struct caplog_image_thread),
	CANCELS = 300   /* milliseconds for a request to end that was cancelled           */
};

/* One stop of a group */
struct stop {
	const struct caplog_platform *p;
	struct caplog_target *const  *targets;
	uint32_t                      count;
	uint32_t                      tries;
	uint64_t                      end;   /* of its time */
	struct caplog_diag           *diag;
};

static struct stop begin(const struct caplog_platform *p, struct caplog_target *const *targets,
                         uint32_t count, struct caplog_diag *diag)
{
	struct stop const s = { p, targets, count, 0, p->now(p->ctx) + REST, diag };
	return s;
}

static int too_late(const struct stop *s, uint32_t tries)
{
	return tries >= TRIES || (tries >= LEAST && s->p->now(s->p->ctx) >= s->end);
}

static void go_all(const struct stop *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		s->p->go_all(s->p->ctx, s->targets[i]->handle);
}

/* Let components run a little, and longer if that did not help */
static void wait_a_little(const struct caplog_platform *p, uint32_t tries)
{
	p->wait(p->ctx, tries > YIELDS);
}

uint32_t caplog_holding(const struct caplog_platform *p, struct caplog_target *t)
{
	const uint32_t *words = caplog_memory(p, t, t->map.holders_address,
	                                      4 * (uint64_t)t->map.holders_count);

	return words ? caplog_holders(words, t->map.holders_count) : 0;
}


/*
 * Ask all threads to send nothing, or no longer
 *
 * Two that wake each other would be asked to run on by turns for ever: one of
 * them always has a message of the other.
 */
static void ask_to_rest(const struct stop *s, uint32_t value)
{
	for (uint32_t i = 0; i < s->count; i++) {
		const struct caplog_map_place *map = &s->targets[i]->map;
		uint32_t *word = map->rest_word ? caplog_memory(s->p, s->targets[i],
			map->holders_address + 4 * (uint64_t)map->rest_word, 4) : NULL;

		if (word)
			*word = value;
	}
}


/*
 * Requests
 */

/*
 * A request of one may let in a request of another that is closed already, and
 * needs it for its answer: all have to be closed twice in a row
 */
static struct caplog_target *not_closed(const struct stop *s)
{
	for (uint32_t i = 0; i < 2 * s->count; i++)
		if (!s->p->closed(s->p->ctx, s->targets[i % s->count]->handle))
			return s->targets[i % s->count];
	return NULL;
}

/*
 * No request of any component is under way after that, and none will be
 *
 * One that is may need a thread that stands since an earlier try: all run on
 * when it takes long.
 *
 * \return 0; -EBUSY
 */
static int close_all(const struct stop *s)
{
	const struct caplog_target *t;

	for (uint32_t i = 0; i < s->count; i++)
		s->p->close(s->p->ctx, s->targets[i]->handle);
	for (uint32_t tries = 0; (t = not_closed(s)); tries++) {
		if (too_late(s, tries))
			return caplog_say(s->diag, CAPLOG_EBUSY, "%s: a request of it to the monitor was not "
			                  "answered within %u ms, perhaps since it waits for a service: try "
			                  "again when that answers",
			                  s->p->name(s->p->ctx, t->handle), REST);
		/* a thread that rests may be the one that has to answer */
		if (tries > YIELDS) {
			ask_to_rest(s, 0);
			go_all(s);
		}
		wait_a_little(s->p, tries);
	}
	return 0;
}

static void open_all(const struct stop *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		s->p->open(s->p->ctx, s->targets[i]->handle);
}


/*
 * Threads
 */

static int busy(const struct stop *s, const struct caplog_target *t,
                const struct caplog_stopped *stopped, const char *why)
{
	caplog_say(s->diag, CAPLOG_EBUSY, "%s: slot %x: its thread %s, ip %n: try again", t->name,
	           stopped->slot, why, stopped->ip);
	return 0;
}

/* Is there a thread on its way into an exception? All others are about to stay where they are */
static int none_leaves(const struct stop *s, struct caplog_target *t)
{
	struct caplog_stopped stopped[CAPLOG_STOPS];
	uint32_t n = 0;
	int quiet = 1;

	for (uint32_t first = 0; first < THREADS; first += n) {
		n = s->p->stopped(s->p->ctx, t->handle, first, stopped);
		if (!n)
			break;
		for (uint32_t i = 0; i < n; i++)
			if (stopped[i].state == CAPLOG_STOPPED_LEAVING)
				quiet = busy(s, t, &stopped[i], "runs");
	}
	return quiet;
}

/* The frame's word that says whether the thread waits for requests */
static int frame_waits(const struct caplog_platform *p, const struct caplog_target *t,
                       const uint8_t *frame)
{
	uint32_t const bytes = t->space.word_bytes == 4 ? 4 : 8;
	uint64_t word = 0;

	memcpy(&word, frame + p->frame_waits, bytes);
	return word != 0;
}

static enum caplog_stand where(const struct stop *s, struct caplog_target *t,
                               const struct caplog_stopped *stopped, const char **why)
{
	struct caplog_stand_question q = { stopped->state, stopped->ip, t->stub, 0, 0 };
	const uint8_t *frame = NULL;

	if (stopped->state == CAPLOG_STOPPED_BLOCKED || stopped->state == CAPLOG_STOPPED_EXCEPTION)
		frame = caplog_memory(s->p, t, stopped->sp, s->p->frame_bytes);
	q.has_frame = frame != NULL;
	q.waits = frame && frame_waits(s->p, t, frame);
	return caplog_stand(&q, why);
}

static const uint32_t state_of[] = {
	[CAPLOG_STAND_UNSTARTED] = CAPLOG_THREAD_NEW,
	[CAPLOG_STAND_BLOCKED]   = CAPLOG_THREAD_FRAME,
	[CAPLOG_STAND_RUNNING]   = CAPLOG_THREAD_RUNNING,
	[CAPLOG_STAND_ASK_AGAIN] = CAPLOG_THREAD_NEW,
	[CAPLOG_STAND_LET_RUN]   = CAPLOG_THREAD_NEW
};

/* Note where a thread stands; if it cannot stay there it runs on. \return 1: it can; 0 */
static int stands(const struct stop *s, struct caplog_target *t,
                  const struct caplog_stopped *stopped)
{
	const char *why;
	enum caplog_stand const stand = where(s, t, stopped, &why);
	struct caplog_image_thread const thread = {
		stopped->slot, state_of[stand], stand == CAPLOG_STAND_BLOCKED ? stopped->sp : 0
	};

	t->thread[t->threads++] = thread;
	if (stand == CAPLOG_STAND_LET_RUN)
		s->p->go(s->p->ctx, t->handle, stopped->slot);
	if (stand == CAPLOG_STAND_ASK_AGAIN || stand == CAPLOG_STAND_LET_RUN)
		return busy(s, t, stopped, why);
	return 1;
}

/*
 * Look at the stopped threads of a component
 *
 * \return 1: all stand where they can be restored; 0: not yet; negative errno
 */
static int all_stand(const struct stop *s, struct caplog_target *t)
{
	struct caplog_stopped stopped[CAPLOG_STOPS];
	uint32_t n;
	int quiet = 1;

	t->threads = 0;
	while ((n = s->p->stopped(s->p->ctx, t->handle, t->threads, stopped))) {
		if (n > THREADS - t->threads)
			return caplog_say(s->diag, CAPLOG_EINVAL, "%s: the platform names more than %u "
			                  "threads", t->name, THREADS);
		for (uint32_t i = 0; i < n; i++)
			quiet &= stands(s, t, &stopped[i]);
	}
	return quiet;
}

/* A thread that holds badges outside the map is not in the stub: it runs on */
static int none_holds(const struct stop *s, struct caplog_target *t)
{
	uint32_t const holding = caplog_holding(s->p, t);

	if (!holding)
		return 1;
	caplog_say(s->diag, CAPLOG_EBUSY, "%s: %u threads hold badges outside the cap map: try "
	           "again", t->name, holding);
	for (uint32_t i = 0; i < t->threads; i++)
		if (t->thread[i].state == CAPLOG_THREAD_RUNNING)
			s->p->go(s->p->ctx, t->handle, t->thread[i].slot);
	return 0;
}

static int component_stands(const struct stop *s, struct caplog_target *t)
{
	int all;

	if (!none_leaves(s, t))
		return 0;
	/* no thread is leaving, so exceptions that are under way are the last ones */
	s->p->settle(s->p->ctx);
	all = all_stand(s, t);
	return all > 0 ? none_holds(s, t) : all;
}


/*
 * Group
 */

/* \return 1: all are at rest; 0: not yet; negative errno */
static int try_once(const struct stop *s)
{
	int quiet = 1;

	for (uint32_t i = 0; i < s->count; i++)
		s->p->pause(s->p->ctx, s->targets[i]->handle);
	for (uint32_t i = 0; i < s->count; i++) {
		int const all = component_stands(s, s->targets[i]);

		if (all < 0)
			return all;
		quiet &= all;
	}
	return quiet;
}

/* Registers of running threads into frames on their stacks */
static int keep_registers(const struct stop *s, struct caplog_target *t)
{
	struct caplog_diag why = { 0, "" };

	for (uint32_t i = 0; i < t->threads; i++) {
		struct caplog_image_thread *thread = &t->thread[i];
		int err;

		if (thread->state != CAPLOG_THREAD_RUNNING)
			continue;
		err = s->p->keep(s->p->ctx, t->handle, thread->slot, t->stub, &thread->frame, &why);
		if (err)
			return caplog_say(s->diag, err, "%s: slot %x: %s", t->name, thread->slot, why.text);
	}
	return 0;
}

/* Siblings' sessions that it holds, by the siblings' own lines */
static void find_peers(const struct stop *s, struct caplog_target *t)
{
	for (struct caplog_object *o = caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_PEER); o;
	     o = caplog_ledger_next(&t->ledger, o)) {
		const struct caplog_object *gate = o->peer.server < s->count
			? caplog_ledger_by_badge(&s->targets[o->peer.server]->ledger, o->peer.badge) : NULL;

		o->peer.session = gate && gate->kind == CAPLOG_OBJECT_GATE ? gate->id : 0;
	}
}

/* Memory that a sibling freed is attached nowhere any more */
static void drop_freed(const struct stop *s, struct caplog_target *t)
{
	struct caplog_object *next;

	for (struct caplog_object *o = caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_SHARED_REGION); o;
	     o = next) {
		next = caplog_ledger_next(&t->ledger, o);
		if (o->shared_region.owner >= s->count ||
		    !caplog_region_shared(&s->targets[o->shared_region.owner]->ledger, o))
			caplog_ledger_drop(&t->ledger, o);
	}
}

int caplog_unchanged(const struct caplog_target *t, struct caplog_diag *diag)
{
	return t->ledger.changes == t->changes ? 0
	       : caplog_say(diag, CAPLOG_EBUSY, "%s: a request changed what it was given while it was "
	                    "stopped: the monitor must not serve any then", t->name);
}

int caplog_close(const struct caplog_platform *p, struct caplog_target *const *targets,
                 uint32_t count, struct caplog_diag *diag)
{
	struct stop const s = begin(p, targets, count, diag);
	int const err = close_all(&s);

	if (err)
		open_all(&s);
	return err;
}

/* Threads and requests run a little: those that must, and every fourth time all threads */
static int let_run(const struct stop *s)
{
	/* now and then without the word: a thread that rests may be needed by one that must run */
	ask_to_rest(s, s->tries % 8 != 7);
	/* before requests are served: one of them may end a thread */
	if (s->tries % 4 == 3)
		go_all(s);
	open_all(s);
	wait_a_little(s->p, s->tries);
	return close_all(s);
}

int caplog_stop(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_diag *diag)
{
	struct stop s = begin(p, targets, count, diag);
	int err = 0, ret = 0;

	for (; !err && !(ret = try_once(&s)); s.tries++)
		err = too_late(&s, s.tries + 1) ? CAPLOG_EBUSY : let_run(&s);
	if (ret < 0)
		err = ret;
	ask_to_rest(&s, 0);
	for (uint32_t i = 0; i < count && !err; i++) {
		targets[i]->tries = s.tries;
		find_peers(&s, targets[i]);
		drop_freed(&s, targets[i]);
		err = keep_registers(&s, targets[i]);
		targets[i]->changes = targets[i]->ledger.changes;
	}
	if (err)
		caplog_resume(p, targets, count);
	return err;
}

void caplog_resume(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		p->resume(p->ctx, targets[i]->handle);
}

int caplog_quiesce(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_diag *diag)
{
	struct stop const s = begin(p, targets, count, diag);
	int err = close_all(&s);

	for (uint64_t const end = p->now(p->ctx) + CANCELS; err && p->now(p->ctx) < end;) {
		for (uint32_t i = 0; i < count; i++)
			p->cancel(p->ctx, targets[i]->handle);
		p->wait(p->ctx, 1);
		err = not_closed(&s) ? CAPLOG_EBUSY : 0;
	}
	for (uint32_t i = 0; i < count && !err; i++)
		p->pause(p->ctx, targets[i]->handle);
	return err;
}
