/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Call numbers: how a server recognises a call that is repeated after a restore
 *
 * A component that has a log sends the number of the call with each request,
 * in the label of the message tag, which receivers without caplog ignore.
 *
 *   call    bits 43..28  member: a number of the component, unique in its group
 *                27..20  thread: a number of the calling thread in the component
 *                19..0   count of calls of threads with this number
 *
 *   label on 64 bit      bit 44 repeat, 43..0 call
 *   label on 32 bit      bit 14 set, 13 repeat, 12 rest, 11..0 of the call. With
 *                        `rest` the message has one word more, after its data:
 *                        bits 43..12 of the call. Without it, which is for
 *                        messages that are full, 11..0 are a digest of the call.
 *
 * Label 0 is a request without a number. All numbers are constant over a
 * restore. A count that wraps around repeats after a million calls.
 */
#ifndef CAPLOG_CALL_H
#define CAPLOG_CALL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_CALL_COUNT_BITS  20
#define CAPLOG_CALL_THREAD_BITS 8
#define CAPLOG_CALL_MEMBER_BITS 16
#define CAPLOG_CALL_BITS        44

/* In a 32-bit label */
#define CAPLOG_CALL_LOW_BITS 12
#define CAPLOG_CALL_REST     0x1000u
#define CAPLOG_CALL_AGAIN    0x2000u
#define CAPLOG_CALL_NUMBERED 0x4000u

/* A request's number; call 0: it has none */
struct caplog_call {
	uint64_t call;
	int      again; /* the caller was restored, and may have sent it before */
};

/*
 * Number of a component by a badge, a multiple of four: of different badges below
 * 2^18 it differs, of larger ones if they are close together
 */
static inline uint32_t caplog_member(uint32_t badge) { return (badge >> 2) % UINT16_MAX + 1; }

/* Number of a call; member 0: no number */
static inline uint64_t caplog_call_number(uint32_t member, uint32_t thread, uint32_t count)
{
	uint64_t const caller = (uint64_t)(uint16_t)member << CAPLOG_CALL_THREAD_BITS | (uint8_t)thread;

	return member ? caller << CAPLOG_CALL_COUNT_BITS | (count & 0xfffffu) : 0;
}

/* The thread that makes the call: member and thread */
static inline uint64_t caplog_caller(uint64_t call) { return call >> CAPLOG_CALL_COUNT_BITS; }

static inline uint64_t caplog_label_64(uint64_t call, int again)
{
	return call | (call ? (uint64_t)(again != 0) << CAPLOG_CALL_BITS : 0);
}

static inline struct caplog_call caplog_call_64(uint64_t label)
{
	struct caplog_call const c = { label & ((1ull << CAPLOG_CALL_BITS) - 1),
	                               (int)(label >> CAPLOG_CALL_BITS & 1) };
	return c;
}

/* \param rest  receives the word that follows the data; NULL: the message has no room for it */
static inline uint32_t caplog_label_32(uint64_t call, int again, uint32_t *rest)
{
	uint32_t const flags = CAPLOG_CALL_NUMBERED | (again ? CAPLOG_CALL_AGAIN : 0);

	if (!call)
		return 0;
	if (!rest)
		return flags | ((uint32_t)(call ^ call >> 17 ^ call >> 29) & 0xfffu);
	*rest = (uint32_t)(call >> CAPLOG_CALL_LOW_BITS);
	return flags | CAPLOG_CALL_REST | (uint32_t)(call & 0xfffu);
}

/* \param rest  the word that follows the data, if the label has CAPLOG_CALL_REST */
static inline struct caplog_call caplog_call_32(uint32_t label, uint32_t rest)
{
	struct caplog_call c = { 0, 0 };

	if (!(label & CAPLOG_CALL_NUMBERED))
		return c;
	c.again = (label & CAPLOG_CALL_AGAIN) != 0;
	/* a digest stands for a caller of its own, beyond all members */
	c.call = label & CAPLOG_CALL_REST
	         ? (uint64_t)rest << CAPLOG_CALL_LOW_BITS | (label & 0xfffu)
	         : 1ull << CAPLOG_CALL_BITS | (uint64_t)(label & 0xfffu) << CAPLOG_CALL_COUNT_BITS;
	return c;
}

#ifdef __cplusplus
}
#endif

#endif
