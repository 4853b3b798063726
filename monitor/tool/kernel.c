/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's object space of a component: as text, or as the debugger's screens */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "kernel.h"

struct loading {
	struct kernel_space *kernel;
	struct screens      *screens;
	const struct caplog_flavour *flavour;
	struct source       *source;
	uint64_t             line;     /* first that is neither, 0: none */
	struct caplog_diag   why;
};

int kernel_has_label(const struct kernel_space *kernel, uint64_t label)
{
	size_t begin = 0, end = kernel->labels;

	if (!kernel->labels_known)
		return -1;
	while (begin < end) {
		size_t const middle = begin + (end - begin) / 2;

		if (kernel->label[middle] == label)
			return 1;
		if (kernel->label[middle] < label)
			begin = middle + 1;
		else
			end = middle;
	}
	return 0;
}

/* A line that is no slot's is wrong, unless the debugger's screens follow */
static void note_line(struct loading *l, const char *why)
{
	if (l->line)
		return;
	l->line = l->source->line;
	snprintf(l->why.text, sizeof l->why.text, "%s", why);
}

/* \return 0; TOOL_UNUSABLE, error printed */
static int take_slot(struct loading *l, const char *text)
{
	struct kernel_space *kernel = l->kernel;
	struct caplog_kernel_cap cap;
	struct caplog_diag diag;
	uint32_t slot;

	if (caplog_parse_space_line(text, l->flavour, &slot, &cap, &diag)) {
		note_line(l, diag.text);
		return 0;
	}
	if (kernel->cap[slot].type != CAPLOG_KERNEL_NONE)
		return tool_error("%s:%" PRIu64 ": slot 0x%x is listed twice", l->source->name,
		                  l->source->line, slot);
	kernel->cap[slot] = cap;
	kernel->count++;
	return 0;
}

static int take_part(struct loading *l, char *text, size_t len)
{
	char *const zero = memrchr(text, 0, len);
	int const is_cut = zero && strlen(text) != 0;

	/* zero bytes come when a board is switched on; a row may follow them */
	if (zero)
		text = zero + 1;
	switch (screens_line(l->screens, text)) {
	case 0:
		break;
	case 1:
		return 0;
	default:
		return tool_error("%s: out of memory", l->source->name);
	}
	if (is_cut)
		note_line(l, "zero bytes in a line: not a kernel space");
	else if (text[strspn(text, " \t")] && *text != '#')
		return take_slot(l, text);
	return 0;
}

static int take_line(struct loading *l, char *text, size_t len)
{
	skip_byte_order_mark(l->source, &text, &len);
	for (char *rest = text; rest; ) {
		size_t part_len;
		char *const part = clean_part(&rest, &len, &part_len);
		int const err = take_part(l, part, part_len);

		if (err)
			return err;
	}
	return 0;
}

static int take_all(struct loading *l, const struct caplog_space *space)
{
	const char *const name = l->source->name;
	int more, err = 0;
	char *text;
	size_t len;

	while (!err && (more = source_line(l->source, &text, &len)) > 0)
		err = more == 1 ? take_line(l, text, len)
		    : tool_error("%s:%" PRIu64 ": the line has no end: not a kernel space", name,
		                 l->source->line);
	if (err || more < 0)
		return TOOL_UNUSABLE;
	if (screens_found(l->screens) && l->kernel->count)
		return tool_error("%s: holds both lines of a kernel space and screens of the debugger: give "
		                  "a file with one of them", name);
	/* between screens there may be anything */
	if (screens_found(l->screens))
		return screens_space(l->screens, name, space, l->kernel);
	if (l->line)
		return tool_error("%s:%" PRIu64 ": %s", name, l->line, l->why.text);
	if (!l->source->bytes)
		return tool_error("%s: is empty: not a kernel space", name);
	return l->kernel->count ? 0 : tool_error("%s: no line describes a slot: not a kernel space", name);
}

int kernel_load(struct kernel_space *kernel, const char *path, const struct caplog_space *space)
{
	struct source source;
	struct loading l = { .kernel = kernel, .flavour = space->flavour, .source = &source };
	int err;

	memset(kernel, 0, sizeof *kernel);
	if (source_open(&source, path))
		return TOOL_UNUSABLE;
	l.screens = screens_new(space->flavour);
	err = l.screens ? take_all(&l, space) : tool_error("%s: out of memory", source.name);
	screens_free(l.screens);
	source_close(&source);
	if (err)
		kernel_free(kernel);
	return err;
}

void kernel_free(struct kernel_space *kernel)
{
	free(kernel->label);
	kernel->label = NULL;
	kernel->labels = 0;
}
