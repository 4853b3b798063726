/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies that a server keeps for callers that will ask again
 *
 * A restored server cannot answer the request that it was serving: the kernel
 * forgot who waits. It keeps the reply in a place of this table until the
 * caller, which was restored as well, repeats the call (caplog/call.h). A
 * caller waits for one reply at a time, so it has one place at most. A reply
 * that nobody came for makes room for the next one if the table is full, the
 * one that was kept first going first.
 *
 * The table knows which place is whose; the replies themselves are the base
 * library's. A place between caplog_kept_place and caplog_kept_put, and after
 * caplog_kept_take or caplog_kept_stale until caplog_kept_free, belongs to the
 * thread that called.
 *
 * Freestanding. Not thread-safe: the caller holds the map's spinlock. Zeroed
 * memory is an empty table.
 */
#ifndef CAPLOG_KEPT_H
#define CAPLOG_KEPT_H

#include <caplog/call.h>
#include <caplog/map.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CAPLOG_KEPT 16u /* replies of a component */

struct caplog_kept {
	uint32_t used;                /* places that are not free: 0 can be read without the lock */
	uint32_t order;               /* of the newest */
	uint32_t since[CAPLOG_KEPT];  /* order in which the replies were kept */
	uint8_t  state[CAPLOG_KEPT];  /* 0: free */
	uint64_t call[CAPLOG_KEPT];
};

/* What was in a place that caplog_kept_place returned */
enum caplog_kept_was {
	CAPLOG_KEPT_FREE,    /* nothing                                  */
	CAPLOG_KEPT_OLDER,   /* a reply that its caller does not need    */
	CAPLOG_KEPT_UNASKED  /* a reply that its caller may come for yet */
};

/*
 * Place for the reply to a call
 *
 * \param was  what has to be dropped from there
 * \return     place; CAPLOG_NONE: other threads fill or empty all of them
 */
uint32_t caplog_kept_place(struct caplog_kept *k, uint64_t call, enum caplog_kept_was *was);

/* The reply is in its place */
void caplog_kept_put(struct caplog_kept *k, uint32_t place);

/* Place of the reply to this call; CAPLOG_NONE: there is none */
uint32_t caplog_kept_take(struct caplog_kept *k, uint64_t call);

/* Place of a reply to an earlier call of this call's thread; CAPLOG_NONE: there is none */
uint32_t caplog_kept_stale(struct caplog_kept *k, uint64_t call);

/* The place is empty again */
void caplog_kept_free(struct caplog_kept *k, uint32_t place);

#ifdef __cplusplus
}
#endif

#endif
