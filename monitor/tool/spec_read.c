/* SPDX-License-Identifier: BSD-2-Clause */
/* Text of a spec -> statements; the grammar is in man/caplog-spec.5 */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"

enum { WORDS = 8, SPEC_MAX = 1 << 20 };

struct reader {
	struct spec *spec;
	struct spec_component *open; /* NULL: outside of a component */
	unsigned line;
	char    *word[WORDS];
	unsigned words;
};

static const char *const keywords[] = {
	[NAME_EXIT]        = "exit-handler",
	[NAME_PROXY]       = "signal-proxy",
	[NAME_SEMAPHORE]   = "signal-semaphore",
	[NAME_CONSTRUCTOR] = "constructor",
};

const char *spec_word(enum slot_name name)
{
	return keywords[name];
}

static int fail(const struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(const struct reader *r, const char *fmt, ...)
{
	char text[320];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	return tool_error("%s:%u: %s", r->spec->file, r->line, text);
}

static int is(const struct reader *r, unsigned i, const char *text)
{
	return i < r->words && !strcmp(r->word[i], text);
}


/*
 * Words of a line
 */

/* The byte that \xNN stands for; 0: it is no such text */
static char escaped_byte(const char *at)
{
	if (at[0] != '\\' || at[1] != 'x' || !isxdigit((unsigned char)at[2]) ||
	    !isxdigit((unsigned char)at[3]))
		return 0;

	char const digits[] = { at[2], at[3], 0 };
	return (char)strtol(digits, NULL, 16);
}

/* A quoted word, in place. \return after it; NULL: the quote does not end */
static char *unquote(char *at)
{
	char *to = at;

	for (at++; *at && *at != '"'; at++) {
		char const byte = escaped_byte(at);

		if (byte) {
			*to++ = byte;
			at += 3;
			continue;
		}
		if (*at == '\\' && at[1])
			at++;
		*to++ = *at;
	}
	if (!*at)
		return NULL;
	*to = 0;
	return at + 1;
}

static int split(struct reader *r, char *at)
{
	for (r->words = 0; ; r->words++) {
		at += strspn(at, " \t\r");
		if (!*at || *at == '#')
			return 0;
		if (r->words == WORDS)
			return fail(r, "more than %d words in a line", WORDS);
		r->word[r->words] = at;
		if (*at == '"') {
			if (!(at = unquote(at)))
				return fail(r, "a quote has no end");
			if (*at && !strchr(" \t\r#", *at))
				return fail(r, "a blank is missing after a quote");
			continue;
		}
		at += strcspn(at, " \t\r#");
		if (*at == '#')
			*at = 0;
		else if (*at)
			*at++ = 0;
	}
}


/*
 * Parts of statements
 */

static int take_slot(const struct reader *r, unsigned i, uint32_t *slot)
{
	uint64_t value;

	if (i >= r->words)
		return fail(r, "a slot is missing");
	if (parse_number(r->word[i], 0, &value) || value >= CAPLOG_SLOTS_MAX)
		return fail(r, "\"%s\" is not a slot", r->word[i]);
	*slot = (uint32_t)value;
	return 0;
}

static int take_number(const char *text, uint32_t *value)
{
	uint64_t v;

	if (parse_number(text, 0, &v) || v > CAPLOG_SLOTS_MAX)
		return -1;
	*value = (uint32_t)v;
	return 0;
}

/* N, N..M, N.., or any */
static int take_count(const struct reader *r, unsigned i, struct spec_statement *s)
{
	char *dots;
	int bad;

	s->least = 0;
	s->most = UINT32_MAX;
	if (i >= r->words)
		return fail(r, "a count is missing: N, N..M, N.. or any");
	if (is(r, i, "any"))
		return 0;
	dots = strstr(r->word[i], "..");
	if (dots)
		*dots = 0;
	bad = take_number(r->word[i], &s->least);
	if (!dots)
		s->most = s->least;
	else if (dots[2])
		bad |= take_number(dots + 2, &s->most);
	if (dots)
		*dots = '.';
	if (bad || s->most < s->least)
		return fail(r, "\"%s\" is not a count: N, N..M, N.. or any", r->word[i]);
	return 0;
}

/* "on ID", a thread that was declared above */
static int take_thread(const struct reader *r, unsigned i, struct spec_statement *s)
{
	if (!is(r, i, "on") || i + 1 >= r->words)
		return fail(r, "\"on THREAD\" is missing");
	for (size_t n = 0; n < r->open->count; n++)
		if (r->open->statement[n].kind == SPEC_THREAD &&
		    !strcmp(r->open->statement[n].text, r->word[i + 1])) {
			s->thread = r->open->statement[n].slot;
			snprintf(s->text, sizeof s->text, "%s", r->word[i + 1]);
			return 0;
		}
	return fail(r, "thread \"%s\" is not declared above: thread %s at SLOT", r->word[i + 1],
	            r->word[i + 1]);
}

static int take_text(const struct reader *r, unsigned i, char *text, size_t size)
{
	if (i >= r->words)
		return fail(r, "a name is missing");
	if (!*r->word[i] || strlen(r->word[i]) >= size)
		return fail(r, "\"%s\": a name has 1 to %zu characters", r->word[i], size - 1);
	snprintf(text, size, "%s", r->word[i]);
	return 0;
}


/*
 * Statements
 */

static int thread_statement(struct reader *r, struct spec_statement *s)
{
	s->kind = SPEC_THREAD;
	if (r->words != 4 || !is(r, 2, "at"))
		return fail(r, "expected: thread NAME at SLOT");
	for (size_t n = 0; n < r->open->count; n++)
		if (r->open->statement[n].kind == SPEC_THREAD &&
		    !strcmp(r->open->statement[n].text, r->word[1]))
			return fail(r, "thread \"%s\" is declared twice", r->word[1]);
	return take_text(r, 1, s->text, sizeof s->text) || take_slot(r, 3, &s->slot);
}

static int named_statement(struct reader *r, struct spec_statement *s)
{
	s->kind = SPEC_NAMED;
	if (r->words != 3 && !(r->words == 5 && is(r, 3, "at")))
		return fail(r, "expected: %s on THREAD [at SLOT]", r->word[0]);
	return take_thread(r, 1, s) || (r->words == 5 && take_slot(r, 4, &s->slot));
}

static int count_statement(struct reader *r, struct spec_statement *s, enum spec_kind kind)
{
	s->kind = kind;
	if (kind == SPEC_RECEIVED)
		return r->words != 2 ? fail(r, "expected: received COUNT") : take_count(r, 1, s);
	if (r->words != 4)
		return fail(r, kind == SPEC_HOLDS ? "expected: %s COUNT of COMPONENT"
		                                  : "expected: %s COUNT on THREAD", r->word[0]);
	if (take_count(r, 1, s))
		return TOOL_UNUSABLE;
	if (kind != SPEC_HOLDS)
		return take_thread(r, 2, s);
	return is(r, 2, "of") ? take_text(r, 3, s->text, sizeof s->text)
	                      : fail(r, "expected: holds COUNT of COMPONENT");
}

static int given_statement(struct reader *r, struct spec_statement *s)
{
	s->kind = SPEC_GIVEN;
	if (r->words != 3 && r->words != 4)
		return fail(r, "expected: given COUNT KIND [NAME]");
	if (take_count(r, 1, s) || take_text(r, 2, s->text, sizeof s->text))
		return TOOL_UNUSABLE;
	for (uint32_t n = 0; caplog_object_kind_at(n); n++)
		if (!strcmp(caplog_object_kind_at(n)->name, s->text))
			return r->words == 4 && take_text(r, 3, s->object, sizeof s->object);
	return fail(r, "\"%s\" is not a kind of object: `caplog show IMAGE` prints the kinds",
	            s->text);
}

static int parse_statement(struct reader *r, struct spec_statement *s)
{
	for (unsigned name = NAME_EXIT; name <= NAME_CONSTRUCTOR; name++)
		if (is(r, 0, keywords[name])) {
			s->name = (enum slot_name)name;
			return named_statement(r, s);
		}
	if (is(r, 0, "thread"))
		return thread_statement(r, s);
	if (is(r, 0, "objects"))
		return count_statement(r, s, SPEC_OBJECTS);
	if (is(r, 0, "irqs"))
		return count_statement(r, s, SPEC_IRQS);
	if (is(r, 0, "received"))
		return count_statement(r, s, SPEC_RECEIVED);
	if (is(r, 0, "holds"))
		return count_statement(r, s, SPEC_HOLDS);
	if (is(r, 0, "given"))
		return given_statement(r, s);
	return fail(r, "unknown statement \"%s\"", r->word[0]);
}

static int add_statement(struct reader *r)
{
	struct spec_component *c = r->open;
	struct spec_statement s = { .line = r->line, .slot = CAPLOG_NO_SLOT }, *more;

	if (parse_statement(r, &s))
		return TOOL_UNUSABLE;
	if (!(more = realloc(c->statement, (c->count + 1) * sizeof *more)))
		return fail(r, "out of memory");
	c->statement = more;
	c->statement[c->count++] = s;
	return 0;
}

static int begin_component(struct reader *r)
{
	struct spec *spec = r->spec;
	struct spec_component *more;

	if (!is(r, 0, "component") || r->words != 3 || !is(r, 2, "{"))
		return fail(r, "expected: component NAME {");
	if (!(more = realloc(spec->component, (spec->count + 1) * sizeof *more)))
		return fail(r, "out of memory");
	spec->component = more;
	r->open = &spec->component[spec->count++];
	memset(r->open, 0, sizeof *r->open);
	r->open->line = r->line;
	if (take_text(r, 1, r->open->name, sizeof r->open->name))
		return TOOL_UNUSABLE;
	for (size_t i = 0; i + 1 < spec->count; i++)
		if (!strcmp(spec->component[i].name, r->open->name))
			return fail(r, "component \"%s\" is described twice", r->open->name);
	return 0;
}

static int take_line(struct reader *r, char *text)
{
	if (split(r, text))
		return TOOL_UNUSABLE;
	if (!r->words)
		return 0;
	if (!r->open)
		return begin_component(r);
	if (is(r, 0, "}") && r->words == 1) {
		r->open = NULL;
		return 0;
	}
	if (is(r, 0, "open") && r->words == 1) {
		r->open->open = 1;
		return 0;
	}
	if (is(r, 0, "flavour") && r->words == 2)
		return take_text(r, 1, r->open->flavour, sizeof r->open->flavour);
	return add_statement(r);
}

static int parse(struct spec *spec, char *text, size_t size)
{
	struct reader r = { .spec = spec };
	char *line;
	int err = 0;

	if (strlen(text) != size)
		return tool_error("%s: not a text: name the description, a file that `caplog spec` prints", spec->file);
	while (!err && (line = strsep(&text, "\n"))) {
		r.line++;
		err = take_line(&r, line);
	}
	if (!err && r.open)
		err = fail(&r, "component \"%s\" of line %u is not closed by }", r.open->name,
		           r.open->line);
	if (!err && !spec->count)
		err = tool_error("%s: describes no component", spec->file);
	return err;
}

int spec_load(struct spec *spec, const char *path)
{
	struct caplog_diag diag;
	uint8_t *bytes;
	size_t size;
	int err;

	memset(spec, 0, sizeof *spec);
	spec->file = tool_name(path);
	if (caplog_read_file(path, SPEC_MAX, &bytes, &size, &diag))
		return tool_error("%s: %s", spec->file, diag.text);
	err = parse(spec, (char *)bytes, size);
	free(bytes);
	if (err)
		spec_free(spec);
	return err;
}

void spec_free(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		free(spec->component[i].statement);
	free(spec->component);
	spec->component = NULL;
	spec->count = 0;
}
