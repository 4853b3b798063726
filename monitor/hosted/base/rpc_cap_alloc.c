/* SPDX-License-Identifier: BSD-2-Clause */
/* RPC objects: made and freed by way of the PD session */
#include "internal.h"

hb_cap hb_manage(struct hb_ep *ep, struct hb_object *o, hb_dispatch dispatch, void *ctx)
{
	o->dispatch = dispatch;
	o->ctx = ctx;
	o->cap = hb_invoke_cap(HB->pd, HS_ALLOC_RPC_CAP, 0, 0, ep->thread.slot);
	if (o->cap == HB_NO_CAP)
		return HB_NO_CAP;
	hb_log_event(CAPLOG_RPC_ALLOC, o->cap, ep->thread.slot);
	o->node.slot = o->cap;
	caplog_pool_insert(&ep->pool, &o->node);
	return o->cap;
}

void hb_dissolve(struct hb_ep *ep, struct hb_object *o)
{
	struct hb_msg rcv;

	caplog_pool_remove(&ep->pool, &o->node);
	hb_log_event(CAPLOG_RPC_FREE, o->cap, 0);
	hb_request(HB->pd, HS_FREE_RPC_CAP, 0, 0, o->cap, &rcv);
	hb_drop_caps(&rcv);
}
