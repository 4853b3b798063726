/* SPDX-License-Identifier: BSD-2-Clause */
/* memory: dataspaces attached, written, detached, attached elsewhere */
#include "scenario.h"

struct memory {
	hb_cap log, page[3];
	struct hb_thread worker;
};

static long page_op(uint64_t opcode, hb_cap page, uint64_t address)
{
	struct hb_msg const m = { 2, 1, { opcode, address }, { page } };
	struct hb_msg rcv;

	return hb_call(HB->pd, &m, &rcv) || !rcv.words ? -1 : (long)rcv.w[0];
}

static void memory_work(void *arg)
{
	struct memory *c = arg;

	for (uint64_t i = 0; i < 3; i++) {
		c->page[i] = hb_invoke_cap(HB->pd, HS_RAM_ALLOC, 1, 0, HB_NO_CAP);
		page_op(HS_ATTACH, c->page[i], HK_HEAP + i * HK_PAGE);
		*(uint64_t *)(uintptr_t)(HK_HEAP + i * HK_PAGE) = 100 + i;
	}
	for (uint64_t i = 0; i < 3; i++)
		page_op(HS_DETACH, c->page[i], HK_HEAP + i * HK_PAGE);
	for (uint64_t i = 0; i < 3; i++) {
		uint64_t *there = (uint64_t *)(uintptr_t)(HK_HEAP + (2 - i) * HK_PAGE);
		page_op(HS_ATTACH, c->page[i], (uint64_t)(uintptr_t)there);
		hb_log(c->log, "page %d holds %d", (int)i, (int)*there);
		*there += 10;
	}
	hb_log(c->log, "attached twice: %ld", page_op(HS_ATTACH, c->page[0], HK_HEAP));
	hs_leave((int)(*(uint64_t *)HK_HEAP));
}

static void memory_construct(void)
{
	struct memory *c = APP(memory);

	c->log = hb_session("LOG");
	hb_thread_start(&c->worker, memory_work, c);
}

HOSTED_SCENARIO(memory, 0, { "memory", memory_construct });
