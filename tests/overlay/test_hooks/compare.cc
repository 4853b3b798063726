/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log held against the kernel's object space and the cap map
 */
#include "hooks.h"

#include <base/internal/lock_helper.h>
#include <base/internal/native_utcb.h>

#include <string.h>


caplog_reader reader;
caplog_space  space;
bool          dead[HK_SLOTS];

static caplog_space fresh_space;

hk_thread *thread_at(uint32_t gate)
{
	hk_object * const o = hk_slot(core.task, gate);
	return o && o->type == HK_GATE ? ((hk_gate *)o)->thread : nullptr;
}

static void compare_thread(uint32_t s)
{
	hk_thread * const t = thread_at(s);
	check(t);

	char * const utcb = (char *)(uintptr_t)(HK_UTCBS + t->index*HK_PAGE + UTCB_OFFSET);
	check(space.a[s] == (uintptr_t)utcb);

	/* what the thread was started with is in its UTCB */
	unsigned long * const words = Foc::l4_utcb_tcr_u((Foc::l4_utcb_t *)utcb)->user;
	check(space.b[s] == words[Foc::UTCB_TCR_THREAD_OBJ]);
	check((uintptr_t)cap_space.data(s) == words[Foc::UTCB_TCR_BADGE]);
}

static void compare_slot(uint32_t s)
{
	caplog_cap const  &cap    = space.cap[s];
	hk_object  * const object = hk_slot(core.task, s);
	caplog_badge const badge  = cap_space.map.badge[s];
	bool         const named  = badge != 0 && badge != CAPLOG_BADGE_NONE;

	check(named == (cap.kind != CAPLOG_EMPTY));
	if (!named) {
		dead[s] = false;
		return;
	}
	check(cap.badge == badge);
	if (cap.stale) {
		check(!object);
		return;
	}
	if (cap.kind == CAPLOG_TOMBSTONE || dead[s]) {
		check(!object);
		check((cap.kind == CAPLOG_TOMBSTONE || cap.kind == CAPLOG_RECEIVED));
		return;
	}
	check(object);

	/* the badge of the main thread's gate is not reported */
	if (s == slot(Foc::MAIN_THREAD_CAP)) {
		check(badge == 1);
		check(cap.kind == CAPLOG_PLACED);
		check(thread_at(s) == core_thread(0));
	}
	else
		check(core_badge(object) == badge);

	/* whose thread is ours is one of our RPC objects or threads, and no other is */
	if (object->type == HK_GATE && s >= USER)
		check((thread_at(s) != nullptr) == (cap.kind == CAPLOG_RPC));
	if (object->type == HK_IRQ)
		check((((hk_irq *)object)->thread != nullptr) == (cap.kind == CAPLOG_IRQ));

	switch (cap.kind) {
	case CAPLOG_RPC:
		check(thread_at(s) == thread_at(cap.other));
		break;
	case CAPLOG_THREAD:
		compare_thread(s);
		break;
	case CAPLOG_IRQ:
		check(object->type == HK_IRQ);
		check(((hk_irq *)object)->thread == thread_at(cap.other));
		check(((hk_irq *)object)->label == space.a[s]);
		break;
	}
}

/* Read the log as a monitor does: not while a thread holds */
void compare()
{
	caplog_diag   diag;
	caplog_reader other;

	while (t_holding())
		thread_yield();
	check(overlay_asserts() == 0);
	if (!logged())
		return;

	check(caplog_reader_update(&reader, &space, nullptr, &diag) == 0);

	/* a late caller sees the same */
	check(caplog_reader_open(&other, (void *)HK_LOG, LOG_SIZE, &diag) == 0);
	check(caplog_reader_update(&other, &fresh_space, nullptr, &diag) == 0);
	for (uint32_t s = 0; s < HK_SLOTS; s++) {
		check(!::memcmp(&space.cap[s], &fresh_space.cap[s], offsetof(caplog_cap, version)));
		compare_slot(s);
	}
}

::uint64_t records()
{
	caplog_log_stat stat = { };

	if (logged())
		check(caplog_reader_stat(&reader, &stat) == 0);
	return stat.records;
}

unsigned kind(Native_capability const &cap)
{
	compare();
	return space.cap[slot(cap)].kind;
}

void open_log()
{
	caplog_diag diag;

	::memset(&space, 0, sizeof(space));
	check(caplog_reader_open(&reader, (void *)HK_LOG, LOG_SIZE, &diag) == 0);
}
