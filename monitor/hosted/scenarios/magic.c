/* SPDX-License-Identifier: BSD-2-Clause */
/* magic: holds an object that cannot be recreated; for tests only */
#include "scenario.h"

static void magic_construct(void)
{
	hb_cap const log = hb_session("LOG");

	hb_session("magic wand");
	hb_log(log, "has it");
	hs_leave(0);
}

const struct scenario hosted_magic = { "magic", 0, { { "magic", magic_construct } } };
