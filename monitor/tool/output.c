/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "input.h"

/* Is colour wanted on a stream? On terminals, unless NO_COLOR is set */
static int is_coloured(int to)
{
	const char *const no = getenv("NO_COLOR"), *const term = getenv("TERM");

	return !(no && *no) && !(term && !strcmp(term, "dumb")) && isatty(to);
}

static const char *paint(const char *sequence)
{
	static int wanted = -1; /* not asked yet */

	if (wanted < 0)
		wanted = is_coloured(STDOUT_FILENO);
	return wanted ? sequence : "";
}

const char *tool_bold(void)  { return paint("\033[1m"); }
const char *tool_red(void)   { return paint("\033[31m"); }
const char *tool_green(void) { return paint("\033[32m"); }
const char *tool_dim(void)   { return paint("\033[2m"); }
const char *tool_plain(void) { return paint("\033[0m"); }

const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

unsigned tool_utf8_length(const char *text)
{
	const unsigned char *const c = (const unsigned char *)text;
	unsigned const n = *c < 0x80 ? 1 : *c < 0xc2 ? 0 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3
	                 : *c < 0xf5 ? 4 : 0;

	for (unsigned i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* C0, DEL, C1: a byte of no UTF-8 character may be one to a terminal */
static int is_control(const unsigned char *c, unsigned length)
{
	return !length || *c < ' ' || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0);
}

void tool_put_safe(FILE *to, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	while (*c) {
		unsigned const length = tool_utf8_length((const char *)c);
		int const escaped = is_control(c, length);

		for (unsigned n = length ? length : 1; n; n--, c++)
			if (escaped)
				fprintf(to, "\\x%02x", *c);
			else
				putc(*c, to);
	}
}

void tool_put_quoted(const char *text, const char *escape)
{
	while (*text) {
		unsigned const n = tool_utf8_length(text), length = n ? n : 1;
		int const escaped = is_control((const unsigned char *)text, n);

		for (unsigned i = 0; i < length && escaped; i++)
			printf("%sx%02x", escape, (unsigned char)text[i]);
		if (!escaped)
			printf("%s%.*s", *text == '"' || *text == '\\' ? "\\" : "", (int)length, text);
		text += length;
	}
}

void tool_say(const char *prefix, const char *fmt, va_list args, const char *ending)
{
	int const coloured = is_coloured(STDERR_FILENO);
	char *text;

	progress_hold();
	fflush(stdout); /* keep the order when both go to one place */
	fprintf(stderr, "%s%s:%s ", coloured ? "\033[1m" : "", prefix, coloured ? "\033[0m" : "");
	if (vasprintf(&text, fmt, args) < 0) {
		fputs("out of memory", stderr);
	} else {
		tool_put_safe(stderr, text);
		free(text);
	}
	fprintf(stderr, "%s\n", ending ? ending : "");
	progress_release();
}

int tool_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tool_say("caplog", fmt, args, NULL);
	va_end(args);
	return TOOL_UNUSABLE;
}

void tool_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tool_say("caplog", fmt, args, NULL);
	va_end(args);
}

const char *tool_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

static int incomplete;

void tool_incomplete(void)
{
	incomplete = 1;
}

int tool_finish(int status)
{
	if (status == TOOL_OK && incomplete)
		status = TOOL_DIFFERS;
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return tool_error("standard output: %s", strerror(errno));
}

json_t *tool_json_document(const char *name)
{
	json_t *j = json_object();

	json_object_set_new(j, "schema", json_string(TOOL_SCHEMA));
	json_object_set_new(j, "document", json_string(name));
	return j;
}

json_t *tool_json_hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "0x%" PRIx64, value);
	return json_string(text);
}

json_t *tool_json_text(const char *text)
{
	json_t *j = json_string(text);
	char *escaped, *at;

	if (j || !(escaped = at = malloc(4 * strlen(text) + 1)))
		return j;
	/* not UTF-8: JSON cannot have it */
	for (; *text; text++)
		at += sprintf(at, *text & 0x80 ? "\\x%02x" : "%c", (unsigned char)*text);
	*at = 0;
	j = json_string(escaped);
	free(escaped);
	return j;
}

int tool_json_print(json_t *json, int status)
{
	int const failed = !json || json_dumpf(json, stdout, JSON_INDENT(2)) || puts("") == EOF;

	json_decref(json);
	if (failed && !ferror(stdout))
		return tool_error("out of memory");
	return tool_finish(status);
}
