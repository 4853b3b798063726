/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"

#include <caplog/flavour.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static long sys(long op, long a, long b, long c)
{
	struct hk_sys s = { op, a, b, c, 0 };
	return hk_enter(&s);
}

static struct hb_thread *myself(void)
{
	return (struct hb_thread *)(uintptr_t)hk_utcb()->user[1];
}

void hb_hold(void)    { HB->holders++; }
void hb_release(void) { HB->holders--; }


/*
 * Cap map under its spinlock
 */

static void lock(void)
{
	while (HB->lock)
		sys(HK_YIELD, 0, 0, 0);
	HB->lock = 1;
}

static void unlock(void) { HB->lock = 0; }

static int op_equal(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	return (int)sys(HK_EQUAL, a, b, 0);
}

static int op_valid(void *ctx, uint32_t slot)
{
	(void)ctx;
	return (int)sys(HK_VALID, slot, 0, 0);
}

static void op_grant(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx;
	sys(HK_GRANT, from, to, 0);
}

uint32_t hb_window_alloc(void)
{
	lock();
	uint32_t const slot = caplog_map_alloc(&HB->map, CAPLOG_WINDOW);
	unlock();
	return slot;
}

void hb_window_free(uint32_t slot)
{
	lock();
	caplog_map_free(&HB->map, slot, CAPLOG_WINDOW);
	unlock();
}

hb_cap hb_insert_map(uint64_t badge, uint32_t from)
{
	static const struct caplog_map_ops ops = { op_equal, op_valid, op_grant, NULL };

	lock();
	uint32_t const slot = caplog_map_insert_map(&HB->map, (uint32_t)badge, from, &ops, NULL);
	unlock();
	return hb_copy(slot);
}

hb_cap hb_copy(hb_cap cap)
{
	if (cap != HB_NO_CAP && cap >= HB->map.first)
		HB->refs[cap]++;
	return cap;
}

void hb_drop(hb_cap cap)
{
	if (cap == HB_NO_CAP || cap < HB->map.first || --HB->refs[cap])
		return;
	lock();
	hb_hold();
	caplog_map_remove(&HB->map, cap, 1);
	hb_release();
	unlock();
}

long hb_local_name(hb_cap cap)
{
	return cap == HB_NO_CAP ? 0 : HB->map.badge[cap];
}

static void log_event(unsigned kind, hb_cap cap, uint32_t other)
{
	lock();
	hb_hold();
	caplog_append(&HB->log, kind, cap, HB->map.badge[cap], other, 0);
	hb_release();
	unlock();
}


/*
 * IPC
 */

static void marshal(uint64_t protocol, const struct hb_msg *m)
{
	struct hk_utcb *u = hk_utcb();
	uint32_t n = 0;

	u->items = 0;
	u->mr[n++] = protocol;
	u->mr[n++] = m->caps;
	for (uint32_t i = 0; i < m->caps; i++) {
		int const valid = m->cap[i] != HB_NO_CAP;
		u->mr[n++] = valid ? HB->map.badge[m->cap[i]] : HS_NO_CAP;
		if (valid)
			u->item[u->items++] = m->cap[i];
	}
	for (uint32_t i = 0; i < m->words; i++)
		u->mr[n++] = m->w[i];
	u->words = n;
}

/* The message is copied before insert_map enters the kernel again */
static uint64_t unmarshal(struct hb_msg *m, uint32_t window)
{
	struct hk_utcb const u = *hk_utcb();
	uint32_t n = 2, item = 0;

	m->caps = u.words < 2 ? 0 : u.mr[1] > HK_CAPS ? HK_CAPS : (uint32_t)u.mr[1];
	m->words = 0;
	for (uint32_t i = 0; i < m->caps; i++) {
		uint64_t const badge = n < u.words ? u.mr[n++] : HS_NO_CAP;
		m->cap[i] = badge == HS_NO_CAP || item == u.items
		            ? HB_NO_CAP : hb_insert_map(badge, window + item++);
	}
	while (n < u.words && m->words < HB_WORDS)
		m->w[m->words++] = u.mr[n++];
	return u.words ? u.mr[0] : 0;
}

static void drop_caps(struct hb_msg *m)
{
	for (uint32_t i = 0; i < m->caps; i++)
		hb_drop(m->cap[i]);
	m->caps = 0;
}

long hb_call(hb_cap dst, const struct hb_msg *snd, struct hb_msg *rcv)
{
	struct hb_msg ignored;
	struct hb_thread *me = myself();
	uint32_t const window = hb_window_alloc();
	uint64_t const sequence = ++me->sequence;
	long ret;

	if (!rcv)
		rcv = &ignored;
	rcv->words = rcv->caps = 0;
	if (window == CAPLOG_NONE)
		return HK_E_INVAL;
	if (dst == HB_NO_CAP) {
		hb_window_free(window);
		return HK_E_INVAL;
	}
	do {
		hb_hold();
		marshal((uint64_t)hb_local_name(dst), snd);
		hk_utcb()->window   = window;
		hk_utcb()->token    = HB->token << 8 | me->index;
		hk_utcb()->sequence = sequence;
		hb_release(); /* the kernel entry itself can be repeated */
		ret = sys(HK_CALL, dst, 0, 0);
	} while (ret == HK_AGAIN);
	if (!ret) {
		hb_hold();
		unmarshal(rcv, window);
		hb_release();
	}
	hb_window_free(window);
	if (rcv == &ignored)
		drop_caps(rcv);
	return ret;
}

static long invoke(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b, hb_cap arg,
                   struct hb_msg *rcv)
{
	struct hb_msg snd = { 3, arg != HB_NO_CAP, { opcode, a, b }, { arg } };
	return hb_call(dst, &snd, rcv);
}

long hb_invoke(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b)
{
	struct hb_msg rcv;
	long const ret = invoke(dst, opcode, a, b, HB_NO_CAP, &rcv);

	drop_caps(&rcv);
	return ret ? ret : rcv.words ? (long)rcv.w[0] : 0;
}

hb_cap hb_invoke_cap(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b, hb_cap arg)
{
	struct hb_msg rcv;

	if (invoke(dst, opcode, a, b, arg, &rcv) || !rcv.caps)
		return HB_NO_CAP;
	return rcv.cap[0];
}


/*
 * Entrypoints
 */

static struct hb_orphan *orphan_of(struct hb_ep *ep, uint64_t token)
{
	struct hb_orphan *unused = &ep->orphan[0];

	for (unsigned i = 0; i < HB_ORPHANS; i++) {
		if (ep->orphan[i].token == token)
			return &ep->orphan[i];
		if (!ep->orphan[i].token)
			unused = &ep->orphan[i];
	}
	return unused;
}

/* Keep a reply of which nobody knows whether it arrived */
static void keep_orphan(struct hb_ep *ep)
{
	struct hb_orphan *o = orphan_of(ep, ep->token);

	drop_caps(&o->reply);
	o->token = ep->token;
	o->sequence = ep->sequence;
	o->reply = ep->reply;
	ep->reply.caps = 0;
}

static int claim_orphan(struct hb_ep *ep)
{
	struct hb_orphan *o = orphan_of(ep, ep->token);

	if (o->token != ep->token || o->sequence != ep->sequence)
		return 0;
	ep->reply = o->reply;
	o->reply.caps = 0;
	o->token = 0;
	return 1;
}

/* Send the reply if there is one, wait for a request. 1: got one, 0: try again */
static int reply_and_wait(struct hb_ep *ep, int reply)
{
	long ret;

	if (reply) {
		hb_hold();
		marshal(0, &ep->reply);
		hb_release();
	}
	hk_utcb()->window = ep->window;
	ret = sys(HK_REPLY_WAIT, reply, reply && ep->leave, 0);
	if (reply && (ret == HK_AGAIN || ret == HK_E_NOREPLY))
		keep_orphan(ep);
	else if (reply)
		drop_caps(&ep->reply);
	return ret == 0;
}

/* Take the request out of the UTCB; NULL: there is nothing to be done for it */
static struct hb_object *accept_request(struct hb_ep *ep, int *reply)
{
	struct hb_object *o = NULL;

	*reply = 0;
	hb_hold();
	uint64_t const label = hk_utcb()->label;
	ep->token = hk_utcb()->from_token;
	ep->sequence = hk_utcb()->from_sequence;
	uint64_t const badge = unmarshal(&ep->request, ep->window);
	if (badge == label) {
		if (claim_orphan(ep))
			*reply = 1;
		else
			o = (struct hb_object *)(void *)caplog_pool_find(&ep->pool, (uint32_t)badge);
		if (!o && !*reply) {
			ep->reply.words = ep->reply.caps = 0;
			*reply = 1; /* no such object: an empty reply */
		}
	}
	hb_release();
	return o;
}

static void ep_entry(void *arg)
{
	struct hb_ep *ep = arg;
	int reply = 0;

	ep->window = hb_window_alloc();
	for (;;) {
		if (!reply_and_wait(ep, reply)) {
			reply = 0;
			continue;
		}
		if (reply && ep->leave)
			break;
		struct hb_object *o = accept_request(ep, &reply);
		if (o) {
			ep->reply.words = ep->reply.caps = 0;
			o->dispatch(o, &ep->request, &ep->reply);
			reply = 1;
		}
		drop_caps(&ep->request);
	}
	hb_window_free(ep->window);
}

static void exit_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)in;
	(void)out;
	((struct hb_ep *)o->ctx)->leave = 1;
}

hb_cap hb_manage(struct hb_ep *ep, struct hb_object *o, hb_dispatch dispatch, void *ctx)
{
	o->dispatch = dispatch;
	o->ctx = ctx;
	o->cap = hb_invoke_cap(HB->pd, HS_ALLOC_RPC_CAP, 0, 0, ep->thread.slot);
	if (o->cap == HB_NO_CAP)
		return HB_NO_CAP;
	log_event(CAPLOG_RPC_ALLOC, o->cap, ep->thread.slot);
	o->node.slot = o->cap;
	caplog_pool_insert(&ep->pool, &o->node);
	return o->cap;
}

void hb_dissolve(struct hb_ep *ep, struct hb_object *o)
{
	struct hb_msg rcv;

	caplog_pool_remove(&ep->pool, &o->node);
	log_event(CAPLOG_RPC_FREE, o->cap, 0);
	invoke(HB->pd, HS_FREE_RPC_CAP, 0, 0, o->cap, &rcv);
	drop_caps(&rcv);
}

void hb_ep_start(struct hb_ep *ep)
{
	caplog_pool_init(&ep->pool, &HB->map);
	ep->leave = 0;
	for (unsigned i = 0; i < HB_EPS; i++)
		if (!HB->all_eps[i] || HB->all_eps[i] == ep) {
			HB->all_eps[i] = ep;
			break;
		}
	hb_thread_start(&ep->thread, ep_entry, ep);
	hb_manage(ep, &ep->exit_object, exit_dispatch, ep);
}

void hb_ep_destroy(struct hb_ep *ep)
{
	hb_invoke(ep->exit_object.cap, HS_EXIT_EP, 0, 0);
	hb_dissolve(ep, &ep->exit_object);
	hb_drop(ep->exit_object.cap);
	lock();
	hb_hold();
	caplog_map_remove(&HB->map, ep->thread.slot, 1);
	hb_release();
	unlock();
	hb_invoke(ep->thread.cap, HS_THREAD_KILL, 0, 0);
	hb_drop(ep->thread.cap);
}


/*
 * Threads
 */

static void thread_entry(uint64_t object)
{
	struct hb_thread *t = (struct hb_thread *)(uintptr_t)object;
	t->entry(t->argument);
}

void hb_thread_start(struct hb_thread *t, void (*entry)(void *), void *argument)
{
	struct hb_msg state;

	t->entry = entry;
	t->argument = argument;
	t->cap = hb_invoke_cap(HB->cpu, HS_CREATE_THREAD, 0, 0, HB_NO_CAP);
	hb_hold(); /* the badge comes as a plain word */
	invoke(t->cap, HS_THREAD_STATE, 0, 0, HB_NO_CAP, &state);
	t->slot = (uint32_t)state.w[0];
	lock();
	caplog_map_insert_at(&HB->map, (uint32_t)state.w[1], t->slot);
	struct hk_utcb *u = (struct hk_utcb *)state.w[2];
	t->index = (uint32_t)((state.w[2] - HK_UTCBS) / HK_PAGE);
	caplog_append_thread(&HB->log, t->slot, HB->map.badge[t->slot], state.w[2],
	                     (uint64_t)(uintptr_t)t);
	u->user[0] = t->slot;
	u->user[1] = (uint64_t)(uintptr_t)t;
	unlock();
	hb_release();
	hb_invoke(t->cap, HS_THREAD_START, (uint64_t)(uintptr_t)thread_entry,
	          (uint64_t)(uintptr_t)t);
}

/* Each thread has an IRQ of its own, two slots behind its gate */
void hb_down(struct hb_semaphore *s)
{
	while (!s->count) {
		s->waiting = myself();
		sys(HK_IRQ_RECEIVE, myself()->slot + 2, 0, 0);
	}
	s->waiting = NULL;
	s->count--;
}

void hb_up(struct hb_semaphore *s)
{
	s->count++;
	if (s->waiting)
		sys(HK_IRQ_TRIGGER, s->waiting->slot + 2, 0, 0);
}


/*
 * Signals
 */

static void attach_semaphore(void)
{
	HB->semaphore = hb_invoke_cap(HB->source, HS_SEMAPHORE, 0, 0, HB_NO_CAP);
	hb_hold(); /* the act and its record, or neither */
	sys(HK_IRQ_ATTACH, HB->semaphore, HB->signal_thread.slot, 0);
	lock();
	caplog_append_irq(&HB->log, HB->semaphore, HB->signal_thread.slot, 0);
	unlock();
	hb_release();
}

static void signal_entry(void *arg)
{
	(void)arg;
	HB->source = hb_invoke_cap(HB->pd, HS_ALLOC_SOURCE, 0, 0, HB_NO_CAP);
	attach_semaphore();
	for (;;) {
		struct hb_msg m;

		sys(HK_IRQ_RECEIVE, HB->semaphore, 0, 0);
		if (invoke(HB->source, HS_WAIT_FOR_SIGNAL, 0, 0, HB_NO_CAP, &m) || !m.words || !m.w[0])
			continue;
		((struct hb_context *)(uintptr_t)m.w[0])->pending += m.w[1];
		hb_up(&HB->signals);
	}
}

static void proxy_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	(void)in;
	(void)out;
	for (unsigned i = 0; i < HB_CONTEXTS; i++) {
		uint64_t const n = HB->context[i].pending;
		HB->context[i].pending = 0;
		if (n)
			HB->context[i].handler(n);
	}
}

hb_cap hb_signal(unsigned i, void (*handler)(uint64_t))
{
	struct hb_context *c = &HB->context[i];

	while (!HB->semaphore) /* the signal thread is still on its way */
		sys(HK_YIELD, 0, 0, 0);
	c->handler = handler;
	c->cap = hb_invoke_cap(HB->pd, HS_ALLOC_CONTEXT, (uint64_t)(uintptr_t)c, 0, HB->source);
	return c->cap;
}


/*
 * Parent, start
 */

static void name_words(const char *name, uint64_t w[2])
{
	char text[16] = { 0 };
	snprintf(text, sizeof text, "%s", name);
	memcpy(w, text, sizeof text);
}

hb_cap hb_session(const char *name)
{
	uint64_t w[2];
	name_words(name, w);
	return hb_invoke_cap(HB->parent, HS_SESSION, w[0], w[1], HB_NO_CAP);
}

void hb_announce(const char *name, hb_cap root)
{
	struct hb_msg rcv;
	uint64_t w[2];
	name_words(name, w);
	invoke(HB->parent, HS_ANNOUNCE, w[0], w[1], root, &rcv);
	drop_caps(&rcv);
}

void hb_log(hb_cap log, const char *fmt, ...)
{
	struct hb_msg m = { HB_WORDS, 0, { HS_LOG_WRITE }, { 0 } };
	va_list args;

	va_start(args, fmt);
	vsnprintf((char *)&m.w[1], sizeof m.w - sizeof m.w[0], fmt, args);
	va_end(args);
	hb_call(log, &m, NULL);
}

void hb_exit(int value)
{
	hb_invoke(HB->parent, HS_EXIT, (uint64_t)value, 0);
}

static void attach_log(void)
{
	struct hb_msg rcv;
	struct caplog_format f;

	invoke(HB->pd, HS_CAP_SPACE, 0, 0, HB_NO_CAP, &rcv);
	drop_caps(&rcv);
	memset(&f, 0, sizeof f);
	f.flavour = caplog_flavours(NULL);
	f.map.address = (uint64_t)(uintptr_t)HB->map.badge;
	f.map.epoch_address = (uint64_t)(uintptr_t)&HB->map.epoch;
	f.map.holders_address = (uint64_t)(uintptr_t)&HB->holders;
	f.map.holders_count = 1;
	f.map.stride = f.map.width = sizeof(uint16_t);
	f.map.count = HK_SLOTS;
	if (rcv.words < 2 || !rcv.w[0] ||
	    caplog_format((void *)(uintptr_t)rcv.w[0], rcv.w[1], &f))
		caplog_writer_off(&HB->log);
	else
		caplog_writer_attach(&HB->log, (void *)(uintptr_t)rcv.w[0], 0);
}

static void construct_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	(void)in;
	(void)out;
	HB->construct();
}

void hb_main(uint64_t unused)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);

	(void)unused;
	CAPLOG_MAP_BIND(&HB->map, &HB->storage);
	caplog_map_init(&HB->map, HK_SLOTS, f->user_base, 2048, &HB->log);
	HB->main.slot = f->thread_base;
	hk_utcb()->user[0] = f->thread_base;
	hk_utcb()->user[1] = (uint64_t)(uintptr_t)&HB->main;
	caplog_map_insert_at(&HB->map, f->main_badge, f->thread_base);
	hb_hold(); /* the parent's badge is plain data at the start */
	caplog_map_insert_at(&HB->map, (uint32_t)HB->parent_badge, f->parent_slot);
	hb_release();
	HB->parent = f->parent_slot;
	HB->cpu = hb_session("CPU");
	HB->pd = hb_session("PD");
	attach_log();

	hb_ep_start(&HB->ep);
	hb_manage(&HB->ep, &HB->proxy, proxy_dispatch, NULL);
	hb_thread_start(&HB->signal_thread, signal_entry, NULL);
	hb_manage(&HB->ep, &HB->constructor, construct_dispatch, NULL);
	hb_invoke(HB->constructor.cap, HS_CONSTRUCT, 0, 0);
	hb_dissolve(&HB->ep, &HB->constructor);

	/* the initial thread becomes the proxy that carries signals to the entrypoint */
	while (HB->proxy.cap != HB_NO_CAP) {
		hb_down(&HB->signals);
		hb_invoke(HB->proxy.cap, HS_SIGNAL_PROXY, 0, 0);
	}
}
