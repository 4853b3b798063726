/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stand: where a stopped thread stands, and whether it can be restored there
 *
 * A pure decision from what the kernel says of the thread and from the labels
 * of the base library's kernel entry (caplog/stub.h).
 */
#ifndef CAPLOG_STAND_H
#define CAPLOG_STAND_H

#include <caplog/diag.h>
#include <caplog/stub.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the kernel reports of a thread that has to stop */
enum caplog_stopped_state {
	CAPLOG_STOPPED_NEW,       /* it was not started yet                          */
	CAPLOG_STOPPED_UNKNOWN,   /* the kernel knows no such thread any more        */
	CAPLOG_STOPPED_BLOCKED,   /* in the kernel: stops when it returns            */
	CAPLOG_STOPPED_LEAVING,   /* on its way into an exception or to block        */
	CAPLOG_STOPPED_EXCEPTION  /* in an exception: all its registers can be read  */
};

struct caplog_stopped {
	uint32_t slot;            /* of its gate */
	uint32_t state;           /* enum caplog_stopped_state */
	uint64_t ip, sp;          /* unless NEW or UNKNOWN */
};

struct caplog_stand_question {
	uint32_t state;           /* enum caplog_stopped_state */
	uint64_t ip;
	const uint64_t *stub;     /* CAPLOG_STUB_LABELS labels from the log's checked header */
	int      has_frame;       /* memory for the stub's frame is attached at its sp */
	int      waits;           /* the frame says that it waits for requests */
};

enum caplog_stand {
	CAPLOG_STAND_UNSTARTED,   /* nothing to keep */
	CAPLOG_STAND_BLOCKED,     /* all it needs lies in the frame at its sp */
	CAPLOG_STAND_RUNNING,     /* its registers must be kept */
	CAPLOG_STAND_ASK_AGAIN,   /* not known yet: ask once more */
	CAPLOG_STAND_LET_RUN      /* not here: it has to run on a little */
};

/*
 * Can these be the labels of a base library's kernel entry?
 *
 * A component writes them, and the monitor starts threads there and judges by
 * their order where a thread stands.
 *
 * \return 0; -EINVAL with diag naming the label
 */
int caplog_stub_check(const uint64_t stub[CAPLOG_STUB_LABELS], struct caplog_diag *diag);

/* \param why  receives what a message says of the thread, unless it can be restored */
enum caplog_stand caplog_stand(const struct caplog_stand_question *q, const char **why);

#ifdef __cplusplus
}
#endif

#endif
