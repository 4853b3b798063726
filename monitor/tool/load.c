/* SPDX-License-Identifier: BSD-2-Clause */
/* Input of every subcommand: a log, or a text trace made into one */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* The first byte of the magic begins no text */
static int is_binary(const uint8_t *bytes, size_t size)
{
	return size && bytes[0] == (uint8_t)CAPLOG_MAGIC[0];
}

int log_check(const uint8_t *bytes, size_t size, int unsealed, struct caplog_reader *reader,
              struct caplog_diag *diag)
{
	struct caplog_diag seal;
	int const opened = caplog_reader_open(reader, bytes, size, diag);

	/* a version we do not know may have its seal elsewhere */
	if (opened == -EPROTONOSUPPORT)
		return opened;

	int const sealed = caplog_seal_check(bytes, size, &seal);

	if (!sealed || (sealed == -ENODATA && unsealed))
		return opened;
	*diag = seal;
	return sealed;
}

static int load_binary(struct tool_log *log, const struct load_options *options)
{
	struct caplog_diag diag;

	if (options->pd_given)
		return tool_error("%s: --pd chooses among the components of a console capture, "
		                  "this is a log of one", log->name);

	int const err = log_check(log->bytes, log->size, options->unsealed, &log->reader, &diag);
	if (err == -ENODATA)
		return tool_error("%s: %s; --unsealed accepts it", log->name, diag.text);
	return err ? tool_error("%s: %s", log->name, diag.text) : 0;
}

static int load_text(struct tool_log *log, const struct load_options *options)
{
	char *const text = (char *)log->bytes;
	struct caplog_diag diag;

	log->bytes = NULL;
	log->is_text = 1;

	int err = trace_read(&log->trace, log->name, text, log->size, options);
	if (!err && trace_order(&log->trace, options->flavour))
		err = tool_error("%s: out of memory", log->name);
	if (!err)
		err = log_build(log, &log->trace, options);
	free(text);
	trace_free(&log->trace);
	if (!err && caplog_reader_open(&log->reader, log->bytes, log->size, &diag))
		err = tool_error("%s: %s", log->name, diag.text);
	return err;
}

static int fold(struct tool_log *log)
{
	struct caplog_diag diag;
	int err;

	if (!(log->space = malloc(sizeof *log->space)))
		return tool_error("%s: out of memory", log->name);
	err = caplog_reader_update(&log->reader, log->space, NULL, &diag);
	if (err && err != -EOVERFLOW)
		return tool_error("%s: %s", log->name, diag.text);
	if (err)
		log->incomplete = diag;
	caplog_reader_stat(&log->reader, &log->stat);
	return 0;
}

static int load(struct tool_log *log, const char *path, const struct load_options *options)
{
	struct caplog_diag diag;
	int err;

	if (caplog_read_file(path, CAPLOG_LOG_MAX, &log->bytes, &log->size, &diag))
		return tool_error("%s: %s", log->name, diag.text);
	if (!log->size)
		return tool_error("%s: is empty: neither a log nor a trace", log->name);
	if (is_binary(log->bytes, log->size))
		err = load_binary(log, options);
	else
		err = load_text(log, options);
	return err ? err : fold(log);
}

int log_load(struct tool_log *log, const char *path, const struct load_options *options)
{
	memset(log, 0, sizeof *log);
	log->name = tool_name(path);

	int const err = load(log, path, options);
	if (err)
		log_free(log);
	return err;
}

int log_complete(const struct tool_log *log)
{
	if (!log->incomplete.error)
		return 0;
	return tool_error("%s: %s", log->name, log->incomplete.text);
}

void log_free(struct tool_log *log)
{
	free(log->bytes);
	free(log->space);
	trace_free(&log->trace);
	log->bytes = NULL;
	log->space = NULL;
}
