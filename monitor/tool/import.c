/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"

static void print_summary(const struct tool_log *log)
{
	const struct caplog_log_stat *s = &log->stat;
	const struct trace *t = &log->trace;
	uint64_t events = 0;

	for (unsigned kind = 1; kind < CAPLOG_EXT; kind++)
		events += s->count[kind];
	tool_note("%s: events=%" PRIu64 " windows=%" PRIu64 " known=%" PRIu64 " conflicts=%" PRIu64
	          " late=%" PRIu64 " overwritten=%" PRIu64 " size=%zu", log->name, events, s->windows,
	          s->known, t->conflicts, t->late, s->records - s->kept, log->size);
	if (t->dropped)
		tool_note("%s: %" PRIu64 " of the late lines are about lives that are over and are left "
		          "out", log->name, t->dropped);
	if (t->unmatched)
		tool_note("%s: %" PRIu64 " lines fit no insertion, neither before nor after them, and "
		          "are left out: is the trace complete?", log->name, t->unmatched);
	if (s->details_lost)
		tool_note("%s: %" PRIu64 " thread or IRQ details found no place in the log", log->name,
		          s->details_lost);
}

static int set_size(struct args *args, const char *text)
{
	uint64_t size;

	if (parse_number(text, 1, &size) || size < CAPLOG_LOG_MIN || size > CAPLOG_LOG_MAX)
		return args_error(args, "--size \"%s\": must be a number from %u to %u, K and M may follow", text, CAPLOG_LOG_MIN,
		                  CAPLOG_LOG_MAX);
	args->load.size = (size_t)size;
	return 0;
}

static int write_log(const struct tool_log *log, const char *output)
{
	struct caplog_diag diag;

	progress_writing(log->size, !strcmp(output, "-"));
	if (caplog_write_file(output, log->bytes, log->size, &diag))
		return tool_error("%s: %s", strcmp(output, "-") ? output : "standard output", diag.text);
	print_summary(log);
	return tool_finish(TOOL_OK);
}

/* Would the output take the place of the input, by whatever name? */
static int is_input(const char *output, const char *file)
{
	struct stat in, out;

	if (!strcmp(output, "-") || stat(output, &out) || !S_ISREG(out.st_mode))
		return 0;
	if (strcmp(file, "-") ? stat(file, &in) : fstat(STDIN_FILENO, &in))
		return 0;
	return in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

static int import(const struct args *args, const char *file, const char *output)
{
	struct tool_log log;

	if (output[0] == '-' && !output[1] && isatty(STDOUT_FILENO))
		return args_error(args, "standard output is a terminal and a log is binary: name a "
		                  "file with -o");
	if (is_input(output, file))
		return args_error(args, "%s is the input as well: name another file with -o", output);
	if (log_load(&log, file, &args->load))
		return TOOL_UNUSABLE;

	int const status = log.is_text ? write_log(&log, output)
		: tool_error("%s: is a log already; `caplog export` makes text of it", log.name);

	log_free(&log);
	return status;
}

static int run(int argc, char **argv)
{
	const char *output = "-";
	struct args args;
	int option;

	args_init(&args, &tool_import, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (option == 'o')
			output = optarg;
		else if (set_size(&args, optarg))
			return TOOL_UNUSABLE;
	}

	const char *const file = args_file(&args);
	return file ? import(&args, file, output) : args.status;
}

static const struct tool_option options[] = {
	{ 'o', "output", "LOG", "where the log goes (standard output)", TOOL_FILE },
	{ 's', "size", "BYTES", "size of the log, K and M may follow the number. By default all history "
	  "fits, in at least 256K; a smaller log keeps the state of every slot and the last events",
	  "64K 128K 256K 1M 4M" },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_import = {
	"import", "make a binary log of a text trace",
	"[OPTIONS] TRACE",
	"Make a sealed binary log of a text trace or of a serial console capture.\n"
	"Receive windows, repeated receptions and refused ones change nothing: they\n"
	"are counted and left out. A summary goes to standard error.\n",
	options,
	run
};
