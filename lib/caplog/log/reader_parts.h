/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the reader share: header.c checks a header, records.c
 * decodes and applies events, table.c loads slots, reader.c puts them together
 */
#ifndef CAPLOG_READER_PARTS_H
#define CAPLOG_READER_PARTS_H

#include <caplog/reader.h>

#include "shared.h"

enum { READER_TRIES = 64 }; /* full readings against a writer that overruns them */

/* What a full reading did not find, see -EOVERFLOW of caplog_reader_update */
enum reader_lacks {
	LACKS_NOTHING,
	LACKS_EVENTS,  /* on slots that the table does not cover */
	LACKS_DETAIL
};

/* Positions in the endless sequence of records */
struct reader_window {
	uint64_t begin, end;
};

static inline const struct caplog_head *reader_head_block(const struct caplog_reader *r)
{
	return (const struct caplog_head *)(const void *)(r->log + r->header.head_offset);
}

static inline uint64_t reader_pair(const uint32_t *low_first)
{
	return (uint64_t)shared_get(&low_first[1]) << 32 | shared_get(&low_first[0]);
}

/*
 * header.c
 */

/* Check the header as it is now and keep it. \return see caplog_reader_open */
int reader_load_header(struct caplog_reader *r, struct caplog_diag *diag);

/* Has the log been formatted again since it had this generation? */
int reader_restarted(const struct caplog_reader *r, uint32_t generation);

/*
 * records.c
 */

/* Records appended so far */
uint64_t reader_head(const struct caplog_reader *r);

/* Oldest record that cannot be overwritten by an event in the making */
uint64_t reader_oldest(const struct caplog_reader *r, uint64_t head);

/*
 * Decode the event at *pos and move *pos after it
 *
 * \return 1; 0 if there is none (EXT records whose event is overwritten)
 */
int reader_decode(const struct caplog_reader *r, uint64_t *pos, uint64_t end,
                  struct caplog_event *e);

/* Apply the window, remember its end; -EAGAIN if the writer overran it meanwhile */
int reader_apply(struct caplog_reader *r, struct caplog_space *space,
                 const struct reader_window *win, struct caplog_diag *diag);

/*
 * table.c
 */

/*
 * Read the whole table, then apply the events since
 *
 * \param attempt  0 .. READER_TRIES - 1: later ones keep farther from the
 *                 records that the writer overwrites next
 */
int reader_read_table(struct caplog_reader *r, struct caplog_space *space, unsigned attempt,
                      struct caplog_diag *diag);

#endif
