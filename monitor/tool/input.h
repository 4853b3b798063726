/* SPDX-License-Identifier: BSD-2-Clause */
/* From bytes of a file, a pipe or a serial line to logs in memory */
#ifndef INPUT_H
#define INPUT_H

#include <sys/stat.h>

#include "tool.h"

/*
 * Bytes as they come (source.c)
 *
 * One line at a time lies in memory, whatever the size of the input: a line is
 * of at most SOURCE_LINE_MAX bytes.
 */

enum { SOURCE_LINE_MAX = 65536 };

struct source {
	const char *name;      /* for messages                                  */
	int         fd, owns_fd;
	int         follows;   /* wait for more where a file ends               */
	struct stat st;
	char       *buffer;
	size_t      begin, end; /* bytes in `buffer` that are not taken yet     */
	size_t      looked;    /* of these without the end of a line            */
	int         at_end;
	int         in_long_line; /* the rest of it is passed over              */
	uint64_t    bytes;     /* read so far                                   */
	uint64_t    line;      /* number of the line given last                 */
	void      (*idle)(void *ctx); /* before it waits for more; may be NULL  */
	void       *idle_ctx;
};

/* \return 0 or TOOL_UNUSABLE, error printed */
int source_open(struct source *s, const char *path);
void source_close(struct source *s);

/* First bytes, at most `size`, without taking them. \return their number; -1, error printed */
ssize_t source_peek(struct source *s, void *bytes, size_t size);

/*
 * Next line, without its end; the bytes may be changed
 *
 * \return 1; 0 at the end; -1, error printed; 2 for the first SOURCE_LINE_MAX
 *         bytes of a longer line
 */
int source_line(struct source *s, char **text, size_t *len);

/* All that is left; caller calls free(). \return 0 or TOOL_UNUSABLE, error printed */
int source_rest(struct source *s, size_t max, uint8_t **data, size_t *size);

/* Set by a signal: sources that follow end */
extern volatile int source_stop;


/*
 * Progress on a terminal (progress.c)
 */

/* Print what was read and written, from two seconds on, if standard error is a terminal */
void progress_begin(void);

/* Nothing more: what follows is printed without it. May be called at any time. */
void progress_end(void);

/* Before a message is printed, and after it */
void progress_hold(void);
void progress_release(void);

/* An input is opened; 0: its size is not known */
void progress_input(uint64_t size);
/* So many more bytes came */
void progress_read(uint64_t bytes);
/* That many bytes are about to be written; `to_output`: to standard output, without stdio */
void progress_writing(uint64_t size, int to_output);


/*
 * Terminal control (clean.c)
 */

/*
 * Leave terminal control out of a line, in place
 *
 * A carriage return or a moved cursor ends a part of the line: call it until
 * *rest is NULL.
 *
 * \param rest  before the first call the line; then what is left of it
 * \param len   of *rest; receives what is left
 * \return      the part, of *part_len bytes, terminated
 */
char *clean_part(char **rest, size_t *len, size_t *part_len);

/* Editors put one before the first line of a file */
void skip_byte_order_mark(const struct source *s, char **text, size_t *len);


/*
 * Order (order.c)
 */

struct residue;
struct order;

/*
 * Put events right that stand out of order, as they come
 *
 * \param out       called for each event, in order; returns 0
 * \param counters  late, dropped, unmatched are counted there
 * \param residue   receives what matches nothing; may be NULL
 * \return          NULL without memory
 */
struct order *order_new(const struct caplog_flavour *flavour, struct trace *counters,
                        struct residue *residue,
                        int (*out)(void *ctx, const struct trace_event *e), void *ctx);

/* \return 0; -ENOMEM; what `out` returned */
int order_take(struct order *o, const struct trace_event *e);

/* No further event: what waits still is dropped. May be NULL. */
void order_end(struct order *o);


/*
 * Residue (residue.c): what the kernel has in slots without an entry
 *
 * The base library does not unmap what it removes, and what came into a receive
 * window stays there until the window is used again. So each of the kernel's slots
 * without an entry was named by a line; one that was not is a lost line.
 */

struct residue {
	const struct caplog_flavour *flavour;
	uint8_t  how[CAPLOG_SLOTS_MAX];      /* enum caplog_residue_how           */
	uint8_t  freed[CAPLOG_SLOTS_MAX];    /* entry removed, slot free          */
	uint8_t  reserved[CAPLOG_SLOTS_MAX]; /* in a receive window now           */
	uint8_t  passed[CAPLOG_SLOTS_MAX];   /* see struct caplog_residue         */
	uint32_t badge[CAPLOG_SLOTS_MAX];
};

void residue_init(struct residue *r, const struct caplog_flavour *flavour);
void residue_line(struct residue *r, const struct caplog_line *line);
/* An event whose insertion is missing */
void residue_unmatched(struct residue *r, const struct caplog_event *e);
/* Entries for a log; \return their number */
uint32_t residue_entries(const struct residue *r, struct caplog_residue *entry);


/*
 * Logs of events (build.c)
 */

struct builder {
	const char *name;
	const struct load_options *options;
	uint8_t    *bytes;   /* with a size that is given: the log, as it grows */
	size_t      size;
	struct caplog_writer writer;
	struct trace events; /* without: all events                             */
};

/* \return 0 or TOOL_UNUSABLE, error printed */
int builder_begin(struct builder *b, const char *name, const struct load_options *options);
int builder_event(struct builder *b, const struct trace_event *e);
/* Seal the log; it becomes log->bytes. \return as above */
int builder_end(struct builder *b, struct tool_log *log, const struct trace *counters,
                const struct residue *residue);
void builder_free(struct builder *b);


/*
 * Lines of traces and captures (trace.c, capture.c)
 */

enum { TRACED_MAX = 256, LABEL_SIZE = 64 };

/* One component of the input, and its events on their way into a log */
struct traced {
	uint64_t pd;
	int      has_pd;
	char     label[LABEL_SIZE]; /* "init -> x", if its lines have one      */
	uint64_t lines;             /* that name it                            */
	struct trace    trace;      /* counters                                */
	struct residue *residue;    /* NULL: its events are not taken          */
	struct order   *order;
	struct builder  builder;
};

/* What a line holds */
struct found_line {
	int         is_captured;  /* it stands after "@cap"                    */
	int         has_pd;
	uint64_t    pd;
	const char *label;        /* not terminated                            */
	size_t      label_len;
	const char *damage;       /* NULL, or why it cannot be taken           */
	const char *event;        /* terminated; NULL: there is none           */
};

/*
 * Look for an event in a part of a line
 *
 * \param plain  events need no "@cap" before them
 */
void find_event(char *text, size_t len, int plain, struct found_line *found);

struct intake;

/* For readers of their own: called for each line that holds an event. \return 0 to continue */
typedef int intake_event(void *ctx, const struct traced *c, const struct caplog_line *line,
                         uint64_t number);

struct intake {
	struct source  *source;
	const struct load_options *options;
	int             all;        /* take all components of a capture        */
	intake_event   *event;      /* instead of building logs                */
	void           *ctx;
	int             shape;
	int             several;    /* and none was chosen                     */
	uint32_t        count;
	struct traced *component[TRACED_MAX];
	uint64_t        skipped;    /* lines that should be events and are invalid */
	uint64_t        unknown;    /* lines before anything was known         */
	uint64_t        unknown_line;
	uint64_t        unknown_bytes;
	struct caplog_diag unknown_why;
};

/* Is this the entry of a main thread? A second one under a number is another component's. */
int begins_component(const struct caplog_flavour *flavour, const struct caplog_line *line);

/* Read all of a source. \return 0 or TOOL_UNUSABLE, error printed */
int intake_read(struct intake *in);
void intake_free(struct intake *in);

#endif
