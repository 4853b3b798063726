/* SPDX-License-Identifier: BSD-2-Clause */
#include "stand.h"


enum { STUB_BYTES = 16384 }; /* all of a kernel entry is in one small piece of code */

static const char *const label_name[CAPLOG_STUB_LABELS] = {
#define X(number, id, name) [number] = #name,
	CAPLOG_STUBS(X)
#undef X
};

int caplog_stub_check(const uint64_t stub[CAPLOG_STUB_LABELS], struct caplog_diag *diag)
{
	uint64_t const kernel = stub[CAPLOG_STUB_KERNEL];

	for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++) {
		uint64_t const away = stub[i] < kernel ? kernel - stub[i] : stub[i] - kernel;

		if (label_name[i] && (!stub[i] || away > STUB_BYTES))
			return caplog_say(diag, CAPLOG_EINVAL, "its log says that label %s of the kernel entry "
			                  "is at %n, far from where the kernel returns to, %n",
			                  label_name[i], stub[i], kernel);
	}
	if (stub[CAPLOG_STUB_READY] >= kernel || stub[CAPLOG_STUB_HELD] <= kernel)
		return caplog_say(diag, CAPLOG_EINVAL, "its log has labels of the kernel entry that are not "
		                  "in order: ready %n, kernel %n, held %n", stub[CAPLOG_STUB_READY], kernel,
		                  stub[CAPLOG_STUB_HELD]);
	return 0;
}

/* Its frame is complete, and it is about to enter the kernel */
static int enters(const struct caplog_stand_question *q)
{
	return q->ip >= q->stub[CAPLOG_STUB_READY] && q->ip < q->stub[CAPLOG_STUB_KERNEL];
}

/* Its frame is complete: it is about to enter the kernel, or in it */
static int in_stub(const struct caplog_stand_question *q)
{
	return enters(q) || (q->ip == q->stub[CAPLOG_STUB_KERNEL] &&
	                     q->state == CAPLOG_STOPPED_BLOCKED);
}

/* A message is there that it did not take out of the UTCB yet */
static int has_message(const struct caplog_stand_question *q)
{
	return q->ip >= q->stub[CAPLOG_STUB_KERNEL] && q->ip < q->stub[CAPLOG_STUB_HELD];
}

enum caplog_stand caplog_stand(const struct caplog_stand_question *q, const char **why)
{
	*why = "";
	if (q->state == CAPLOG_STOPPED_NEW)
		return CAPLOG_STAND_UNSTARTED;
	if (q->state != CAPLOG_STOPPED_BLOCKED && q->state != CAPLOG_STOPPED_EXCEPTION) {
		*why = "runs";
		return CAPLOG_STAND_ASK_AGAIN;
	}
	if (in_stub(q)) {
		/* after a restore an entrypoint does not know whether its reply was sent: so it
		 * always was, since the kernel sends it before it blocks */
		int const replies = q->waits && enters(q) && q->state == CAPLOG_STOPPED_EXCEPTION;

		if (q->has_frame && !replies)
			return CAPLOG_STAND_BLOCKED;
		*why = q->has_frame ? "is about to reply" : "has no stack";
	} else if (q->state == CAPLOG_STOPPED_BLOCKED) {
		*why = "is in the kernel, but not by the base library's entry";
	} else if (has_message(q)) {
		*why = "has a message";
	} else {
		return CAPLOG_STAND_RUNNING;
	}
	return CAPLOG_STAND_LET_RUN;
}
