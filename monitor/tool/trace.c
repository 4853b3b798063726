/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text traces: one event per line, or a serial console capture
 *
 * In a capture the events of several components stand between other output,
 * behind "@cap pd=0xN "; terminal control sequences may stand anywhere.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

#define CAPTURE_PREFIX "@cap"

enum { COMPONENTS_MAX = 256, ESC = 0x1b };

/* Goes through a text line by line, leaving terminal control out */
struct scanner {
	const char *at, *end;
	uint64_t    line;      /* of `text`, from 1                              */
	uint64_t    next_line;
	char       *text;      /* the line, terminated                           */
	size_t      len;       /* longer than strlen(text) if zero bytes are in it */
	size_t      room;
};

static int scanner_init(struct scanner *s, const char *text, size_t size)
{
	memset(s, 0, sizeof *s);
	s->at        = text;
	s->end       = text + size;
	s->next_line = 1;
	s->room      = 256;
	s->text      = calloc(1, s->room);
	return s->text ? 0 : -1;
}

static int keep(struct scanner *s, char c)
{
	if (s->len + 1 == s->room) {
		char *more = realloc(s->text, s->room * 2);
		if (!more)
			return -1;
		s->text = more;
		s->room *= 2;
	}
	s->text[s->len++] = c;
	return 0;
}

/*
 * Pass over a control sequence, s->at being behind its ESC
 *
 * \return 1 if it moves the cursor, so that a line ends there; 0 for colours
 */
static int skip_escape(struct scanner *s)
{
	if (s->at == s->end || *s->at != '[') {
		s->at += s->at < s->end && *s->at != '\n';
		return 0;
	}
	for (s->at++; s->at < s->end && *s->at != '\n'; s->at++)
		if (*s->at >= '@' && *s->at <= '~')
			return *s->at++ != 'm';
	return 0;
}

/* \return 1 and the line; 0 at the end; -1 without memory */
static int next_line(struct scanner *s)
{
	if (s->at == s->end)
		return 0;
	s->line = s->next_line;
	s->len = 0;
	while (s->at < s->end) {
		char const c = *s->at++;

		if (c == '\n')
			s->next_line++;
		if (c == '\n' || c == '\r' || (c == ESC && skip_escape(s)))
			break;
		if (c != ESC && keep(s, c))
			return -1;
	}
	s->text[s->len] = 0;
	return 1;
}

static int is_captured(const char *line)
{
	size_t const n = sizeof CAPTURE_PREFIX - 1;

	return !strncmp(line, CAPTURE_PREFIX, n) && (line[n] == ' ' || line[n] == '\t' || !line[n]);
}

/*
 * Split "@cap pd=0xN event..."
 *
 * \return the event; NULL if the line is damaged there
 */
static const char *component_of(const char *line, uint64_t *pd)
{
	char number[19];
	const char *at = line + sizeof CAPTURE_PREFIX - 1;

	at += strspn(at, " \t");
	if (strncmp(at, "pd=0x", 5))
		return NULL;
	at += 3;

	size_t const n = strcspn(at, " \t");
	if (n >= sizeof number)
		return NULL;
	memcpy(number, at, n);
	number[n] = 0;
	if (parse_number(number, 0, pd))
		return NULL;
	return at + n;
}

static int out_of_memory(const char *name)
{
	return tool_error("%s: out of memory", name);
}


/*
 * Which shape, which component
 */

struct survey {
	unsigned count;              /* of components */
	uint64_t pd[COMPONENTS_MAX];
	uint64_t lines[COMPONENTS_MAX];
	uint64_t captured;           /* lines that begin with @cap */
};

static int survey_line(struct survey *v, const char *name, const struct scanner *s)
{
	uint64_t pd;
	unsigned i = 0;

	v->captured++;
	if (!component_of(s->text, &pd))
		return tool_error("%s:%" PRIu64 ": damaged line: \"" CAPTURE_PREFIX "\" without a "
		                  "component, expected pd=0xN", name, s->line);
	while (i < v->count && v->pd[i] != pd)
		i++;
	if (i == COMPONENTS_MAX)
		return tool_error("%s:%" PRIu64 ": more than %d components", name, s->line,
		                  COMPONENTS_MAX);
	if (i == v->count) {
		v->pd[i] = pd;
		v->lines[i] = 0;
		v->count++;
	}
	v->lines[i]++;
	return 0;
}

static int survey(struct survey *v, const char *name, const char *text, size_t size)
{
	struct scanner s;
	int more, err = 0;

	v->count = 0;
	v->captured = 0;
	if (scanner_init(&s, text, size))
		return out_of_memory(name);
	while (!err && (more = next_line(&s)) != 0)
		if (more < 0)
			err = out_of_memory(name);
		else if (is_captured(s.text))
			err = survey_line(v, name, &s);
	free(s.text);
	return err;
}

static int choose(const struct survey *v, const char *name, const struct load_options *options,
                  uint64_t *pd)
{
	for (unsigned i = 0; i < v->count; i++)
		if (options->pd_given ? v->pd[i] == options->pd : v->count == 1) {
			*pd = v->pd[i];
			return 0;
		}

	if (options->pd_given)
		tool_error("%s: no component pd=0x%" PRIx64 " in this capture; there are:", name,
		           options->pd);
	else
		tool_error("%s: several components in this capture; choose one with --pd:", name);
	for (unsigned i = 0; i < v->count; i++)
		fprintf(stderr, "  --pd 0x%" PRIx64 "  %" PRIu64 " lines\n", v->pd[i], v->lines[i]);
	return TOOL_UNUSABLE;
}


/*
 * Events
 */

static int add_event(struct trace *t, const struct caplog_event *event, uint64_t line)
{
	if (t->count == t->room) {
		size_t const room = t->room ? 2 * t->room : 1024;
		struct trace_event *more = realloc(t->event, room * sizeof *more);
		if (!more)
			return -1;
		t->event = more;
		t->room = room;
	}
	t->event[t->count++] = (struct trace_event){ *event, line };
	return 0;
}

static int add_line(struct trace *t, const char *name, const char *text, uint64_t line,
                    const struct load_options *options)
{
	struct caplog_line parsed;
	struct caplog_diag diag;

	if (caplog_parse_line(text, options->flavour, &parsed, &diag))
		return tool_error("%s:%" PRIu64 ": %s", name, line, diag.text);
	switch (parsed.kind) {
	case CAPLOG_LINE_EVENT:
		return add_event(t, &parsed.event, line) ? out_of_memory(name) : 0;
	case CAPLOG_LINE_KNOWN:    t->known++; break;
	case CAPLOG_LINE_CONFLICT: t->conflicts++; break;
	case CAPLOG_LINE_RESERVE:  t->windows++; break;
	case CAPLOG_LINE_RELEASE:  break;
	}
	return 0;
}

/* \param pd  component in a capture; NULL in a plain trace */
static int take_line(struct trace *t, const char *name, const struct scanner *s,
                     const uint64_t *pd, const struct load_options *options)
{
	const char *event = s->text;
	uint64_t of;

	if (pd) {
		if (!is_captured(s->text))
			return 0;
		event = component_of(s->text, &of);
		if (event && of != *pd)
			return 0;
	} else if (!s->len || *s->text == '#' || strspn(s->text, " \t") == s->len) {
		return 0;
	}
	if (strlen(s->text) != s->len)
		return tool_error("%s:%" PRIu64 ": zero bytes in a line: neither a text trace nor a "
		                  "log with its magic intact", name, s->line);
	return add_line(t, name, event, s->line, options);
}

static int read_events(struct trace *t, const char *name, const char *text, size_t size,
                       const uint64_t *pd, const struct load_options *options)
{
	struct scanner s;
	int more, err = 0;

	if (scanner_init(&s, text, size))
		return out_of_memory(name);
	while (!err && (more = next_line(&s)) != 0)
		err = more < 0 ? out_of_memory(name) : take_line(t, name, &s, pd, options);
	free(s.text);
	return err;
}

int trace_read(struct trace *t, const char *name, const char *text, size_t size,
               const struct load_options *options)
{
	struct survey v;
	uint64_t pd;
	int err;

	memset(t, 0, sizeof *t);
	if ((err = survey(&v, name, text, size)))
		return err;
	if (!v.captured && options->pd_given)
		return tool_error("%s: --pd chooses among the components of a console capture, "
		                  "but no line begins with " CAPTURE_PREFIX, name);
	if (v.captured && (err = choose(&v, name, options, &pd)))
		return err;
	if ((err = read_events(t, name, text, size, v.captured ? &pd : NULL, options)))
		return err;
	if (!t->count)
		return tool_error("%s: no event in this trace", name);
	return 0;
}

void trace_free(struct trace *t)
{
	free(t->event);
	t->event = NULL;
	t->count = t->room = 0;
}
