/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of the text form: an event, a kernel's slot; what is parsed and printed
 * again is the same event
 *
 * The first byte chooses the flavour.
 */
#include <string.h>

#include <caplog/text.h>

#include "t_fuzz.h"

static void event(const char *text, const struct caplog_flavour *f)
{
	struct caplog_line line, again;
	struct caplog_diag diag;
	char printed[128];

	memset(&line, 0, sizeof line);
	memset(&again, 0, sizeof again);
	if (caplog_parse_line(text, f, &line, &diag)) {
		t_must(diag.text[0] != 0);
		return;
	}
	if (line.kind != CAPLOG_LINE_EVENT)
		return;
	t_must(line.event.slot < f->slot_count && line.event.other < f->slot_count);
	int const n = caplog_format_event(printed, sizeof printed, f, &line.event);

	t_must(n > 0 && (size_t)n < sizeof printed);
	t_must(!caplog_parse_line(printed, f, &again, &diag));
	t_must(!memcmp(&line, &again, sizeof line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t flavours;
	const struct caplog_flavour *all = caplog_flavours(&flavours);
	struct caplog_kernel_cap cap;
	struct caplog_diag diag;
	uint32_t slot;
	char *text;

	if (!size)
		return 0;
	const struct caplog_flavour *f = &all[data[0] % flavours];

	/* bytes of its own, so that the sanitizer sees each access outside */
	t_must((text = malloc(size)) != NULL);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	event(text, f);
	if (!caplog_parse_space_line(text, f, &slot, &cap, &diag))
		t_must(slot < f->slot_count);
	free(text);
	return 0;
}
