/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the `caplog` command share */
#ifndef TOOL_H
#define TOOL_H

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>

#include <caplog/file.h>
#include <caplog/plan.h>
#include <caplog/text.h>
#include <caplog/writer.h>

/* Exit status of every subcommand */
enum {
	TOOL_OK = 0,
	TOOL_DIFFERS = 1, /* the input is fine, what it was checked for is not */
	TOOL_UNUSABLE = 2 /* unusable input or usage                           */
};

/*
 * An option: parsing, --help, completion and the tests of the pages all come
 * from this one line
 */
struct tool_option {
	int         id;    /* its letter; OPTION_OWN and up if it has none       */
	const char *name;  /* long name; NULL ends a table                       */
	const char *value; /* what --help calls its value; NULL: it takes none   */
	const char *help;  /* one sentence, broken into lines by --help          */
	const char *words; /* values for completion, by blanks; or one of these  */
};

#define TOOL_FILE    "<file>"
#define TOOL_FLAVOUR "<flavour>"

struct tool_command {
	const char *name;
	const char *summary;  /* one line for `caplog --help`              */
	const char *operands; /* and options that must be there, one line  */
	const char *about;    /* what it does                              */
	const struct tool_option *options; /* of its own                   */
	int (*run)(int argc, char **argv);
};

/* All commands, in the order of --help; NULL ends them (commands.c) */
extern const struct tool_command *const tool_commands[];

/* Options that every command takes (options.c) */
extern const struct tool_option tool_input_options[];

/* NULL: no such command */
const struct tool_command *tool_command(const char *name);

extern const struct tool_command tool_import, tool_export, tool_show, tool_verify,
                                 tool_replay, tool_stat, tool_diff, tool_history, tool_graph,
                                 tool_spec, tool_check, tool_follow, tool_dump,
                                 tool_merge;


/*
 * Messages (output.c)
 */

/*
 * Print "caplog: ..." on standard error; control characters in it, of names of
 * files or of damaged lines, are printed as \xNN
 *
 * \return TOOL_UNUSABLE
 */
int tool_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Likewise, for what is worth knowing and no error */
void tool_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Control sequence for standard output; "" where colour is not wanted */
const char *tool_bold(void);
const char *tool_red(void);
const char *tool_green(void);
const char *tool_dim(void);
const char *tool_plain(void);

/* Print text of others: control characters, which could drive a terminal, as \xNN */
void tool_put_safe(FILE *to, const char *text);
/* On standard output, within double quotes: as \" and \\, and control characters as `escape`xNN */
void tool_put_quoted(const char *text, const char *escape);

/* Bytes of the UTF-8 character at `text`, which is not at its end; 0: there is none */
unsigned tool_utf8_length(const char *text);

/* "s" for any count but 1 */
const char *plural(uint64_t count);

/* The same with a prefix of its own and an ending (NULL: none) */
void tool_say(const char *prefix, const char *fmt, va_list args, const char *ending);

/* How messages call a file: "-" reads as "standard input" */
const char *tool_name(const char *path);

/* Was all of standard output written? \return status, or TOOL_UNUSABLE if not */
int tool_finish(int status);

/* Something of the input was left out: tool_finish(TOOL_OK) becomes TOOL_DIFFERS */
void tool_incomplete(void);

/* Of all JSON that is printed: docs/caplog.schema.json */
#define TOOL_SCHEMA "caplog/1"

struct json_t;
/* Begin a document: an object that names the schema and itself */
struct json_t *tool_json_document(const char *name);
/* "0x..." as a JSON string, since JSON numbers end at 53 bits */
struct json_t *tool_json_hex(uint64_t value);
/* A JSON string of text from outside; bytes that are not UTF-8 as \xNN */
struct json_t *tool_json_text(const char *text);
/* Print and release a JSON value. \return as tool_finish */
int tool_json_print(struct json_t *json, int status);


/*
 * Options (options.c)
 */

/* How an input file is to be taken */
struct load_options {
	const struct caplog_flavour *flavour; /* of a text trace                     */
	uint8_t  word_bytes;                  /* of the component of a text trace      */
	int      unsealed;                    /* accept the copy of a live log       */
	int      keep_going;                  /* leave out lines that cannot be taken */
	int      pd_given;
	uint64_t pd;                          /* component in a console capture      */
	size_t   size;                        /* of a log made from text; 0: ample   */
};

enum {
	OPTION_DONE = -1, /* no further option                          */
	OPTION_END = -2,  /* nothing more to do: return args->status    */
	OPTION_UNSEALED = 256, OPTION_PD, OPTION_FLAVOUR, OPTION_WORD, OPTION_KEEP_GOING,
	OPTION_OWN
};

enum { TOOL_OPTIONS_MAX = 32 }; /* of one command, with those of the input */

struct args {
	const struct tool_command *command;
	int    argc;
	char **argv;
	struct option longs[TOOL_OPTIONS_MAX];
	char   shorts[2 * TOOL_OPTIONS_MAX + 2];
	struct load_options  load;
	int    status;
};

/* Begin to read a command's arguments */
void args_init(struct args *args, const struct tool_command *command, int argc, char **argv);

/* Next option that is the subcommand's own; handles all others, --help and errors */
int args_option(struct args *args);

/* The one FILE operand; NULL (error printed) if there is none or more */
const char *args_file(struct args *args);

/* Print an error about usage. \return TOOL_UNUSABLE */
int args_error(const struct args *args, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What `caplog COMMAND --help` prints (help.c) */
void print_command_help(const struct tool_command *command);

/* What `caplog --help` prints */
void print_help(FILE *to);

/* `caplog completion SHELL`. \return status of the run (completion.c) */
int print_completion(const char *shell);

/* Number in decimal or 0x form, with K or M after it if `units`. \return 0 or -1 */
int parse_number(const char *text, int units, uint64_t *value);


/*
 * Input (load.c, trace.c, order.c, build.c, entry.c)
 */

/* An event of a text trace and the line it stands in */
struct trace_event {
	struct caplog_event event;
	uint64_t line;
};

struct trace {
	struct trace_event *event;
	size_t   count, room;
	uint64_t taken;     /* events                                             */
	uint64_t mains;     /* entries of main threads: a component has one        */
	uint64_t windows, known, conflicts; /* lines that change nothing          */
	uint64_t late;      /* events out of order: put right, or dropped          */
	uint64_t dropped;   /* of these: dropped                                   */
	uint64_t unmatched; /* events that matched nothing, neither before nor after */
};

/* A log in memory, checked and folded */
struct tool_log {
	const char *name;
	uint8_t    *bytes;
	size_t      size;
	int         is_text;    /* made from a text trace: `trace` counts its lines */
	struct trace trace;     /* counters only                                    */
	struct caplog_reader   reader;
	struct caplog_space   *space;
	struct caplog_log_stat stat;
	struct caplog_diag     incomplete; /* error: 0, or why `space` lacks slots  */
	int         has_pd;     /* of a capture: which component it is              */
	uint64_t    pd;
	char        label[64];  /* how its lines call it, or ""                     */
	int         residue_known; /* what the kernel holds in slots without entry  */
	const struct caplog_residue *residue; /* in `bytes`, by ascending slots     */
	uint32_t    residues;
};

/* All components of one input, or the bytes of an image, checked */
struct tool_logs {
	struct tool_log *log;
	size_t           count;
	uint8_t         *image; /* NULL: logs */
	size_t           image_size;
};

/* May the bytes of a binary log be believed? \return 0 or negative errno */
int log_check(const uint8_t *bytes, size_t size, int unsealed, struct caplog_reader *reader,
              struct caplog_diag *diag);

/* Load a log or a text trace. \return 0 or TOOL_UNUSABLE, error printed */
int log_load(struct tool_log *log, const char *path, const struct load_options *options);

/* Likewise all components of a capture, or the one that --pd names */
int logs_load(struct tool_logs *logs, const char *path, const struct load_options *options);
void logs_free(struct tool_logs *logs);

/* \return 0; TOOL_UNUSABLE, error printed, if the log does not cover every slot */
int log_complete(const struct tool_log *log);

void log_free(struct tool_log *log);

/* Is this entry's own RPC object freed, whether or not its badge is in use again? */
int is_tombstone(const struct caplog_cap *cap);

/* What to call an entry: its kind, or "stale" if that says more about it */
const char *entry_name(const struct caplog_space *space, uint32_t slot);


/*
 * Restore in memory (memspace.c, check.c)
 */

enum { NO_OBJECT = 0 };

struct mem_object {
	uint8_t  type;       /* enum caplog_kernel_type; NONE: destroyed          */
	uint8_t  is_thread;  /* a thread's gate                                   */
	uint8_t  is_hole;    /* thread to be thrown away                          */
	uint8_t  is_set;     /* thread whose registers were set                   */
	uint8_t  started;
	uint16_t of_slot;    /* that it was made for                              */
	uint16_t bound;      /* object: gate's thread, or thread the IRQ is attached to */
	uint32_t label;
	uint64_t irq_label;
	uint64_t utcb, user_word;
};

/* Capability space of a component that is being restored, on a node of its own */
struct memspace {
	const struct caplog_flavour *flavour;
	uint32_t next_badge;
	uint32_t epoch;
	uint32_t objects;                          /* used of object[], from 1 up */
	struct mem_object object[2 * CAPLOG_SLOTS_MAX];
	uint16_t made[CAPLOG_SLOTS_MAX];           /* object for a slot           */
	uint16_t slot[CAPLOG_SLOTS_MAX];           /* object in a slot            */
	uint32_t badge[CAPLOG_SLOTS_MAX];          /* the component's map array   */
};

/* A fresh node, on which only the component's memory is as in `space` */
void memspace_init(struct memspace *mem, const struct caplog_space *space,
                   uint32_t first_badge);
void memspace_ops(struct memspace *mem, struct caplog_ops *ops);

struct check_counts {
	uint32_t slots, gates, irqs, freed, failures; /* freed: under badges that never match */
};

/* Is what was restored the space of the log? Knows nothing of the plan. */
void check_restored(const struct caplog_space *space, const struct memspace *mem,
                    struct check_counts *counts,
                    void (*report)(void *ctx, uint32_t slot, const char *text), void *ctx);

#endif
