/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls of Fiasco.OC on the hosted kernel
 *
 * A system call uses the message registers, so each leaves them spoilt. The
 * stub does in C++ what kernel_entry.S does (test_stub has that one): the words
 * of the UTCB are kept on the stack over the entry.
 */
#include "platform.h"

#include <base/internal/kernel_entry.h>
#include <base/internal/native_utcb.h>
#include <base/internal/native_thread.h>
#include <base/internal/lock_helper.h>
#include <foc/native_capability.h>
#include <foc/syscall.h>

#include <string.h>

using namespace Foc;


static uint32_t slot_of(l4_cap_idx_t kcap)
{
	check(!(kcap & 0xfff));
	check((kcap >> L4_CAP_SHIFT) < HK_SLOTS);
	return kcap >> L4_CAP_SHIFT;
}


static l4_msgtag_t call(hk_op op, long a, long b = 0, long c = 0)
{
	hk_sys s = { (long)op, a, b, c, 0 };
	long const ret = hk_enter(&s);

	memset(l4_utcb_mr(), 0xee, sizeof(l4_msg_regs_t));
	return l4_msgtag(ret, 0, 0, 0);
}


l4_utcb_t *Foc::l4_utcb() { return (l4_utcb_t *)((char *)hk_utcb() + UTCB_OFFSET); }

l4_msg_regs_t *Foc::l4_utcb_mr() { return (l4_msg_regs_t *)l4_utcb(); }

l4_buf_regs_t *Foc::l4_utcb_br() {
	return (l4_buf_regs_t *)((char *)l4_utcb() + L4_UTCB_BUF_REGS_OFFSET); }

l4_thread_regs_t *Foc::l4_utcb_tcr_u(l4_utcb_t *u) {
	return (l4_thread_regs_t *)((char *)u + L4_UTCB_THREAD_REGS_OFFSET); }

l4_thread_regs_t *Foc::l4_utcb_tcr() { return l4_utcb_tcr_u(l4_utcb()); }

l4_msgtag_t Foc::l4_task_cap_valid(l4_cap_idx_t task, l4_cap_idx_t cap)
{
	check(task == L4_BASE_TASK_CAP);
	return call(HK_VALID, slot_of(cap));
}

l4_msgtag_t Foc::l4_task_cap_equal(l4_cap_idx_t task, l4_cap_idx_t a, l4_cap_idx_t b)
{
	check(task == L4_BASE_TASK_CAP);
	return call(HK_EQUAL, slot_of(a), slot_of(b));
}

l4_msgtag_t Foc::l4_task_map(l4_cap_idx_t dst, l4_cap_idx_t src, l4_fpage_t page, l4_addr_t base)
{
	check(dst == L4_BASE_TASK_CAP);
	check(src == L4_BASE_TASK_CAP);
	check((base & 0xfff) == (L4_ITEM_MAP | L4_MAP_ITEM_GRANT));
	return call(HK_GRANT, slot_of(page.raw & ~0xfffUL), slot_of(base & ~0xfffUL));
}

l4_msgtag_t Foc::l4_irq_attach(l4_cap_idx_t irq, l4_umword_t label, l4_cap_idx_t thread) {
	return call(HK_IRQ_ATTACH, slot_of(irq), slot_of(thread), label); }

l4_msgtag_t Foc::l4_irq_detach(l4_cap_idx_t irq) { return call(HK_IRQ_DETACH,  slot_of(irq)); }
l4_msgtag_t Foc::l4_irq_trigger(l4_cap_idx_t irq) { return call(HK_IRQ_TRIGGER, slot_of(irq)); }

l4_msgtag_t Foc::l4_thread_yield()              { return call(HK_YIELD, 0); }

long Foc::l4_error(l4_msgtag_t tag) { return l4_msgtag_label(tag); }

l4_umword_t Foc::l4_ipc_error(l4_msgtag_t tag, l4_utcb_t *u) {
	return l4_msgtag_has_error(tag) ? l4_utcb_tcr_u(u)->error : 0; }


/*
 * A message, between the layout of Fiasco.OC and that of the hosted kernel
 */

static void send(l4_msgtag_t tag)
{
	struct hk_utcb *u = hk_utcb();
	l4_umword_t const *mr = l4_utcb_mr()->mr;

	u->words = l4_msgtag_words(tag);
	u->items = l4_msgtag_items(tag);
	check(u->words <= HK_WORDS);
	check(u->items <= HK_CAPS);

	u->tag   = (unsigned long)l4_msgtag_label(tag);

	for (unsigned i = 0; i < u->words; i++)
		u->mr[i] = mr[i];
	for (unsigned i = 0; i < u->items; i++) {
		l4_umword_t const *item = mr + u->words + 2*i;
		check(item[0] == L4_ITEM_MAP);
		check((item[1] & 0xfff) == (3 << 4 | L4_FPAGE_RWX));
		u->item[i] = slot_of(item[1] & ~0xfffUL);
	}
}


/* Four places for one capability each, one after the other */
static void open_window()
{
	l4_umword_t const *br = l4_utcb_br()->br;

	check(!(l4_utcb_br()->bdr & L4_BDR_OFFSET_MASK));
	for (unsigned i = 0; i < HK_CAPS; i++) {
		check((br[i] & 0xfff) == L4_RCV_ITEM_SINGLE_CAP);
		check(br[i] == br[0] + i*L4_CAP_SIZE);
	}
	hk_utcb()->window = slot_of(br[0] & ~0xfffUL);
}


static l4_msgtag_t receive()
{
	struct hk_utcb *u = hk_utcb();

	memset(l4_utcb_mr(), 0xee, sizeof(l4_msg_regs_t));
	for (unsigned i = 0; i < u->words; i++)
		l4_utcb_mr()->mr[i] = u->mr[i];
	return l4_msgtag((long)u->from_tag, u->words, u->items, 0);
}


/* The partner is not there, or does not wait */
static l4_msgtag_t failed()
{
	l4_utcb_tcr()->error = 3;
	return l4_msgtag(0, 0, 0, L4_MSGTAG_ERROR);
}


l4_msgtag_t Foc::l4_ipc_send(l4_cap_idx_t dest, l4_utcb_t *, l4_msgtag_t tag, l4_timeout_t timeout)
{
	check(dest == L4_SYSF_REPLY);
	check(timeout.raw == L4_IPC_SEND_TIMEOUT_0.raw);
	send(tag);

	hk_sys s = { HK_REPLY_WAIT, 1, 1, 0, 0 };
	long const ret = hk_enter(&s);
	check(ret != HK_AGAIN);
	return ret ? failed() : l4_msgtag(0, 0, 0, 0);
}


extern "C" unsigned long caplog_kernel_entry(unsigned long dest, unsigned long raw,
                                             unsigned long timeout, unsigned long *label,
                                             ::uint32_t *holders)
{
	unsigned long const NOBODY = ~0UL << 11;

	l4_umword_t * const user  = l4_utcb_tcr()->user;
	l4_umword_t   const words[] = { user[UTCB_TCR_BADGE], user[UTCB_TCR_THREAD_OBJ] };

	l4_msgtag_t tag;
	tag.raw = raw;

	hk_sys s = { HK_CALL, 0, 0, 0, 0 };

	check(*holders);
	if (l4_msgtag_label(tag) == L4_PROTO_IRQ) {
		check(l4_msgtag_words(tag) == 1);
		check(l4_utcb_mr()->mr[0] == L4_IRQ_OP_EOI);
		check((dest & 0xfff) == L4_SYSF_CALL);
		s.op = HK_IRQ_RECEIVE;
		s.a  = slot_of(dest & ~0xfffUL);
	} else {
		send(tag);
		open_window();
		if (dest == (NOBODY | L4_SYSF_REPLY_AND_WAIT) || dest == (NOBODY | L4_SYSF_WAIT)) {
			s.op = HK_REPLY_WAIT;
			s.a  = dest == (NOBODY | L4_SYSF_REPLY_AND_WAIT);
			check((timeout == L4_IPC_SEND_TIMEOUT_0.raw) == (s.a == 1));
		} else {
			check((dest & 0xfff) == L4_SYSF_CALL);
			s.a = slot_of(dest & ~0xfffUL);
		}
	}

	__atomic_fetch_sub(holders, 1, __ATOMIC_RELEASE);
	long const ret = hk_enter(&s);
	__atomic_fetch_add(holders, 1, __ATOMIC_ACQUIRE);

	if (ret == HK_AGAIN) {
		/* another thread, with a UTCB of zeros */
		l4_umword_t * const fresh = l4_utcb_tcr()->user;
		fresh[UTCB_TCR_BADGE]      = words[0];
		fresh[UTCB_TCR_THREAD_OBJ] = words[1];
		return ~0UL;
	}
	if (label)
		*label = (unsigned long)hk_utcb()->label | 3; /* with the rights of the sender */
	return (ret ? failed() : s.op == HK_IRQ_RECEIVE ? l4_msgtag(0, 0, 0, 0) : receive()).raw;
}
