/* SPDX-License-Identifier: BSD-2-Clause */
/* The log is attached and says where everything is */
#include "internal.h"

#include <caplog/stub.h>

struct caplog_format hb_log_format(void)
{
	struct caplog_format f = { .flavour = caplog_own_flavour() };

	f.map.address         = (uint64_t)(uintptr_t)HB->map.badge;
	f.map.epoch_address   = (uint64_t)(uintptr_t)&HB->map.epoch;
	f.map.holders_address = (uint64_t)(uintptr_t)&HB->holders;
	f.map.holders_count   = 1;
	f.map.rest_word       = 1;
	f.map.stride          = f.map.width = sizeof(caplog_badge);
	f.map.count           = HK_SLOTS;
#define X(number, id, name) f.stub[CAPLOG_STUB_##id] = HK_STUB_##id;
	CAPLOG_STUBS(X)
#undef X
	return f;
}

/* From now on calls have numbers, which stay what they are when the parent changes */
static void start(void *log)
{
	caplog_writer_attach(&HB->log, log);
	HB->member = caplog_member((uint32_t)HB->parent_badge);
}

void hb_attach_log(void)
{
	struct caplog_format const f = hb_log_format();
	struct hb_msg rcv;

	hb_request(HB->pd, HS_CAP_SPACE, 0, 0, HB_NO_CAP, &rcv);
	hb_drop_caps(&rcv);
	if (rcv.words < 2 || !rcv.w[0] ||
	    caplog_format((void *)(uintptr_t)rcv.w[0], rcv.w[1], &f))
		caplog_writer_off(&HB->log);
	else
		start((void *)(uintptr_t)rcv.w[0]);
}
