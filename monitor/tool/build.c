/* SPDX-License-Identifier: BSD-2-Clause */
/* A binary log of a text trace, by the writer that components use */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { DEFAULT_SIZE = 256 * 1024 };

/* Records that the events take up in a ring */
static uint64_t records_of(const struct trace *t)
{
	uint64_t n = t->count;

	for (size_t i = 0; i < t->count; i++) {
		const struct caplog_event *e = &t->event[i].event;

		n += e->kind == CAPLOG_THREAD_START ? 2 : 0;
		n += e->kind == CAPLOG_IRQ_ATTACH && e->a ? 1 : 0;
	}
	return n;
}

static size_t ample_size(const struct trace *t, const struct caplog_flavour *flavour)
{
	uint64_t const records = records_of(t);
	size_t const size = records > UINT32_MAX ? CAPLOG_LOG_MAX
	                  : caplog_log_size(flavour, 1, (uint32_t)records);

	return size > DEFAULT_SIZE ? size : DEFAULT_SIZE;
}

static void append(struct caplog_writer *w, const struct caplog_event *e)
{
	switch (e->kind) {
	case CAPLOG_THREAD_START:
		caplog_append_thread(w, e->slot, e->badge, e->a, e->b);
		break;
	case CAPLOG_IRQ_ATTACH:
		caplog_append_irq(w, e->slot, e->other, e->a);
		break;
	default:
		caplog_append(w, e->kind, e->slot, e->badge, e->other, e->from);
	}
}

/* What the recorder left out of the log, told beside it */
static void note_left_out(struct caplog_header *h, const struct trace *t)
{
	h->windows = t->windows;
	h->known   = t->known;
}

int log_build(struct tool_log *log, const struct trace *t, const struct load_options *options)
{
	size_t const size = options->size ? options->size : ample_size(t, options->flavour);
	struct caplog_format format;
	struct caplog_writer writer;

	memset(&format, 0, sizeof format);
	memset(&writer, 0, sizeof writer);
	format.flavour    = options->flavour;
	format.word_bytes = options->word_bytes;
	format.lanes      = 1;
	format.generation = 1;

	if (!(log->bytes = malloc(size)))
		return tool_error("%s: no memory for a log of %zu bytes", log->name, size);
	if (caplog_format(log->bytes, size, &format) || caplog_writer_attach(&writer, log->bytes, 0))
		return tool_error("%s: a log cannot have %zu bytes: between %u and %u are possible",
		                  log->name, size, CAPLOG_LOG_MIN, CAPLOG_LOG_MAX);
	for (size_t i = 0; i < t->count; i++)
		append(&writer, &t->event[i].event);
	if (writer.uncovered)
		return tool_error("%s: %" PRIu32 " events on slots that a log of %zu bytes does not "
		                  "cover: give it --size %" PRIu32, log->name, writer.uncovered, size,
		                  caplog_log_size(options->flavour, 1, 0));

	note_left_out((struct caplog_header *)(void *)log->bytes, t);
	log->size = caplog_seal(log->bytes, size);
	return 0;
}
