/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads */
#include "internal.h"

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
	hb_request(t->cap, HS_THREAD_STATE, 0, 0, HB_NO_CAP, &state);
	t->slot = (uint32_t)state.w[0];
	hb_lock();
	caplog_map_insert_at(&HB->map, (uint32_t)state.w[1], t->slot);
	struct hk_utcb *u = (struct hk_utcb *)(uintptr_t)state.w[2];
	t->index = (uint32_t)((state.w[2] - HK_UTCBS) / HK_PAGE);
	caplog_append_thread(&HB->log, t->slot, HB->map.badge[t->slot], state.w[2],
	                     (uint64_t)(uintptr_t)t);
	u->user[0] = t->slot;
	u->user[1] = (uint64_t)(uintptr_t)t;
	hb_unlock();
	hb_release();
	hb_invoke(t->cap, HS_THREAD_START, (uint64_t)(uintptr_t)thread_entry,
	          (uint64_t)(uintptr_t)t);
}
