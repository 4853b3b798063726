/* SPDX-License-Identifier: BSD-2-Clause */
#include "components.h"

#include "base.h"

/* Each component lays its variables over HB->app */
#define APP(type) ((struct type *)(void *)HB->app)

static void leave(int value)
{
	hb_exit(value);
	for (;;)
		hb_down(&(struct hb_semaphore){ 0, NULL });
}


/*
 * counter: counts on timer signals, a second thread counts on its own
 */

struct counter {
	hb_cap log, log2, timer;
	int    count, other;
	struct hb_thread second;
	struct hb_semaphore done;
};

static void count_second(void *arg)
{
	struct counter *c = arg;

	for (c->other = 1; c->other <= 6; c->other++)
		hb_log(c->log2, "second %d", c->other);
	hb_up(&c->done);
}

static void count_tick(uint64_t number)
{
	struct counter *c = APP(counter);

	(void)number;
	hb_log(c->log, "sheep %d", ++c->count);
	if (c->count < 6) {
		hb_invoke(c->timer, HS_TIMER_TRIGGER, 10, 0);
		return;
	}
	hb_down(&c->done);
	leave(0);
}

static void counter_construct(void)
{
	struct counter *c = APP(counter);

	c->log = hb_session("LOG");
	c->log2 = hb_session("LOG2");
	c->timer = hb_session("Timer");
	hb_drop(hb_invoke_cap(c->timer, HS_TIMER_SIGH, 0, 0, hb_signal(0, count_tick)));
	hb_thread_start(&c->second, count_second, c);
	hb_invoke(c->timer, HS_TIMER_TRIGGER, 10, 0);
}


/*
 * server and client: objects made and destroyed at run time, capabilities
 * passed both ways
 */

enum { OPEN = HS_APP, CLOSE, ADD, CALLBACK, QUIT };
enum { SESSIONS = 4, ROUNDS = 3 };

struct server {
	hb_cap           log;
	struct hb_object root, session[SESSIONS];
	int              used[SESSIONS];
	uint64_t         sum[SESSIONS];
	int              opened;
};

static void serve_session(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	uint64_t *sum = o->ctx;

	out->words = 1;
	if (in->w[0] == ADD)
		out->w[0] = *sum += in->w[1];
	if (in->w[0] == CALLBACK && in->caps) /* call the caller's object back */
		out->w[0] = (uint64_t)hb_invoke(in->cap[0], CALLBACK, *sum, 0);
}

static void serve_open(struct server *s, struct hb_msg *out)
{
	for (int i = 0; i < SESSIONS; i++)
		if (!s->used[i]) {
			s->used[i] = 1;
			s->sum[i] = 0;
			out->caps = 1;
			out->cap[0] = hb_copy(hb_manage(&HB->ep, &s->session[i], serve_session,
			                                &s->sum[i]));
			hb_log(s->log, "open %d", ++s->opened);
			return;
		}
}

static void serve_root(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct server *s = o->ctx;

	out->words = 1;
	out->w[0] = 0;
	if (in->w[0] == OPEN)
		serve_open(s, out);
	for (int i = 0; in->w[0] == CLOSE && i < SESSIONS; i++)
		if (s->used[i] && in->caps && s->session[i].cap == in->cap[0]) {
			hb_log(s->log, "close sum %d", (int)s->sum[i]);
			hb_dissolve(&HB->ep, &s->session[i]);
			hb_drop(s->session[i].cap);
			s->used[i] = 0;
		}
	if (in->w[0] == QUIT) {
		hb_log(s->log, "quit after %d", s->opened);
		hb_exit(s->opened);
	}
}

static void server_construct(void)
{
	struct server *s = APP(server);

	s->log = hb_session("LOG");
	hb_announce("adder", hb_manage(&HB->ep, &s->root, serve_root, s));
}

struct client {
	hb_cap           log, root, session[2];
	struct hb_object callback;
	int              called;
	struct hb_thread worker;
};

static void client_callback(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct client *c = o->ctx;

	out->words = 1;
	out->w[0] = in->w[1] * 10 + (uint64_t)++c->called;
}

static long call_back(hb_cap session, hb_cap callback)
{
	struct hb_msg const snd = { 1, 1, { CALLBACK }, { callback } };
	struct hb_msg rcv;

	return hb_call(session, &snd, &rcv) || !rcv.words ? -1 : (long)rcv.w[0];
}

static void client_work(void *arg)
{
	struct client *c = arg;

	while ((c->root = hb_session("adder")) == HB_NO_CAP)
		;
	for (int round = 1; round <= ROUNDS; round++) {
		for (int i = 0; i < 2; i++)
			c->session[i] = hb_invoke_cap(c->root, OPEN, 0, 0, HB_NO_CAP);
		for (int i = 0; i < 2; i++) {
			struct hb_object *cb = &c->callback;
			hb_cap const cap = hb_manage(&HB->ep, cb, client_callback, c);
			long const sum = hb_invoke(c->session[i], ADD, (uint64_t)(round + i), 0);
			long const back = call_back(c->session[i], cap);
			hb_log(c->log, "round %d: sum %ld, called back %ld", round, sum, back);
			hb_dissolve(&HB->ep, cb);
			hb_drop(cap);
		}
		for (int i = 0; i < 2; i++) {
			hb_invoke_cap(c->root, CLOSE, 0, 0, c->session[i]);
			hb_drop(c->session[i]);
		}
	}
	hb_invoke(c->root, QUIT, 0, 0);
	leave(c->called);
}

static void client_construct(void)
{
	struct client *c = APP(client);

	c->log = hb_session("LOG");
	hb_thread_start(&c->worker, client_work, c);
}


/*
 * signals: lives on signals, its own and the timer's
 */

struct signals {
	hb_cap log, timer, tick, ping;
	int    ticks, pings;
};

static void submit(hb_cap context)
{
	struct hb_msg const m = { 2, 1, { HS_SUBMIT, 1 }, { context } };
	hb_call(HB->pd, &m, NULL);
}

static void signals_ping(uint64_t number)
{
	struct signals *s = APP(signals);

	s->pings += (int)number;
	hb_log(s->log, "ping %d at tick %d", s->pings, s->ticks);
	if (s->ticks == 4)
		leave(s->pings);
	hb_invoke(s->timer, HS_TIMER_TRIGGER, 5, 0);
}

static void signals_tick(uint64_t number)
{
	struct signals *s = APP(signals);

	s->ticks += (int)number;
	submit(s->ping);
}

static void set_handler(hb_cap timer, hb_cap context)
{
	struct hb_msg const m = { 1, 1, { HS_TIMER_SIGH }, { context } };
	hb_call(timer, &m, NULL);
}

static void signals_construct(void)
{
	struct signals *s = APP(signals);

	s->log = hb_session("LOG");
	s->timer = hb_session("Timer");
	s->tick = hb_signal(0, signals_tick);
	s->ping = hb_signal(1, signals_ping);
	set_handler(s->timer, s->tick);
	submit(s->ping);
}


/*
 * entrypoints: two of them, a hundred objects
 */

enum { MANY = 100 };

struct entrypoints {
	hb_cap           log;
	struct hb_ep     ep2;
	struct hb_object object[MANY];
	struct hb_thread worker;
};

static void serve_index(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	out->words = 1;
	out->w[0] = in->w[1] + (uint64_t)(o - APP(entrypoints)->object);
}

static void entrypoints_work(void *arg)
{
	struct entrypoints *e = arg;
	long sum = 0;

	for (int i = 0; i < MANY; i++)
		hb_manage(i % 2 ? &e->ep2 : &HB->ep, &e->object[i], serve_index, NULL);
	for (int i = 0; i < MANY; i++) {
		sum += hb_invoke(e->object[i].cap, ADD, 1000, 0);
		if (i % 25 == 24)
			hb_log(e->log, "sum %ld", sum);
	}
	for (int i = 0; i < MANY; i += 2) {
		hb_dissolve(&HB->ep, &e->object[i]);
		hb_drop(e->object[i].cap);
	}
	for (int i = 1; i < MANY; i += 2)
		sum += hb_invoke(e->object[i].cap, ADD, 0, 0);
	hb_log(e->log, "sum %ld", sum);
	leave((int)(sum % 100));
}

static void entrypoints_construct(void)
{
	struct entrypoints *e = APP(entrypoints);

	e->log = hb_session("LOG");
	hb_ep_start(&e->ep2);
	hb_thread_start(&e->worker, entrypoints_work, e);
}


/*
 * dead: holds capabilities whose objects are gone, and stale entries
 */

struct dead {
	hb_cap log, kept[3], again[3], context;
	struct hb_thread worker;
};

static void dead_work(void *arg)
{
	struct dead *d = arg;

	/* contexts destroyed behind our back: the entries stay, the slots are empty */
	for (int i = 0; i < 3; i++) {
		struct hb_msg m = { 1, 1, { HS_FREE_CONTEXT }, { HB_NO_CAP } };
		d->kept[i] = m.cap[0] = hb_signal(0, NULL);
		hb_call(HB->pd, &m, NULL);
	}
	hb_log(d->log, "dead call %ld", hb_invoke(d->kept[0], ADD, 0, 0));
	/* their badges come again: the old entries become stale */
	for (int i = 0; i < 3; i++)
		d->again[i] = hb_session("LOGx");
	hb_log(d->again[0], "first");
	hb_log(d->again[2], "third");
	hb_log(d->log, "dead call %ld", hb_invoke(d->kept[1], ADD, 0, 0));
	for (int i = 0; i < 3; i++)
		hb_drop(d->kept[i]);
	hb_log(d->again[1], "second");
	d->context = hb_session("LOG3");
	hb_log(d->context, "end");
	leave(3);
}

static void dead_construct(void)
{
	struct dead *d = APP(dead);

	d->log = hb_session("LOG");
	hb_thread_start(&d->worker, dead_work, d);
}


/*
 * exits: destroys its second entrypoint, through _exit_cap, again and again
 */

struct exits {
	hb_cap       log;
	struct hb_ep ep2;
	struct hb_object object;
	struct hb_thread worker;
};

static void serve_one(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	out->words = 1;
	out->w[0] = in->w[1] + 1;
}

static void exits_work(void *arg)
{
	struct exits *e = arg;

	for (int i = 0; i < 3; i++) {
		hb_ep_start(&e->ep2);
		hb_manage(&e->ep2, &e->object, serve_one, NULL);
		hb_log(e->log, "answer %ld", hb_invoke(e->object.cap, ADD, (uint64_t)i, 0));
		hb_dissolve(&e->ep2, &e->object);
		hb_drop(e->object.cap);
		hb_ep_destroy(&e->ep2);
		hb_log(e->log, "entrypoint %d is gone", i);
	}
	leave(7);
}

static void exits_construct(void)
{
	struct exits *e = APP(exits);

	e->log = hb_session("LOG");
	hb_thread_start(&e->worker, exits_work, e);
}


/*
 * oldstyle: construct never returns, so CAP4 stays alive
 */

static void oldstyle_construct(void)
{
	hb_cap const log = hb_session("LOG");

	for (int i = 1; i <= 5; i++)
		hb_log(log, "main %d", i);
	leave(1);
}

/*
 * memory: dataspaces attached, written, detached, attached elsewhere
 */

struct memory {
	hb_cap log, page[3];
	struct hb_thread worker;
};

static long page_op(uint64_t opcode, hb_cap page, uint64_t address)
{
	struct hb_msg const m = { 2, 1, { opcode, address }, { page } };
	struct hb_msg rcv;

	return hb_call(HB->pd, &m, &rcv) || !rcv.words ? -1 : (long)rcv.w[0];
}

static void memory_work(void *arg)
{
	struct memory *c = arg;

	for (uint64_t i = 0; i < 3; i++) {
		c->page[i] = hb_invoke_cap(HB->pd, HS_RAM_ALLOC, 0, 0, HB_NO_CAP);
		page_op(HS_ATTACH, c->page[i], HK_HEAP + i * HK_PAGE);
		*(uint64_t *)(HK_HEAP + i * HK_PAGE) = 100 + i;
	}
	for (uint64_t i = 0; i < 3; i++)
		page_op(HS_DETACH, c->page[i], 0);
	for (uint64_t i = 0; i < 3; i++) {
		uint64_t *there = (uint64_t *)(HK_HEAP + (2 - i) * HK_PAGE);
		page_op(HS_ATTACH, c->page[i], (uint64_t)(uintptr_t)there);
		hb_log(c->log, "page %d holds %d", (int)i, (int)*there);
		*there += 10;
	}
	hb_log(c->log, "attached twice: %ld", page_op(HS_ATTACH, c->page[0], HK_HEAP));
	leave((int)(*(uint64_t *)HK_HEAP));
}

static void memory_construct(void)
{
	struct memory *c = APP(memory);

	c->log = hb_session("LOG");
	hb_thread_start(&c->worker, memory_work, c);
}


/*
 * mailbox: gives its signal context to a sibling, who submits it
 */

enum { MAILS = 3 };

struct mailbox {
	hb_cap           log, context;
	int              mails;
	struct hb_object root;
};

static void mailbox_mail(uint64_t number)
{
	struct mailbox *b = APP(mailbox);

	b->mails += (int)number;
	hb_log(b->log, "mail %d", b->mails);
}

static void serve_mailbox(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct mailbox *b = o->ctx;

	out->words = 1;
	out->w[0] = (uint64_t)b->mails;
	if (in->w[0] == OPEN) {
		out->caps = 1;
		out->cap[0] = hb_copy(b->context);
	}
	if (in->w[0] == QUIT)
		hb_exit(b->mails);
}

static void mailbox_construct(void)
{
	struct mailbox *b = APP(mailbox);

	b->log = hb_session("LOG");
	b->context = hb_signal(0, mailbox_mail);
	hb_announce("mailbox", hb_manage(&HB->ep, &b->root, serve_mailbox, b));
}

struct sender {
	hb_cap           log, root, context;
	struct hb_thread worker;
};

static void sender_work(void *arg)
{
	struct sender *s = arg;

	while ((s->root = hb_session("mailbox")) == HB_NO_CAP)
		;
	s->context = hb_invoke_cap(s->root, OPEN, 0, 0, HB_NO_CAP);
	for (int i = 1; i <= MAILS; i++) {
		submit(s->context);
		while (hb_invoke(s->root, ADD, 0, 0) < i)
			;
		hb_log(s->log, "arrived %d", i);
	}
	hb_invoke(s->root, QUIT, 0, 0);
	leave(0);
}

static void sender_construct(void)
{
	struct sender *s = APP(sender);

	s->log = hb_session("LOG");
	hb_thread_start(&s->worker, sender_work, s);
}


/*
 * Components that cannot be restored, or lie: for tests only
 */

/* Holds an object that nobody knows how to make again */
static void magic_construct(void)
{
	hb_cap const log = hb_session("LOG");

	hb_session("magic wand");
	hb_log(log, "has it");
	leave(0);
}

/* Enters the kernel beside the base library, where nothing can be repeated */
static void raw_construct(void)
{
	struct hk_sys s = { HK_RAW_WAIT, 0, 0, 0, 0 };

	hb_session("LOG");
	hk_enter(&s);
}

const struct scenario hosted_magic = { "magic", { { "magic", magic_construct } } };
const struct scenario hosted_raw   = { "raw", { { "raw", raw_construct } } };

const struct scenario hosted_scenarios[] = {
	{ "counter",     { { "counter", counter_construct } } },
	{ "server",      { { "server", server_construct }, { "client", client_construct } } },
	{ "signals",     { { "signals", signals_construct } } },
	{ "entrypoints", { { "entrypoints", entrypoints_construct } } },
	{ "dead",        { { "dead", dead_construct } } },
	{ "exits",       { { "exits", exits_construct } } },
	{ "oldstyle",    { { "oldstyle", oldstyle_construct } } },
	{ "memory",      { { "memory", memory_construct } } },
	{ "mailbox",     { { "mailbox", mailbox_construct }, { "sender", sender_construct } } },
};
const unsigned hosted_scenario_count = sizeof hosted_scenarios / sizeof hosted_scenarios[0];
