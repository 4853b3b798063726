/* SPDX-License-Identifier: BSD-2-Clause */
/* Entrypoints: wait for a request, dispatch, reply */
#include "internal.h"

/*
 * Replies to callers that were restored with this component
 */

/* Whoever waits for the reply repeats the call: the kernel forgot that it waits */
static int caller_lost(const struct hb_ep *ep)
{
	return ep->epoch != HB->map.epoch;
}

static void keep_reply(struct hb_ep *ep)
{
	enum caplog_kept_was was;

	if (!ep->call)
		return;
	hb_lock();
	uint32_t const place = caplog_kept_place(&HB->kept, ep->call, &was);
	hb_unlock();
	if (place == CAPLOG_NONE)
		return;
	if (was != CAPLOG_KEPT_FREE)
		hb_drop_caps(&HB->kept_reply[place]);
	HB->kept_reply[place] = ep->reply;
	ep->reply.caps = 0;
	hb_lock();
	caplog_kept_put(&HB->kept, place);
	hb_unlock();
}

static void free_place(uint32_t place)
{
	hb_lock();
	caplog_kept_free(&HB->kept, place);
	hb_unlock();
}

/* Is there a reply to this request already? */
static int take_reply(struct hb_ep *ep, int again)
{
	uint32_t place;

	if (!HB->kept.used || !ep->call)
		return 0;
	hb_lock();
	place = caplog_kept_stale(&HB->kept, ep->call);
	hb_unlock();
	if (place != CAPLOG_NONE) {
		hb_drop_caps(&HB->kept_reply[place]);
		free_place(place);
	}
	if (!again)
		return 0;
	hb_lock();
	place = caplog_kept_take(&HB->kept, ep->call);
	hb_unlock();
	if (place == CAPLOG_NONE)
		return 0;
	ep->reply = HB->kept_reply[place];
	HB->kept_reply[place].caps = 0;
	free_place(place);
	return 1;
}


/* Answer the last request if there is an answer, wait for the next. 1: got one, 0: try again */
static int reply_and_wait(struct hb_ep *ep, int reply, int leave)
{
	long ret;

	hb_rest();
	/* no restore from here to the kernel: then a repeated wait has replied before */
	hb_hold();
	if (reply && caller_lost(ep)) {
		keep_reply(ep);
		reply = leave = 0;
	}
	if (reply)
		hb_marshal(0, &ep->reply);
	hk_utcb()->tag = 0;
	hk_utcb()->window = ep->window;
	hb_release();
	ret = hb_sys(HK_REPLY_WAIT, reply, leave, 0);
	hb_drop_caps(&ep->reply);
	return ret == 0 ? 1 + leave : 0;
}

/* Take the request out of the UTCB; NULL: there is nothing to be done for it */
static struct hb_object *accept_request(struct hb_ep *ep, int *reply)
{
	struct hb_object *o = NULL;

	*reply = 0;
	hb_hold();
	uint64_t const label = hk_utcb()->label;
	struct caplog_call const from = caplog_call_64(hk_utcb()->from_tag);
	uint64_t const badge = hb_unmarshal(&ep->request, ep->window);
	ep->call  = from.call;
	ep->epoch = HB->map.epoch;
	if (badge == label) {
		*reply = take_reply(ep, from.again);
		if (!*reply)
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
		int const leave = reply && ep->leave && ep->call == ep->leave_call;
		int const got = reply_and_wait(ep, reply, leave);

		reply = 0;
		if (got > 1)
			break;
		if (!got)
			continue;
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
	struct hb_ep *ep = o->ctx;

	(void)in;
	(void)out;
	ep->leave = 1;
	ep->leave_call = ep->call;
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
