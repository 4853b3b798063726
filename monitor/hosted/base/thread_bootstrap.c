/* SPDX-License-Identifier: BSD-2-Clause */
/* The main thread */
#include "internal.h"

static void construct_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	(void)o;
	(void)in;
	(void)out;
	HB->construct();
}

void hb_main(uint64_t unused)
{
	const struct caplog_flavour *f = caplog_own_flavour();

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
	hb_attach_log();

	hb_ep_start(&HB->ep);
	hb_manage(&HB->ep, &HB->proxy, hb_proxy_dispatch, NULL);
	hb_thread_start(&HB->signal_thread, hb_signal_entry, NULL);
	hb_manage(&HB->ep, &HB->constructor, construct_dispatch, NULL);
	hb_invoke(HB->constructor.cap, HS_CONSTRUCT, 0, 0);
	hb_dissolve(&HB->ep, &HB->constructor);

	/* the initial thread becomes the proxy that carries signals to the entrypoint */
	while (HB->proxy.cap != HB_NO_CAP) {
		hb_down(&HB->signals);
		hb_invoke(HB->proxy.cap, HS_SIGNAL_PROXY, 0, 0);
	}
}
