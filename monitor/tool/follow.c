/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of a growing capture or a serial line, as they come */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "input.h"

/* What a component has by the lines so far */
struct followed {
	uint64_t             pd;
	int                  has_pd;
	char                 label[LABEL_SIZE];
	struct order        *order;
	struct trace         counters;
	uint64_t             events;
	struct caplog_space  space;
};

struct follow {
	const struct load_options *options;
	int      all;                     /* print windows and repeated receptions as well */
	uint32_t count;
	struct followed *followed[TRACED_MAX];
};

static int fold_event(void *ctx, const struct trace_event *e)
{
	struct followed *f = ctx;
	struct caplog_event event = e->event;

	event.version = caplog_next_version(f->space.cap[event.slot].version, event.kind);
	return caplog_fold(&f->space, &event);
}

/* \return NULL, error printed */
static struct followed *followed_of(struct follow *follow, const struct traced *traced)
{
	struct followed *f;

	for (uint32_t i = 0; i < follow->count; i++)
		if (follow->followed[i]->pd == traced->pd && follow->followed[i]->has_pd == traced->has_pd)
			return follow->followed[i];
	if (follow->count == TRACED_MAX) {
		tool_error("more than %d components", TRACED_MAX);
		return NULL;
	}
	if (!(f = calloc(1, sizeof *f))) {
		tool_error("out of memory");
		return NULL;
	}
	f->pd = traced->pd;
	f->has_pd = traced->has_pd;
	follow->followed[follow->count++] = f;
	return f;
}

/* As the line was: what caplog_format_event writes is a change */
static void print_event(const struct follow *follow, const struct caplog_line *line)
{
	char text[128];
	char *result;

	caplog_format_event(text, sizeof text, follow->options->flavour, &line->event);
	result = strstr(text, "=new");
	if (result && line->kind != CAPLOG_LINE_EVENT) {
		*result = 0;
		printf("%s=%s\n", text, line->kind == CAPLOG_LINE_KNOWN ? "known" : "conflict");
	} else {
		puts(text);
	}
}

static void print_window(const struct follow *follow, const struct caplog_line *line)
{
	printf("%s kcap=0x%" PRIx64 " count=0x%" PRIx32 "\n",
	       line->kind == CAPLOG_LINE_RESERVE ? "reserve" : "release",
	       (uint64_t)line->event.slot << follow->options->flavour->slot_shift, line->count);
}

static void print_component(const struct followed *f)
{
	if (!f->has_pd)
		return;
	printf("0x%-6" PRIx64 " ", f->pd);
	if (f->label[0]) {
		tool_put_safe(stdout, f->label);
		putchar(' ');
	}
}

/* What a component has; no event of it comes after this */
static void print_summary(struct followed *f)
{
	struct caplog_census n;

	order_end(f->order);
	f->order = NULL;
	caplog_space_census(&f->space, &n);
	print_component(f);
	printf("events=%" PRIu64 " windows=%" PRIu64 " late=%" PRIu64 " unmatched=%" PRIu64
	       " live=%" PRIu32 " tombstones=%" PRIu32 " stale=%" PRIu32 "\n", f->events,
	       f->counters.windows, f->counters.late, f->counters.unmatched, n.live, n.tombstones,
	       n.stale);
}

static int begin(const struct follow *follow, struct followed *f)
{
	f->events = 0;
	memset(&f->counters, 0, sizeof f->counters);
	caplog_space_init(&f->space, follow->options->flavour, follow->options->word_bytes);
	f->order = order_new(follow->options->flavour, &f->counters, NULL, fold_event, f);
	return f->order ? 0 : tool_error("out of memory");
}

static int show_event(void *ctx, const struct traced *traced, const struct caplog_line *line,
                      uint64_t number)
{
	struct follow *follow = ctx;
	struct followed *f = followed_of(follow, traced);
	struct trace_event const e = { line->event, number };
	int const changes = line->kind == CAPLOG_LINE_EVENT;

	if (!f)
		return TOOL_UNUSABLE;
	memcpy(f->label, traced->label, sizeof f->label);
	int const is_main = begins_component(follow->options->flavour, line);
	if (f->has_pd && is_main && f->counters.mains)
		print_summary(f); /* of the one that had this number before */
	if (!f->order && begin(follow, f))
		return TOOL_UNUSABLE;
	f->counters.mains += (uint64_t)is_main;
	if (changes) {
		f->events++;
		if (order_take(f->order, &e))
			return tool_error("out of memory");
	}
	if (line->kind == CAPLOG_LINE_RESERVE)
		f->counters.windows++;
	if (changes || follow->all) {
		print_component(f);
		if (line->event.kind)
			print_event(follow, line);
		else
			print_window(follow, line);
	}
	return ferror(stdout) ? tool_finish(TOOL_OK) : 0;
}

/* All output is visible before the next line is waited for */
static void flush(void *ctx)
{
	(void)ctx;
	fflush(stdout);
}


static void follow_free(struct follow *follow)
{
	while (follow->count) {
		struct followed *f = follow->followed[--follow->count];

		order_end(f->order);
		free(f);
	}
}


/*
 * Terminal lines: what comes must not be sent back, nor taken for signals
 */

static int make_raw(int fd, struct termios *before)
{
	struct termios raw;

	if (tcgetattr(fd, before))
		return 0;
	raw = *before;
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL | CREAD;
	return !tcsetattr(fd, TCSANOW, &raw);
}

static void stop(int signal_number)
{
	(void)signal_number;
	source_stop = 1;
}

/* Reads end at a signal, so that the summary comes */
static void catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = stop;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int follow_source(struct follow *follow, struct source *source)
{
	struct intake in = {
		.source = source, .options = follow->options, .all = !follow->options->pd_given,
		.event = show_event, .ctx = follow
	};
	char first;

	if (source_peek(source, &first, 1) == 1 && first == CAPLOG_MAGIC[0])
		return tool_error("%s: is a log: `caplog show --unsealed` reads a copy of a live one",
		                  source->name);

	int const err = intake_read(&in);
	if (!err || source_stop)
		for (uint32_t i = 0; i < follow->count; i++)
			print_summary(follow->followed[i]);
	if (!err && !follow->count)
		tool_note("%s: the input ended without an event", source->name);
	intake_free(&in);
	return err ? err : tool_finish(TOOL_OK);
}

static int follow_path(const struct args *args, const char *path, int all)
{
	struct follow *follow = calloc(1, sizeof *follow);
	struct source source;
	struct termios before;
	int status = TOOL_UNUSABLE;

	if (!follow)
		return tool_error("out of memory");
	follow->options = &args->load;
	follow->all = all;
	catch_signals();
	progress_end(); /* what comes is printed as it comes */
	if (!source_open(&source, path)) {
		int const raw = source.owns_fd && isatty(source.fd) && make_raw(source.fd, &before);

		source.follows = 1;
		source.idle = flush;
		status = follow_source(follow, &source);
		if (raw)
			tcsetattr(source.fd, TCSANOW, &before);
		source_close(&source);
	}
	follow_free(follow);
	free(follow);
	return status;
}

static int run(int argc, char **argv)
{
	struct args args;
	int option, all = 0;

	args_init(&args, &tool_follow, argc, argv);
	/* a line that is cut is no reason to look away */
	args.load.keep_going = 1;
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		all = 1;
	}

	const char *const file = args_file(&args);
	return file ? follow_path(&args, file, all) : args.status;
}

static const struct tool_option options[] = {
	{ 'a', "all", NULL, "print receive windows, repeated and refused receptions as well", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_follow = {
	"follow", "print events of a growing capture or a serial line as they come",
	"[OPTIONS] FILE",
	"FILE is a file that grows, a pipe, a terminal line or a pseudo terminal; set\n"
	"the speed of a line with stty before. Print each event, of all components of a\n"
	"capture, and a summary when a pipe or a line ends or at Ctrl-C. Lines that\n"
	"cannot be taken are named and left out; then the exit status is 1.\n",
	options,
	run
};
