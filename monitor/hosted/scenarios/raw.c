/* SPDX-License-Identifier: BSD-2-Clause */
/* raw: enters the kernel beside the base library, where nothing can be repeated; for tests only */
#include "scenario.h"

static void raw_construct(void)
{
	struct hk_sys s = { HK_RAW_WAIT, 0, 0, 0, 0 };

	hb_session("LOG");
	hk_enter(&s);
}

const struct scenario hosted_raw = { "raw", 0, { { "raw", raw_construct } } };
