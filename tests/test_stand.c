/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a stopped thread stands: every state at every place of the stub */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <caplog/stub.h>

#include "stand.h"

enum { READY = 0x1000, KERNEL = 0x1010, HELD = 0x1020 };

static const uint64_t stub[CAPLOG_STUB_LABELS] = {
	[CAPLOG_STUB_READY] = READY, [CAPLOG_STUB_KERNEL] = KERNEL, [CAPLOG_STUB_HELD] = HELD
};

/* An entrypoint */
static struct caplog_stand_question t_at(enum caplog_stopped_state state, uint64_t ip)
{
	struct caplog_stand_question const q = { state, ip, stub, 1, 1 };
	return q;
}

static void t_stands(const struct caplog_stand_question *q, enum caplog_stand expected,
                     const char *says)
{
	const char *why = NULL;
	enum caplog_stand const got = caplog_stand(q, &why);

	if (got != expected || !strstr(why, says))
		fail_msg("state %u at %llx: stands %u (\"%s\"), expected %u (\"%s\")", q->state,
		         (unsigned long long)q->ip, got, why, expected, says);
}

static void test_every_place(void **state)
{
	static const struct {
		uint64_t ip;
		enum caplog_stand blocked, exception;
		const char *blocked_says, *exception_says;
	} places[] = {
		{ READY - 1,  CAPLOG_STAND_LET_RUN, CAPLOG_STAND_RUNNING, "kernel", "" },
		{ READY,      CAPLOG_STAND_BLOCKED, CAPLOG_STAND_BLOCKED, "", "" },
		{ KERNEL - 1, CAPLOG_STAND_BLOCKED, CAPLOG_STAND_BLOCKED, "", "" },
		{ KERNEL,     CAPLOG_STAND_BLOCKED, CAPLOG_STAND_LET_RUN, "", "has a message" },
		{ KERNEL + 1, CAPLOG_STAND_LET_RUN, CAPLOG_STAND_LET_RUN, "kernel", "has a message" },
		{ HELD - 1,   CAPLOG_STAND_LET_RUN, CAPLOG_STAND_LET_RUN, "kernel", "has a message" },
		{ HELD,       CAPLOG_STAND_LET_RUN, CAPLOG_STAND_RUNNING, "kernel", "" },
		{ 0,          CAPLOG_STAND_LET_RUN, CAPLOG_STAND_RUNNING, "kernel", "" },
		{ ~0ull,      CAPLOG_STAND_LET_RUN, CAPLOG_STAND_RUNNING, "kernel", "" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct caplog_stand_question q = t_at(CAPLOG_STOPPED_BLOCKED, places[i].ip);

		q.waits = 0;
		t_stands(&q, places[i].blocked, places[i].blocked_says);
		q.state = CAPLOG_STOPPED_EXCEPTION;
		t_stands(&q, places[i].exception, places[i].exception_says);
		q.state = CAPLOG_STOPPED_LEAVING;
		t_stands(&q, CAPLOG_STAND_ASK_AGAIN, "runs");
		q.state = CAPLOG_STOPPED_UNKNOWN;
		t_stands(&q, CAPLOG_STAND_ASK_AGAIN, "runs");
		q.state = CAPLOG_STOPPED_NEW;
		t_stands(&q, CAPLOG_STAND_UNSTARTED, "");
	}
}

static void test_no_stack(void **state)
{
	struct caplog_stand_question q = t_at(CAPLOG_STOPPED_BLOCKED, KERNEL);

	(void)state;
	q.has_frame = q.waits = 0;
	t_stands(&q, CAPLOG_STAND_LET_RUN, "no stack");
	/* a thread that runs needs its stack only when its registers are kept */
	q = t_at(CAPLOG_STOPPED_EXCEPTION, HELD);
	q.has_frame = q.waits = 0;
	t_stands(&q, CAPLOG_STAND_RUNNING, "");
}

/* An entrypoint that has not entered the kernel yet may have a reply to send */
static void test_entrypoint(void **state)
{
	struct caplog_stand_question q = t_at(CAPLOG_STOPPED_BLOCKED, KERNEL);

	(void)state;
	t_stands(&q, CAPLOG_STAND_BLOCKED, ""); /* waits for the next request */
	q = t_at(CAPLOG_STOPPED_EXCEPTION, READY);
	t_stands(&q, CAPLOG_STAND_LET_RUN, "is about to reply");
	q.ip = KERNEL - 1;
	t_stands(&q, CAPLOG_STAND_LET_RUN, "is about to reply");
	q.waits = 0;
	t_stands(&q, CAPLOG_STAND_BLOCKED, "");
	/* in a handler, whatever that waits for */
	q.state = CAPLOG_STOPPED_BLOCKED;
	q.ip = KERNEL;
	t_stands(&q, CAPLOG_STAND_BLOCKED, "");
	q = t_at(CAPLOG_STOPPED_EXCEPTION, HELD + 100);
	t_stands(&q, CAPLOG_STAND_RUNNING, "");
}

/* Labels lie together, and their order says where a thread stands */
static void test_labels(void **state)
{
	uint64_t const good[CAPLOG_STUB_LABELS] = { 0x9000, 0x9010, 0x9020, 0x9030, 0x9040, 0x9050, 0x9060 };
	uint64_t s[CAPLOG_STUB_LABELS];
	struct caplog_diag diag;

	(void)state;
	assert_int_equal(caplog_stub_check(good, NULL), 0);
#define REFUSED(label, value, says) \
	do { \
		memcpy(s, good, sizeof s); \
		s[CAPLOG_STUB_##label] = value; \
		assert_int_equal(caplog_stub_check(s, &diag), CAPLOG_EINVAL); \
		assert_non_null(strstr(diag.text, says)); \
	} while (0)
	REFUSED(READY, 0x9010, "in order");
	REFUSED(READY, 0x9011, "in order");
	REFUSED(HELD, 0x9010, "in order");
	REFUSED(HELD, 0x900f, "in order");
	REFUSED(READY, 0, "label ready");
	REFUSED(RESTART, 0x9010 + 16385, "label restart");
	REFUSED(RESUME, 0x9010 - 16385, "label resume");
	REFUSED(SAVE, ~(uint64_t)0, "label save");
	REFUSED(SAVED, 0, "label saved");
	memcpy(s, good, sizeof s);
	s[CAPLOG_STUB_RESTART] = 0x9010 + 16384;
	assert_int_equal(caplog_stub_check(s, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_no_stack),
		cmocka_unit_test(test_entrypoint),
		cmocka_unit_test(test_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
