/* SPDX-License-Identifier: BSD-2-Clause */
/* oldstyle: construct never returns, so CAP4 stays alive */
#include "scenario.h"

static void oldstyle_construct(void)
{
	hb_cap const log = hb_session("LOG");

	for (int i = 1; i <= 5; i++)
		hb_log(log, "main %d", i);
	hs_leave(1);
}

HOSTED_SCENARIO(oldstyle, 0, { "oldstyle", oldstyle_construct });
