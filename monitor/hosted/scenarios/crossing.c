/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * left and right: servers of each other and of themselves, in the middle of a
 * request all the time. The program of `left` runs within the `construct`
 * request to its first entrypoint. Every request says whose and which one it
 * is, and is counted.
 */
#include "scenario.h"

enum { LEFT, RIGHT_1, RIGHT_2, CALLERS, ROUNDS = 2 };

/* Requests of each caller in a component in a round, and answers to its callback object */
enum { REQUESTS = 3, CALLBACKS = 2 };

struct crossing {
	hb_cap              log, own, sibling, context;
	const char         *sibling_name;
	struct hb_ep        counter_ep, bounce_ep;
	struct hb_object    root, count, bounce, callback[CALLERS];
	struct hb_thread    worker[2];
	uint64_t            seen[CALLERS][3]; /* last request to count, bounce and callback */
	uint32_t            served, twice, missed, wrong;
	uint32_t            left;             /* to be served, and callers to finish */
	struct hb_semaphore done;
};

static void one_less(struct crossing *c)
{
	if (!--c->left)
		hb_up(&c->done);
}

/* Each request of a caller comes once, and none is left out */
static void account(uint64_t caller, unsigned object, uint64_t n)
{
	struct crossing *c = APP(crossing);
	uint64_t *seen = &c->seen[caller % CALLERS][object];

	c->served++;
	c->twice += n <= *seen;
	c->missed += n > *seen + 1;
	*seen = n;
	one_less(c);
}

static void serve_count(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	account(in->w[1], 0, in->w[2]);
	out->words = 1;
	out->w[0] = in->w[2] * 7 + in->w[1];
}

static void serve_callback(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	account(in->w[1], 2, in->w[2]);
	out->words = 1;
	out->w[0] = in->w[2] * 5 + in->w[1];
}

/* Calls the caller's object; answers with a capability, so that one has to be kept as well */
static void serve_bounce(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	account(in->w[1], 1, in->w[2]);
	out->words = out->caps = 1;
	out->w[0] = (uint64_t)hb_invoke(in->cap[0], CALLBACK, in->w[1], in->w[3]) + in->w[2];
	out->cap[0] = hb_copy(APP(crossing)->count.cap);
}

static void serve_root(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct crossing *c = o->ctx;

	out->words = out->caps = 1;
	out->w[0] = 0;
	out->cap[0] = hb_copy(in->w[1] ? c->bounce.cap : c->count.cap);
}

static void call_count(hb_cap count, uint64_t caller, uint64_t n)
{
	APP(crossing)->wrong += hb_invoke(count, ADD, caller, n) != (long)(n * 7 + caller);
}

static void call_bounce(hb_cap bounce, hb_cap callback, uint64_t caller, uint64_t n, uint64_t m)
{
	struct hb_msg const snd = { 4, 1, { CALLBACK, caller, n, m }, { callback } };
	struct hb_msg rcv;

	APP(crossing)->wrong += hb_call(bounce, &snd, &rcv) || rcv.caps != 1 ||
	                        rcv.w[0] != m * 5 + caller + n;
	hb_drop_caps(&rcv);
}

/* n: which round, and m: which callback */
static void go_round(hb_cap root, uint64_t caller, uint64_t n, uint64_t m)
{
	struct crossing *c = APP(crossing);
	hb_cap const count = hb_invoke_cap(root, OPEN, 0, 0, HB_NO_CAP);
	hb_cap const bounce = hb_invoke_cap(root, OPEN, 1, 0, HB_NO_CAP);
	hb_cap const callback = hb_manage(&c->counter_ep, &c->callback[caller], serve_callback, NULL);

	call_count(count, caller, 2 * n - 1);
	call_bounce(bounce, callback, caller, n, m);
	call_count(count, caller, 2 * n);
	hb_dissolve(&c->counter_ep, &c->callback[caller]);
	hb_drop(callback);
	hb_drop(count);
	hb_drop(bounce);
}

static void run(uint64_t caller)
{
	struct crossing *c = APP(crossing);
	hb_cap sibling;

	while ((sibling = hb_session(c->sibling_name)) == HB_NO_CAP)
		;
	for (uint64_t n = 1; n <= ROUNDS; n++) {
		go_round(c->root.cap, caller, n, 2 * n - 1);
		go_round(sibling, caller, n, 2 * n);
	}
	one_less(c);
}

static void report(void)
{
	struct crossing *c = APP(crossing);

	hb_log(c->log, "served %u, twice %u, missed %u, wrong %u", c->served, c->twice, c->missed,
	       c->wrong);
	hs_leave((int)c->served);
}

/* \param callers  threads of this component that call */
static void prepare(const char *name, const char *sibling, uint32_t callers)
{
	struct crossing *c = APP(crossing);

	c->sibling_name = sibling;
	c->left = CALLERS * REQUESTS * ROUNDS + callers * CALLBACKS * ROUNDS + callers;
	c->log = hb_session("LOG");
	hb_ep_start(&c->counter_ep);
	hb_ep_start(&c->bounce_ep);
	hb_manage(&c->counter_ep, &c->root, serve_root, c);
	hb_manage(&c->counter_ep, &c->count, serve_count, NULL);
	hb_manage(&c->bounce_ep, &c->bounce, serve_bounce, NULL);
	hb_announce(name, c->root.cap);
}

/* Reaches the first entrypoint if the reply to `construct` arrived */
static void handle_end(uint64_t number)
{
	(void)number;
	report();
}

static void left_construct(void)
{
	struct crossing *c = APP(crossing);

	prepare("left", "right", 1);
	c->context = hb_signal(0, handle_end);
	run(LEFT);
	hb_down(&c->done);
	hs_submit(c->context);
}

static void right_work(void *caller)
{
	run((uint64_t)(uintptr_t)caller);
	if ((uintptr_t)caller != RIGHT_1)
		return;
	hb_down(&APP(crossing)->done);
	report();
}

static void right_construct(void)
{
	struct crossing *c = APP(crossing);

	prepare("right", "left", 2);
	hb_thread_start(&c->worker[0], right_work, (void *)RIGHT_1);
	hb_thread_start(&c->worker[1], right_work, (void *)RIGHT_2);
}

HOSTED_SCENARIO(crossing, 0, { "left", left_construct }, { "right", right_construct });
