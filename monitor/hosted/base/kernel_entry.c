/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel entries */
#include "internal.h"

long hb_sys(long op, long a, long b, long c)
{
	struct hk_sys s = { op, a, b, c, 0 };
	return hk_enter(&s);
}

struct hb_thread *hb_myself(void)
{
	return (struct hb_thread *)(uintptr_t)hk_utcb()->user[1];
}

void hb_rest(void)
{
	while (HB->rest && !HB->holders)
		hb_sys(HK_YIELD, 0, 0, 0);
}

void hb_hold(void)    { HB->holders++; }
void hb_release(void) { HB->holders--; }
