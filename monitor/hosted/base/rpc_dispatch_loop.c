/* SPDX-License-Identifier: BSD-2-Clause */
/* Entrypoints: wait for a request, dispatch, reply */
#include "internal.h"

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

/* Keep a reply that may not have arrived */
static void keep_orphan(struct hb_ep *ep)
{
	struct hb_orphan *o = orphan_of(ep, ep->token);

	hb_drop_caps(&o->reply);
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
		hb_marshal(0, &ep->reply);
		hb_release();
	}
	hk_utcb()->window = ep->window;
	ret = hb_sys(HK_REPLY_WAIT, reply, reply && ep->leave, 0);
	if (reply && (ret == HK_AGAIN || ret == HK_E_NOREPLY))
		keep_orphan(ep);
	else if (reply)
		hb_drop_caps(&ep->reply);
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
	uint64_t const badge = hb_unmarshal(&ep->request, ep->window);
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
		hb_drop_caps(&ep->request);
	}
	hb_window_free(ep->window);
}

static void exit_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)in;
	(void)out;
	((struct hb_ep *)o->ctx)->leave = 1;
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
	hb_lock();
	hb_hold();
	caplog_map_remove(&HB->map, ep->thread.slot, 1);
	hb_release();
	hb_unlock();
	hb_invoke(ep->thread.cap, HS_THREAD_KILL, 0, 0);
	hb_drop(ep->thread.cap);
}
