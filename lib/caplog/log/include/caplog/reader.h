/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reader: the monitor's side of the log
 *
 * Total on any bytes: whatever the log contains, a call returns in time
 * bounded by its size, reads nothing outside it and trusts no value unchecked.
 * The component may run and append meanwhile; then the state is the one at an
 * instant within the call. Records stay where they are: any number of readers
 * may follow one log.
 */
#ifndef CAPLOG_READER_H
#define CAPLOG_READER_H

#include <caplog/diag.h>
#include <caplog/place.h>
#include <caplog/space.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Counters of the log */
struct caplog_log_stat {
	uint64_t records;        /* appended since generation, EXT included */
	uint64_t kept;           /* of these still in the ring              */
	uint64_t uncovered;      /* see struct caplog_head                  */
	uint64_t details_lost, early_lost;
	uint64_t windows, known;
	uint64_t count[CAPLOG_EVENT_KINDS];
};

struct caplog_reader {
	const uint8_t        *log;
	size_t                size;
	struct caplog_header  header;  /* as it was when last checked */
	const struct caplog_flavour *flavour;
	uint64_t              consumed; /* records */
	int                   primed;  /* the space follows the log */
	int                   lacking; /* what the last full reading did not find */
};

/*
 * Check a log's header and remember it
 *
 * \param log   8-byte aligned; stays mapped while the reader is used
 * \param size  bytes that are readable at log
 * \return      0, or with diag filled: -EINVAL (not a log, or damaged),
 *              -EPROTONOSUPPORT (newer major version, named),
 *              -ENOTSUP (unknown flavour or byte order), -EAGAIN (being
 *              formatted right now)
 */
int caplog_reader_open(struct caplog_reader *r, const void *log, size_t size,
                       struct caplog_diag *diag);

/*
 * Bring a space up to date
 *
 * The first call, and one after the ring was overrun, reads the whole table;
 * any other reads the events since the call before and no more.
 *
 * \param space   the same in every call; the first initialises it
 * \param events  receives the number of records read, may be NULL
 * \return        0, or with diag filled: -EAGAIN (the writer was faster than
 *                the reader again and again, or reformats: try again),
 *                -EINVAL (record or entry out of range: named),
 *                -EOVERFLOW (the log, or the buffer before it, was too small:
 *                an event or detail is overwritten that the table has no
 *                place for, or the order of such events is not known; the
 *                space holds all that is known)
 */
int caplog_reader_update(struct caplog_reader *r, struct caplog_space *space,
                         uint64_t *events, struct caplog_diag *diag);

/*
 * Visit the events still in the ring, oldest first
 *
 * For a log at rest. visit returns 0 to continue; any other value ends the
 * visit and is returned.
 *
 * \param complete  set to 1 if no event since generation is missing, else 0
 */
int caplog_reader_history(const struct caplog_reader *r, int *complete,
                          int (*visit)(void *ctx, const struct caplog_event *event),
                          void *ctx, struct caplog_diag *diag);

/* Counters of the log */
int caplog_reader_stat(const struct caplog_reader *r, struct caplog_log_stat *stat);

/* Where the component's map is. \return see caplog_map_place_check */
int caplog_reader_map(const struct caplog_reader *r, struct caplog_map_place *place);

/*
 * Rewrite the badge of one slot in the table of a stopped component's log, as
 * a restore does for the cap map
 *
 * \param r  open on memory that is writable
 * \return   0; with diag: -EOVERFLOW if the table does not cover the slot,
 *           -EINVAL if the slot is empty there
 */
int caplog_reader_rebadge(struct caplog_reader *r, uint32_t slot, uint32_t badge,
                          struct caplog_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
