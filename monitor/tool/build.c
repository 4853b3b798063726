/* SPDX-License-Identifier: BSD-2-Clause */
/* A binary log of a text trace, by the writer that components use */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

enum { DEFAULT_SIZE = 256 * 1024 };

/* Records that the events take up in a ring */
static uint64_t records_of(const struct trace *t)
{
	uint64_t n = t->count;

	for (size_t i = 0; i < t->count; i++) {
		const struct caplog_event *e = &t->event[i].event;

		n += caplog_event_ext(e->kind, e->a);
	}
	return n;
}

static size_t ample_size(const struct trace *t, const struct caplog_flavour *flavour)
{
	uint64_t const records = records_of(t);
	size_t const size = records > UINT32_MAX ? CAPLOG_LOG_MAX
	                  : caplog_log_size(flavour, (uint32_t)records);

	return size > DEFAULT_SIZE ? size : DEFAULT_SIZE;
}

/* An empty log of this size. \return 0 or TOOL_UNUSABLE, error printed */
static int make_log(struct builder *b, size_t size)
{
	struct caplog_format format;

	memset(&format, 0, sizeof format);
	format.flavour    = b->options->flavour;
	format.word_bytes = b->options->word_bytes;
	format.generation = 1;

	b->size = size;
	if (!(b->bytes = malloc(size)))
		return tool_error("%s: no memory for a log of %zu bytes", b->name, size);
	if (caplog_format(b->bytes, size, &format) || caplog_writer_attach(&b->writer, b->bytes))
		return tool_error("%s: a log cannot have %zu bytes: between %u and %u are possible",
		                  b->name, size, CAPLOG_LOG_MIN, CAPLOG_LOG_MAX);
	return 0;
}

int builder_begin(struct builder *b, const char *name, const struct load_options *options)
{
	memset(b, 0, sizeof *b);
	b->name = name;
	b->options = options;
	return options->size ? make_log(b, options->size) : 0;
}

static int keep_event(struct trace *t, const struct trace_event *e)
{
	if (t->count == t->room) {
		size_t const room = t->room ? 2 * t->room : 1024;
		struct trace_event *more = realloc(t->event, room * sizeof *more);
		if (!more)
			return -1;
		t->event = more;
		t->room = room;
	}
	t->event[t->count++] = *e;
	return 0;
}

int builder_event(struct builder *b, const struct trace_event *e)
{
	if (!b->options->size)
		return keep_event(&b->events, e) ? tool_error("%s: out of memory", b->name) : 0;
	caplog_append_event(&b->writer, &e->event);
	return 0;
}

/* What the recorder left out of the log, reported beside it */
static void note_left_out(struct caplog_header *h, const struct trace *t)
{
	h->windows = t->windows;
	h->known   = t->known;
}

/* After the ring. A log without room for all of them has none: a part would mislead. */
static void put_residue(struct caplog_header *h, const struct caplog_residue *entry, uint32_t n)
{
	uint32_t const ring_end = h->ring_offset + h->ring_count * h->record_size;
	uint32_t const at = (ring_end + 7) & ~7u;

	if (at > h->size || n > (h->size - at) / sizeof *entry)
		return;
	h->residue_offset = at;
	h->residue_count  = n;
	memcpy((uint8_t *)h + at, entry, n * sizeof *entry);
}

static int replay_events(struct builder *b, uint32_t residues)
{
	size_t size = ample_size(&b->events, b->options->flavour);

	/* the default size leaves room after its ring */
	if (size > DEFAULT_SIZE)
		size += (residues * sizeof(struct caplog_residue) + 4095) & ~(size_t)4095;

	int const err = make_log(b, size < CAPLOG_LOG_MAX ? size : CAPLOG_LOG_MAX);
	for (size_t i = 0; !err && i < b->events.count; i++)
		caplog_append_event(&b->writer, &b->events.event[i].event);
	return err;
}

int builder_end(struct builder *b, struct tool_log *log, const struct trace *counters,
                const struct residue *residue)
{
	static struct caplog_residue entry[CAPLOG_SLOTS_MAX];
	uint32_t const residues = residue_entries(residue, entry);

	if (!b->options->size && replay_events(b, residues))
		return TOOL_UNUSABLE;
	if (b->writer.uncovered)
		return tool_error("%s: %" PRIu32 " events on slots that a log of %zu bytes does not "
		                  "cover: give it --size %" PRIu32, b->name, b->writer.uncovered, b->size,
		                  caplog_log_size(b->options->flavour, 0));

	struct caplog_header *const h = (struct caplog_header *)(void *)b->bytes;
	note_left_out(h, counters);
	put_residue(h, entry, residues);
	log->size = caplog_seal(b->bytes, b->size);
	log->bytes = b->bytes;
	b->bytes = NULL;
	return 0;
}

void builder_free(struct builder *b)
{
	free(b->bytes);
	free(b->events.event);
	b->bytes = NULL;
	b->events.event = NULL;
	b->events.count = b->events.room = 0;
}
