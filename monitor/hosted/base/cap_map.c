/* SPDX-License-Identifier: BSD-2-Clause */
/* Cap map under its spinlock */
#include "internal.h"

static int op_equal(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	return (int)hb_sys(HK_EQUAL, a, b, 0);
}

static int op_valid(void *ctx, uint32_t slot)
{
	(void)ctx;
	return (int)hb_sys(HK_VALID, slot, 0, 0);
}

static void op_grant(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx;
	hb_sys(HK_GRANT, from, to, 0);
}

uint32_t hb_window_alloc(void)
{
	hb_lock();
	uint32_t const slot = caplog_map_alloc(&HB->map, CAPLOG_WINDOW);
	hb_unlock();
	return slot;
}

void hb_window_free(uint32_t slot)
{
	hb_lock();
	caplog_map_free(&HB->map, slot, CAPLOG_WINDOW);
	hb_unlock();
}

hb_cap hb_insert_map(uint64_t badge, uint32_t from)
{
	static const struct caplog_map_ops ops = { op_equal, op_valid, op_grant, NULL };

	hb_lock();
	uint32_t const slot = caplog_map_insert_map(&HB->map, (uint32_t)badge, from, &ops, NULL);
	hb_unlock();
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
	hb_lock();
	hb_hold();
	caplog_map_remove(&HB->map, cap, 1);
	hb_release();
	hb_unlock();
}

long hb_local_name(hb_cap cap)
{
	return cap == HB_NO_CAP ? 0 : HB->map.badge[cap];
}
