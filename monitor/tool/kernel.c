/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's object space of a component, as text */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* \return 0 or TOOL_UNUSABLE, error printed */
static int take_line(struct kernel_space *kernel, const char *name, unsigned line,
                     const char *text, const struct caplog_flavour *flavour)
{
	struct caplog_kernel_cap cap;
	struct caplog_diag diag;
	uint32_t slot;

	if (!text[strspn(text, " \t\r")] || *text == '#')
		return 0;
	if (caplog_parse_space_line(text, flavour, &slot, &cap, &diag))
		return tool_error("%s:%u: %s", name, line, diag.text);
	if (kernel->cap[slot].type != CAPLOG_KERNEL_NONE)
		return tool_error("%s:%u: slot 0x%x is listed twice", name, line, slot);
	kernel->cap[slot] = cap;
	kernel->count++;
	return 0;
}

static int take_text(struct kernel_space *kernel, const char *name, char *text, size_t size,
                     const struct caplog_flavour *flavour)
{
	unsigned line = 1;
	int err = 0;

	if (strlen(text) != size)
		return tool_error("%s: not a text, but a kernel space is one", name);
	for (char *next; !err && text; text = next, line++) {
		next = strchr(text, '\n');
		if (next)
			*next++ = 0;
		text[strcspn(text, "\r")] = 0;
		err = take_line(kernel, name, line, text, flavour);
	}
	if (!err && !kernel->count)
		err = tool_error("%s: no slot in this kernel space", name);
	return err;
}

int kernel_load(struct kernel_space *kernel, const char *path,
                const struct caplog_flavour *flavour)
{
	const char *const name = tool_name(path);
	struct caplog_diag diag;
	uint8_t *bytes;
	size_t size;

	memset(kernel, 0, sizeof *kernel);
	if (caplog_read_file(path, CAPLOG_LOG_MAX, &bytes, &size, &diag))
		return tool_error("%s: %s", name, diag.text);

	int const err = size ? take_text(kernel, name, (char *)bytes, size, flavour)
	                     : tool_error("%s: is empty: not a kernel space", name);
	free(bytes);
	return err;
}
