/* SPDX-License-Identifier: BSD-2-Clause */
/* IPC: messages and calls */
#include "internal.h"

void hb_marshal(uint64_t protocol, const struct hb_msg *m)
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

/* The message is copied before insert_map enters the kernel */
uint64_t hb_unmarshal(struct hb_msg *m, uint32_t window)
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

void hb_drop_caps(struct hb_msg *m)
{
	for (uint32_t i = 0; i < m->caps; i++)
		hb_drop(m->cap[i]);
	m->caps = 0;
}

long hb_call(hb_cap dst, const struct hb_msg *snd, struct hb_msg *rcv)
{
	struct hb_msg ignored;
	struct hb_thread *me = hb_myself();
	uint32_t const window = hb_window_alloc();
	uint64_t const call = caplog_call_number(HB->member, me->index, ++me->calls);
	int again = 0;
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
	for (;; again = 1) {
		hb_rest();
		hb_hold();
		hb_marshal((uint64_t)hb_local_name(dst), snd);
		hk_utcb()->window = window;
		hk_utcb()->tag    = caplog_label_64(call, again);
		hb_release(); /* the kernel entry itself can be repeated */
		ret = hb_sys(HK_CALL, dst, 0, 0);
		if (ret != HK_AGAIN)
			break;
	}
	if (!ret) {
		hb_hold();
		hb_unmarshal(rcv, window);
		hb_release();
	}
	hb_window_free(window);
	if (rcv == &ignored)
		hb_drop_caps(rcv);
	return ret;
}

long hb_request(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b, hb_cap arg,
                   struct hb_msg *rcv)
{
	struct hb_msg snd = { 3, arg != HB_NO_CAP, { opcode, a, b }, { arg } };
	return hb_call(dst, &snd, rcv);
}

long hb_invoke(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b)
{
	struct hb_msg rcv;
	long const ret = hb_request(dst, opcode, a, b, HB_NO_CAP, &rcv);

	hb_drop_caps(&rcv);
	return ret ? ret : rcv.words ? (long)rcv.w[0] : 0;
}

hb_cap hb_invoke_cap(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b, hb_cap arg)
{
	struct hb_msg rcv;

	if (hb_request(dst, opcode, a, b, arg, &rcv) || !rcv.caps)
		return HB_NO_CAP;
	return rcv.cap[0];
}
