/* SPDX-License-Identifier: BSD-2-Clause */
/* mailbox: gives its signal context to a sibling that submits it */
#include "scenario.h"

enum { MAILS = 3 };

struct mailbox {
	hb_cap           log, context;
	int              mails;
	struct hb_object root;
};

static void mailbox_mail(uint64_t number)
{
	struct mailbox *b = APP(mailbox);

	b->mails += (int)number;
	hb_log(b->log, "mail %d", b->mails);
}

static void serve_mailbox(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct mailbox *b = o->ctx;

	out->words = 1;
	out->w[0] = (uint64_t)b->mails;
	if (in->w[0] == OPEN) {
		out->caps = 1;
		out->cap[0] = hb_copy(b->context);
	}
	if (in->w[0] == QUIT)
		hb_exit(b->mails);
}

static void mailbox_construct(void)
{
	struct mailbox *b = APP(mailbox);

	b->log = hb_session("LOG");
	b->context = hb_signal(0, mailbox_mail);
	hb_announce("mailbox", hb_manage(&HB->ep, &b->root, serve_mailbox, b));
}

struct sender {
	hb_cap           log, root, context;
	struct hb_thread worker;
};

static void sender_work(void *arg)
{
	struct sender *s = arg;

	while ((s->root = hb_session("mailbox")) == HB_NO_CAP)
		;
	s->context = hb_invoke_cap(s->root, OPEN, 0, 0, HB_NO_CAP);
	for (int i = 1; i <= MAILS; i++) {
		hs_submit(s->context);
		while (hb_invoke(s->root, ADD, 0, 0) < i)
			;
		hb_log(s->log, "arrived %d", i);
	}
	hb_invoke(s->root, QUIT, 0, 0);
	hs_leave(0);
}

static void sender_construct(void)
{
	struct sender *s = APP(sender);

	s->log = hb_session("LOG");
	hb_thread_start(&s->worker, sender_work, s);
}

HOSTED_SCENARIO(mailbox, 0, { "mailbox", mailbox_construct }, { "sender", sender_construct });
