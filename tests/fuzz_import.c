/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text traces and console captures, and whatever else is given as a file
 *
 * The first byte: flavour (bit 0), word size (1), keep going (2), one component
 * only (3), an unsealed log is accepted (4); logs are made of the events if
 * bits 5 and 6 are set, which takes time.
 */
#include <string.h>

#include "input.h"
#include "t_fuzz_files.h"

static int take(void *ctx, const struct traced *c, const struct caplog_line *line, uint64_t number)
{
	const struct load_options *o = ctx;

	(void)c;
	t_must(number > 0 && line->event.slot < o->flavour->slot_count);
	return 0;
}

static void events(const char *path, const struct load_options *o, int all)
{
	struct source s;
	struct load_options options = *o;
	struct intake in = { .source = &s, .options = &options, .all = all, .event = take,
	                     .ctx = &options };

	if (source_open(&s, path))
		return;
	intake_read(&in);
	intake_free(&in);
	source_close(&s);
}

static void logs(const char *path, const struct load_options *o, int all)
{
	struct tool_logs many;
	struct tool_log one;

	if (all) {
		if (!logs_load(&many, path, o))
			logs_free(&many);
	} else if (!log_load(&one, path, o)) {
		log_free(&one);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int begun;
	struct load_options o;
	size_t flavours;
	const struct caplog_flavour *f = caplog_flavours(&flavours);

	if (!begun++)
		t_print_nothing();
	if (!size)
		return 0;
	memset(&o, 0, sizeof o);
	o.flavour = &f[(data[0] & 1) % flavours];
	o.word_bytes = data[0] & 2 ? 4 : 8;
	o.keep_going = !!(data[0] & 4);
	o.unsealed = !!(data[0] & 16);
	o.size = 65536;
	const char *path = t_fuzz_file(data + 1, size - 1);

	if ((data[0] & 0x60) == 0x60)
		logs(path, &o, !(data[0] & 8));
	else
		events(path, &o, !(data[0] & 8));
	t_all_closed();
	return 0;
}
