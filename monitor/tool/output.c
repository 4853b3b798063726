/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <jansson.h>

#include "tool.h"

static void say(const char *fmt, va_list args)
{
	fflush(stdout); /* keep the order when both go to one place */
	fputs("caplog: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int tool_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return TOOL_UNUSABLE;
}

void tool_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
}

const char *tool_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

int tool_finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return tool_error("standard output: %s", strerror(errno));
}

json_t *tool_json_hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "0x%" PRIx64, value);
	return json_string(text);
}

int tool_json_print(json_t *json, int status)
{
	int const failed = !json || json_dumpf(json, stdout, JSON_INDENT(2)) || puts("") == EOF;

	json_decref(json);
	if (failed && !ferror(stdout))
		return tool_error("out of memory");
	return tool_finish(status);
}
