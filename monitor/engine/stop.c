/* SPDX-License-Identifier: BSD-2-Clause */
#include "stop.h"

#include <caplog/stub.h>

#include <string.h>

enum {
	TRIES   = 200,  /* to find all components at rest                                 */
	YIELDS  = 8,    /* tries after which components get a millisecond at a time       */
	THREADS = sizeof ((struct caplog_target *)0)->thread / sizeof(struct caplog_image_thread),
	ANSWERS = 1000  /* milliseconds for a request to be answered while all threads run */
};

/* One stop of a group */
struct stop {
	const struct caplog_platform *p;
	struct caplog_target *const  *targets;
	uint32_t                      count;
	uint32_t                      tries;
	struct caplog_diag           *diag;
};

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
 * Requests
 */

/*
 * Wait until all requests that are under way are answered
 *
 * A request may need one of the stopped threads: then all are resumed meanwhile.
 *
 * \return 1; 0: threads ran; -EBUSY: a request is never answered
 */
static int answer_requests(const struct stop *s)
{
	const struct caplog_platform *p = s->p;
	void *handles[CAPLOG_TARGETS_MAX];

	for (uint32_t i = 0; i < s->count; i++)
		handles[i] = s->targets[i]->handle;
	p->ping(p->ctx, handles, s->count);
	for (uint32_t tries = 0; !p->answered(p->ctx) && tries < YIELDS + 4; tries++)
		wait_a_little(p, tries);
	if (p->answered(p->ctx))
		return 1;
	for (uint32_t ms = 0; ms < ANSWERS; ms++) {
		go_all(s);
		p->wait(p->ctx, 1);
		if (p->answered(p->ctx))
			return 0;
	}
	return caplog_say(s->diag, CAPLOG_EBUSY, "%s, or a sibling: a request to the monitor was not "
	                  "answered within %u ms", s->targets[0]->name, ANSWERS);
}

/* A request of an earlier stop may still be under way */
static int earlier_requests_done(const struct stop *s)
{
	for (uint32_t ms = 0; !s->p->answered(s->p->ctx); ms++) {
		if (ms == ANSWERS)
			return caplog_say(s->diag, CAPLOG_EBUSY, "%s: an earlier request to the monitor is "
			                  "still not answered", s->targets[0]->name);
		s->p->wait(s->p->ctx, 1);
	}
	return 0;
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
	struct caplog_stopped stopped;
	int quiet = 1;

	for (uint32_t n = 0; n < THREADS && !s->p->stopped(s->p->ctx, t->handle, n, &stopped); n++)
		if (stopped.state == CAPLOG_STOPPED_LEAVING)
			quiet = busy(s, t, &stopped, "runs");
	return quiet;
}

/* Can siblings send requests to an entrypoint of this thread? */
static int serves(struct caplog_target *t, uint32_t slot)
{
	struct caplog_object *o = caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_SERVICE);

	for (o = o ? caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_GATE) : NULL; o;
	     o = caplog_ledger_next(&t->ledger, o))
		if (o->gate.entrypoint == slot)
			return 1;
	return 0;
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
	int const patient = s->count > 1 && s->tries < s->p->patience;
	struct caplog_stand_question q = { stopped->state, stopped->ip, t->stub, 0, 0, 0, patient };
	const uint8_t *frame = NULL;

	if (stopped->state == CAPLOG_STOPPED_BLOCKED || stopped->state == CAPLOG_STOPPED_EXCEPTION)
		frame = caplog_memory(s->p, t, stopped->sp, s->p->frame_bytes);
	q.has_frame = frame != NULL;
	q.waits = frame && frame_waits(s->p, t, frame);
	q.serves = patient && serves(t, stopped->slot);
	return caplog_stand(&q, why);
}

static const uint32_t state_of[] = {
	[CAPLOG_STAND_UNSTARTED] = CAPLOG_THREAD_NEW,
	[CAPLOG_STAND_BLOCKED]   = CAPLOG_THREAD_FRAME,
	[CAPLOG_STAND_RUNNING]   = CAPLOG_THREAD_RUNNING,
	[CAPLOG_STAND_ASK_AGAIN] = CAPLOG_THREAD_NEW,
	[CAPLOG_STAND_LET_RUN]   = CAPLOG_THREAD_NEW
};

/*
 * Look at the stopped threads of a component; those that cannot stay there run on
 *
 * \return 1: all stand where they can be restored; 0: not yet; negative errno
 */
static int all_stand(const struct stop *s, struct caplog_target *t)
{
	struct caplog_stopped stopped;
	int quiet = 1;

	for (t->threads = 0; !s->p->stopped(s->p->ctx, t->handle, t->threads, &stopped);
	     t->threads++) {
		const char *why;

		if (t->threads == THREADS)
			return caplog_say(s->diag, CAPLOG_EINVAL, "%s: the platform names more than %u "
			                  "threads", t->name, THREADS);
		enum caplog_stand const stand = where(s, t, &stopped, &why);
		struct caplog_image_thread const thread = {
			stopped.slot, state_of[stand],
			stand == CAPLOG_STAND_BLOCKED ? stopped.sp : 0
		};
		t->thread[t->threads] = thread;
		if (stand == CAPLOG_STAND_ASK_AGAIN || stand == CAPLOG_STAND_LET_RUN)
			quiet = busy(s, t, &stopped, why);
		if (stand == CAPLOG_STAND_LET_RUN)
			s->p->go(s->p->ctx, t->handle, stopped.slot);
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
	int stands;

	if (!none_leaves(s, t))
		return 0;
	/* no thread is leaving, so exceptions that are under way are the last ones */
	s->p->settle(s->p->ctx);
	stands = all_stand(s, t);
	return stands > 0 ? none_holds(s, t) : stands;
}


/*
 * Group
 */

/* \return 1: all are at rest; 0: not yet; negative errno */
static int try_once(const struct stop *s)
{
	int quiet = 1, ret;

	for (uint32_t i = 0; i < s->count; i++)
		s->p->pause(s->p->ctx, s->targets[i]->handle);
	if ((ret = answer_requests(s)) < 0)
		return ret;
	quiet = ret;
	for (uint32_t i = 0; i < s->count; i++)
		if (s->p->waits(s->p->ctx, s->targets[i]->handle)) {
			caplog_say(s->diag, CAPLOG_EBUSY, "%s: it waits for a service of a sibling: try again",
			           s->targets[i]->name);
			quiet = 0;
		}
	if (!quiet)
		return 0;
	for (uint32_t i = 0; i < s->count; i++) {
		if ((ret = component_stands(s, s->targets[i])) < 0)
			return ret;
		quiet &= ret;
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

int caplog_unchanged(const struct caplog_target *t, struct caplog_diag *diag)
{
	return t->ledger.changes == t->changes ? 0
	       : caplog_say(diag, CAPLOG_EBUSY, "%s: a request changed what it was given while it was "
	                    "stopped: the monitor must not serve any then", t->name);
}

int caplog_stop(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_diag *diag)
{
	struct stop s = { p, targets, count, 0, diag };
	int err = earlier_requests_done(&s), ret = 0;

	for (; s.tries < TRIES && !err; s.tries++) {
		if ((ret = try_once(&s)) < 0)
			err = ret;
		if (ret)
			break;
		/* threads that must run on do so alone, and every fourth time all together */
		if (s.tries % 4 == 3)
			go_all(&s);
		wait_a_little(p, s.tries);
	}
	if (!err && !ret)
		err = CAPLOG_EBUSY;
	for (uint32_t i = 0; i < count && !err; i++) {
		targets[i]->tries = s.tries;
		find_peers(&s, targets[i]);
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

int caplog_quiesce(const struct caplog_platform *p, struct caplog_target *t)
{
	struct caplog_target *const one[] = { t };
	struct stop const s = { p, one, 1, 0, NULL };

	p->pause(p->ctx, t->handle);
	if (earlier_requests_done(&s))
		return CAPLOG_EBUSY;
	p->ping(p->ctx, &t->handle, 1);
	return earlier_requests_done(&s);
}
