/* SPDX-License-Identifier: BSD-2-Clause */
#include "scenario.h"

#include <string.h>

extern const struct scenario *const __start_hosted_scenarios[], *const __stop_hosted_scenarios[];

const struct scenario *hosted_scenario(unsigned n)
{
	return n < (size_t)(__stop_hosted_scenarios - __start_hosted_scenarios)
	       ? __start_hosted_scenarios[n] : NULL;
}

const struct scenario *hosted_scenario_by_name(const char *name)
{
	const struct scenario *s;

	for (unsigned n = 0; (s = hosted_scenario(n)); n++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

void hs_leave(int value)
{
	hb_exit(value);
	for (;;)
		hb_down(&(struct hb_semaphore){ 0, NULL });
}

void hs_submit(hb_cap context)
{
	struct hb_msg const m = { 2, 1, { HS_SUBMIT, 1 }, { context } };
	hb_call(HB->pd, &m, NULL);
}
