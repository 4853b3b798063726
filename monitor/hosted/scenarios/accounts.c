/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payer and bank: sessions that are opened, upgraded and closed by two threads,
 * at the parent and at the sibling. What is left of the quota is that of an
 * uninterrupted run: nothing is given twice, and nothing is lost.
 */
#include "node.h"
#include "scenario.h"

#include <string.h>

enum { ROUNDS = 3, UPGRADE = 17, PAID = 1000 };

struct accounts {
	hb_cap              log;
	struct hb_object    root;
	struct hb_thread    worker[2];
	struct hb_semaphore done;
	uint64_t            paid;    /* to the bank's sessions */
};

/* \return HB_NO_CAP: not enough quota, or the service does not exist yet */
static hb_cap open_session(const char *name, uint64_t quota)
{
	struct hb_msg snd = { 4, 0, { HS_SESSION }, { 0 } }, rcv;

	strncpy((char *)&snd.w[1], name, 2 * sizeof snd.w[1]);
	snd.w[3] = quota;
	return hb_call(HB->parent, &snd, &rcv) || !rcv.caps ? HB_NO_CAP : rcv.cap[0];
}

static void to_session(hb_cap session, uint64_t opcode, uint64_t quota)
{
	struct hb_msg const snd = { 2, 1, { opcode, quota }, { session } };

	hb_call(HB->parent, &snd, NULL);
}

static int left(void)
{
	return (int)hb_invoke(HB->pd, HS_QUOTA, 0, 0);
}

/* Sessions of the parent: all comes back */
static void open_and_close(void *arg)
{
	struct accounts *c = APP(accounts);
	uint64_t const quota = (uint64_t)(uintptr_t)arg;

	for (uint64_t n = 1; n <= ROUNDS; n++) {
		hb_cap const log = open_session("LOG", quota * n), timer = open_session("Timer", quota);

		to_session(log, HS_UPGRADE, UPGRADE);
		to_session(timer, HS_CLOSE, 0);
		hb_drop(timer);
		to_session(log, HS_UPGRADE, n);
		to_session(log, HS_CLOSE, 0);
		hb_drop(log);
	}
	hb_up(&c->done);
}

static void serve_bank(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct accounts *c = o->ctx;

	out->words = 1;
	out->w[0] = 0;
	if (in->w[0] == ADD)
		out->w[0] = c->paid += in->w[1];
	if (in->w[0] != QUIT)
		return;
	hb_log(c->log, "was paid %d, has %d", (int)c->paid, left());
	hb_exit((int)c->paid);
}

static void payer_work(void *arg)
{
	struct accounts *c = APP(accounts);
	hb_cap bank;

	(void)arg;
	while ((bank = open_session("bank", PAID)) == HB_NO_CAP)
		;
	hb_invoke(bank, ADD, PAID, 0);
	for (uint64_t n = 1; n <= ROUNDS; n++) {
		hb_drop(open_session("bank", n));
		hb_invoke(bank, ADD, n, 0);
	}
	hb_log(c->log, "too much: %d", open_session("LOG", 2 * HM_QUOTA) != HB_NO_CAP);
	hb_down(&c->done);
	hb_log(c->log, "left %d", left());
	hb_invoke(bank, QUIT, 0, 0);
	hs_leave(left());
}

static void payer_construct(void)
{
	struct accounts *c = APP(accounts);

	c->log = open_session("LOG", 100);
	hb_log(c->log, "begins with %d", left());
	hb_thread_start(&c->worker[0], open_and_close, (void *)10);
	hb_thread_start(&c->worker[1], payer_work, NULL);
}

static void bank_construct(void)
{
	struct accounts *c = APP(accounts);

	c->log = open_session("LOG", 200);
	hb_announce("bank", hb_manage(&HB->ep, &c->root, serve_bank, c));
}

HOSTED_SCENARIO(accounts, 0, { "payer", payer_construct }, { "bank", bank_construct });
