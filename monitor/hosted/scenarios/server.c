/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server and client: objects made and destroyed at run time, capabilities
 * passed both ways
 */
#include "scenario.h"

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
	hs_leave(c->called);
}

static void client_construct(void)
{
	struct client *c = APP(client);

	c->log = hb_session("LOG");
	hb_thread_start(&c->worker, client_work, c);
}

HOSTED_SCENARIO(server, 1, { "server", server_construct }, { "client", client_construct });
