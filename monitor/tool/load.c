/* SPDX-License-Identifier: BSD-2-Clause */
/* Input of every subcommand: a log, or a text trace made into one */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <image.h>

#include "input.h"

#define IMAGE_MAX ((size_t)1 << 31)

static int is_image(struct source *s)
{
	char magic[sizeof CAPLOG_IMAGE_MAGIC - 1];

	return source_peek(s, magic, sizeof magic) == sizeof magic &&
	       !memcmp(magic, CAPLOG_IMAGE_MAGIC, sizeof magic);
}

static int load_image(struct tool_logs *logs, struct source *s)
{
	struct caplog_diag diag;

	if (source_rest(s, IMAGE_MAX, &logs->image, &logs->image_size))
		return TOOL_UNUSABLE;
	if (caplog_image_check(logs->image, logs->image_size, &diag))
		return tool_error("%s: %s; `caplog dump` prints what is readable", s->name, diag.text);
	return 0;
}

/* The first byte of the magic begins no text */
static int is_binary(struct source *s)
{
	uint8_t first;

	return source_peek(s, &first, 1) == 1 && first == (uint8_t)CAPLOG_MAGIC[0];
}

int log_check(const uint8_t *bytes, size_t size, int unsealed, struct caplog_reader *reader,
              struct caplog_diag *diag)
{
	struct caplog_diag seal;
	int const opened = caplog_reader_open(reader, bytes, size, diag);

	/* a version we do not know may have its seal elsewhere */
	if (opened == CAPLOG_EPROTONOSUPPORT)
		return opened;

	int const sealed = caplog_seal_check(bytes, size, &seal);

	if (!sealed || (sealed == CAPLOG_ENODATA && unsealed))
		return opened;
	*diag = seal;
	return sealed;
}

static int load_binary(struct tool_log *log, struct source *s, const struct load_options *options)
{
	struct caplog_diag diag;

	if (options->pd_given)
		return tool_error("%s: --pd chooses among the components of a console capture, "
		                  "this is a log of one", log->name);
	if (source_rest(s, CAPLOG_LOG_MAX, &log->bytes, &log->size))
		return TOOL_UNUSABLE;

	int const err = log_check(log->bytes, log->size, options->unsealed, &log->reader, &diag);
	if (err == CAPLOG_ENODATA)
		return tool_error("%s: %s; --unsealed accepts it", log->name, diag.text);
	return err ? tool_error("%s: %s; `caplog dump` prints what is readable", log->name,
	                        diag.text) : 0;
}

/* A component that was read completely becomes a log */
static int finish_component(struct tool_log *log, struct traced *c)
{
	struct caplog_diag diag;

	order_end(c->order);
	c->order = NULL;
	if (!c->trace.taken)
		return tool_error("%s: no event in this trace", log->name);
	if (builder_end(&c->builder, log, &c->trace, c->residue))
		return TOOL_UNUSABLE;
	log->is_text = 1;
	log->trace   = c->trace;
	log->has_pd  = c->has_pd;
	log->pd      = c->pd;
	memcpy(log->label, c->label, sizeof log->label);
	if (caplog_reader_open(&log->reader, log->bytes, log->size, &diag))
		return tool_error("%s: %s", log->name, diag.text);
	return 0;
}

/* Where the log says what the kernel holds in slots without an entry; checked */
static int find_residue(struct tool_log *log)
{
	const struct caplog_header *h = &log->reader.header;
	const struct caplog_residue *entry;

	if (!h->residue_offset)
		return 0;
	if (h->residue_offset & 7 || h->residue_offset > log->size ||
	    h->residue_count > (log->size - h->residue_offset) / sizeof *entry)
		return tool_error("%s: damaged: its list of leftovers lies outside the log", log->name);
	entry = (const void *)(log->bytes + h->residue_offset);
	for (uint32_t i = 0; i < h->residue_count; i++)
		if (entry[i].slot >= log->reader.flavour->slot_count ||
		    (i && entry[i].slot <= entry[i - 1].slot) || !entry[i].how ||
		    entry[i].how > CAPLOG_RESIDUE_UNMATCHED)
			return tool_error("%s: damaged: leftover %" PRIu32 " is of slot 0x%x", log->name, i,
			                  entry[i].slot);
	/* a log that was exported and imported again lacks windows and repeated receptions */
	log->residue_known = h->windows != 0;
	log->residue = entry;
	log->residues = h->residue_count;
	return 0;
}

static int fold(struct tool_log *log)
{
	struct caplog_diag diag;
	int err;

	if (!(log->space = malloc(sizeof *log->space)))
		return tool_error("%s: out of memory", log->name);
	err = caplog_reader_update(&log->reader, log->space, NULL, &diag);
	if (err && err != CAPLOG_EOVERFLOW)
		return tool_error("%s: %s", log->name, diag.text);
	if (err)
		log->incomplete = diag;
	caplog_reader_stat(&log->reader, &log->stat);
	return find_residue(log);
}

/* Room for one log more. \return NULL, error printed */
static struct tool_log *add_log(struct tool_logs *logs, const char *name)
{
	struct tool_log *const more = realloc(logs->log, (logs->count + 1) * sizeof *more);

	if (!more) {
		tool_error("%s: out of memory", name);
		return NULL;
	}
	logs->log = more;
	memset(&more[logs->count], 0, sizeof *more);
	more[logs->count].name = name;
	return &more[logs->count++];
}

static int load_text(struct tool_logs *logs, struct source *s, const struct load_options *options,
                     int all)
{
	struct intake in = { .source = s, .options = options, .all = all };
	int err = intake_read(&in);

	for (uint32_t i = 0; !err && i < in.count; i++) {
		struct tool_log *log;

		/* not chosen, or all of its lines were left out */
		if (!in.component[i]->residue || (all && in.count > 1 && !in.component[i]->trace.taken))
			continue;
		if (!(log = add_log(logs, s->name)))
			err = TOOL_UNUSABLE;
		else if (!(err = finish_component(log, in.component[i])))
			err = fold(log);
	}
	if (!err && !logs->count)
		err = tool_error("%s: no event in this trace", s->name);
	intake_free(&in);
	return err;
}

static int load(struct tool_logs *logs, struct source *s, const struct load_options *options,
                int all)
{
	struct tool_log *log;
	char first;
	ssize_t const n = source_peek(s, &first, 1);

	if (n < 0)
		return TOOL_UNUSABLE;
	if (!n)
		return tool_error("%s: is empty: neither a log nor a trace", s->name);
	if (is_image(s))
		return load_image(logs, s);
	if (!is_binary(s))
		return load_text(logs, s, options, all);
	if (!(log = add_log(logs, s->name)))
		return TOOL_UNUSABLE;
	return load_binary(log, s, options) ? TOOL_UNUSABLE : fold(log);
}

static int open_and_load(struct tool_logs *logs, const char *path,
                         const struct load_options *options, int all)
{
	struct source s;

	memset(logs, 0, sizeof *logs);
	if (source_open(&s, path))
		return TOOL_UNUSABLE;

	int const err = load(logs, &s, options, all);
	source_close(&s);
	if (err)
		logs_free(logs);
	return err;
}

int logs_load(struct tool_logs *logs, const char *path, const struct load_options *options)
{
	return open_and_load(logs, path, options, !options->pd_given);
}

int log_load(struct tool_log *log, const char *path, const struct load_options *options)
{
	struct tool_logs logs;
	int const err = open_and_load(&logs, path, options, 0);

	memset(log, 0, sizeof *log);
	log->name = tool_name(path);
	if (err)
		return err;
	if (logs.image) {
		logs_free(&logs);
		return tool_error("%s: is an image: show, dump, diff, graph, spec and check read it, this "
		                  "command needs a log", log->name);
	}
	*log = logs.log[0];
	free(logs.log);
	return 0;
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
	log->bytes = NULL;
	log->space = NULL;
}

void logs_free(struct tool_logs *logs)
{
	for (size_t i = 0; i < logs->count; i++)
		log_free(&logs->log[i]);
	free(logs->log);
	free(logs->image);
	logs->log = NULL;
	logs->image = NULL;
	logs->count = 0;
}
