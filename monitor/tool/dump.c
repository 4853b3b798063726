/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <image.h>

#include "dump.h"
#include "input.h"

#define DUMP_MAX ((size_t)1 << 31)

void dump_problem(struct dump *d, uint64_t at, const char *fmt, ...)
{
	char text[320];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	d->problems++;
	printf("%s! 0x%" PRIx64 ": ", tool_red(), at);
	tool_put_safe(stdout, text);
	puts(tool_plain());
}

void dump_part(uint64_t at, const char *fmt, ...)
{
	va_list args;

	printf("%s0x%-8" PRIx64 " ", tool_bold(), at);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts(tool_plain());
}

/* By the magic, or what else stands in a header; NULL: neither */
static void (*kind_of(struct dump *d))(struct dump *)
{
	struct caplog_image_header image;
	struct caplog_header log;
	uint64_t const n = d->size < CAPLOG_MAGIC_SIZE ? d->size : CAPLOG_MAGIC_SIZE;

	if (n && !memcmp(d->bytes, CAPLOG_MAGIC, n))
		return dump_log;
	if (n && !memcmp(d->bytes, CAPLOG_IMAGE_MAGIC, n))
		return dump_image;
	if (d->size < sizeof log)
		return NULL;
	memcpy(&log, d->bytes, sizeof log);
	memcpy(&image, d->bytes, sizeof image);
	if (caplog_flavour_by_name(log.flavour)) {
		dump_problem(d, 0, "the magic of a log is damaged, the rest of its header is not");
		return dump_log;
	}
	for (uint32_t i = 0; caplog_platform_name(i); i++)
		if (!strncmp(image.platform, caplog_platform_name(i), sizeof image.platform)) {
			dump_problem(d, 0, "the magic of an image is missing: it was never completed, or is "
			             "damaged");
			return dump_image;
		}
	return NULL;
}

static int dump(const char *name, const uint8_t *bytes, size_t size)
{
	struct dump d = { bytes, size, 0 };
	void (*print)(struct dump *);

	if (!size)
		return tool_error("%s: is empty: neither a log nor an image", name);
	if (!(print = kind_of(&d)))
		return tool_error("%s: neither a log nor an image; text is read by `caplog show`", name);
	print(&d);
	printf("%" PRIu32 " problem%s\n", d.problems, plural(d.problems));
	return tool_finish(d.problems ? TOOL_DIFFERS : TOOL_OK);
}

static int run(int argc, char **argv)
{
	struct source source;
	struct args args;
	uint8_t *bytes;
	size_t size;
	int status;

	args_init(&args, &tool_dump, argc, argv);
	while (args_option(&args) != OPTION_DONE)
		return args.status;

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (source_open(&source, file))
		return TOOL_UNUSABLE;
	status = source_rest(&source, DUMP_MAX, &bytes, &size);
	source_close(&source);
	if (status)
		return status;
	status = dump(tool_name(file), bytes, size);
	free(bytes);
	return status;
}

const struct tool_command tool_dump = {
	"dump", "print what is readable of a damaged log or image",
	"[OPTIONS] FILE",
	"Print a log or an image part by part, with the offset of each, whatever is\n"
	"wrong with it. Lines that begin with ! say what is wrong and where. Exit\n"
	"status 1 if anything is, 2 if the file is neither a log nor an image.\n",
	NULL,
	run
};
