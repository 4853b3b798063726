/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text traces: one event per line, or a serial console capture
 *
 * In a capture the events of several components stand between other output,
 * each after "@cap pd=0xN ". What an input is shows at its first such line; a
 * line that is an event as it stands makes it a plain trace until then.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

enum { UNDECIDED, PLAIN, CAPTURE };

enum {
	SHOWN_MAX = 10,          /* lines that are named, of those not taken    */
	UNKNOWN_MAX = 16 << 20   /* bytes of an input until it must be known    */
};

static int out_of_memory(const struct intake *in)
{
	return tool_error("%s: out of memory", in->source->name);
}


/*
 * Components
 */

static void drop_events(struct traced *c)
{
	order_end(c->order);
	free(c->residue);
	builder_free(&c->builder);
	c->order = NULL;
	c->residue = NULL;
}

static int build_event(void *ctx, const struct trace_event *e)
{
	return builder_event(ctx, e);
}

static int begin_events(struct intake *in, struct traced *c)
{
	if (in->event)
		return 0;
	c->residue = malloc(sizeof *c->residue);
	if (!c->residue)
		return out_of_memory(in);
	residue_init(c->residue, in->options->flavour);
	c->order = order_new(in->options->flavour, &c->trace, c->residue, build_event, &c->builder);
	if (!c->order)
		return out_of_memory(in);
	return builder_begin(&c->builder, in->source->name, in->options);
}

static void drop_components(struct intake *in)
{
	while (in->count) {
		struct traced *const c = in->component[--in->count];

		drop_events(c);
		free(c);
	}
}

static int is_wanted(const struct intake *in, const struct traced *c)
{
	return in->all || !c->has_pd || !in->options->pd_given || c->pd == in->options->pd;
}

/* The component that a line is of, the first time as well. \return NULL, error printed */
static struct traced *component_of(struct intake *in, const struct found_line *found)
{
	struct traced *c;

	for (uint32_t i = 0; i < in->count; i++)
		if (in->component[i]->pd == found->pd)
			return in->component[i];
	if (in->count == TRACED_MAX) {
		tool_error("%s:%" PRIu64 ": more than %d components", in->source->name,
		           in->source->line, TRACED_MAX);
		return NULL;
	}
	if (!(c = calloc(1, sizeof *c))) {
		out_of_memory(in);
		return NULL;
	}
	in->component[in->count++] = c;
	c->has_pd = found->has_pd;
	c->pd = found->pd;
	/* of several, one has to be chosen: nothing more is taken */
	if (in->count > 1 && !in->all && !in->options->pd_given && !in->several) {
		in->several = 1;
		drop_events(in->component[0]);
	}
	if (is_wanted(in, c) && !in->several && begin_events(in, c))
		return NULL;
	return c;
}


/*
 * Lines
 */

static int skip_line(struct intake *in, uint64_t line, const char *why)
{
	if (in->skipped++ < SHOWN_MAX)
		tool_error("%s:%" PRIu64 ": %s", in->source->name, line, why);
	return 0;
}

/* It is not known yet what the input is */
static int keep_unknown(struct intake *in, size_t len, const char *why)
{
	if (!in->unknown++) {
		in->unknown_line = in->source->line;
		snprintf(in->unknown_why.text, sizeof in->unknown_why.text, "%s", why);
	}
	in->unknown_bytes += len;
	/* the watching user decides how long */
	if (in->event || in->unknown_bytes <= UNKNOWN_MAX)
		return 0;
	return tool_error("%s: %d MiB without an event: line %" PRIu64 ": %s", in->source->name,
	                  UNKNOWN_MAX >> 20, in->unknown_line, in->unknown_why.text);
}

static void note_label(struct traced *c, const struct found_line *found)
{
	size_t const n = found->label_len < LABEL_SIZE - 1 ? found->label_len : LABEL_SIZE - 1;

	if (!found->label || c->label[0])
		return;
	memcpy(c->label, found->label, n);
	c->label[n] = 0;
}

/* The number of a component that is gone is used again, and the main thread's entry is first */
int begins_component(const struct caplog_flavour *f, const struct caplog_line *line)
{
	return line->kind == CAPLOG_LINE_EVENT && line->event.kind == CAPLOG_INSERT_AT &&
	       line->event.slot == f->thread_base && line->event.badge == f->main_badge;
}

/* Is a main thread's entry where another release has it? `names` receives which */
static int is_other_flavour(const struct caplog_flavour *f, const struct caplog_line *line,
                            struct caplog_diag *names)
{
	size_t count;
	const struct caplog_flavour *all = caplog_flavours(&count);
	int n = 0;

	if (line->kind != CAPLOG_LINE_EVENT || line->event.kind != CAPLOG_INSERT_AT ||
	    line->event.badge != f->main_badge || line->event.slot == f->thread_base)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (all[i].thread_base == line->event.slot)
			n += snprintf(names->text + n, sizeof names->text - (size_t)n, "%s%s",
			              n ? ", " : "", all[i].name);
	return n != 0;
}

static int refuse_flavour(const struct intake *in, const struct caplog_line *line,
                          const struct caplog_diag *names)
{
	return tool_error("%s:%" PRIu64 ": the main thread's entry is at slot 0x%x, and %s has it at "
	                  "0x%x: the trace is of another release, give it with --flavour: %s",
	                  in->source->name, in->source->line, line->event.slot,
	                  in->options->flavour->name, in->options->flavour->thread_base, names->text);
}

static int begin_again(struct intake *in, struct traced *c)
{
	tool_note("%s:%" PRIu64 ": pd=0x%" PRIx64 " begins again: the component that had this number "
	          "before is left out", in->source->name, in->source->line, c->pd);
	drop_events(c);
	memset(&c->trace, 0, sizeof c->trace);
	return begin_events(in, c);
}

static int take_event(struct intake *in, struct traced *c, const struct caplog_line *line)
{
	struct trace_event const e = { line->event, in->source->line };
	struct trace *const t = &c->trace;
	struct caplog_diag names;
	int err;

	if (is_other_flavour(in->options->flavour, line, &names))
		return refuse_flavour(in, line, &names);
	if (in->event)
		return in->event(in->ctx, c, line, in->source->line);
	if (c->has_pd && begins_component(in->options->flavour, line) && t->mains++) {
		if ((err = begin_again(in, c)))
			return err;
		t->mains = 1;
	}
	residue_line(c->residue, line);
	switch (line->kind) {
	case CAPLOG_LINE_EVENT:
		t->taken++;
		switch (order_take(c->order, &e)) {
		case 0:       return 0;
		case CAPLOG_ENOMEM: return out_of_memory(in);
		default:      return TOOL_UNUSABLE; /* reported by the builder */
		}
	case CAPLOG_LINE_KNOWN:    t->known++; break;
	case CAPLOG_LINE_CONFLICT: t->conflicts++; break;
	case CAPLOG_LINE_RESERVE:  t->windows++; break;
	case CAPLOG_LINE_RELEASE:  break;
	}
	return 0;
}

/* A line that holds an event, or ought to */
static int take_found(struct intake *in, const struct found_line *found, size_t len)
{
	struct caplog_line line;
	struct caplog_diag diag;
	struct traced *c = NULL;

	if (in->shape == UNDECIDED) {
		if (found->damage)
			return keep_unknown(in, len, found->damage);
		if (caplog_parse_line(found->event, in->options->flavour, &line, &diag))
			return keep_unknown(in, len, diag.text);
		in->shape = PLAIN;
		/* then those before were no events, but should have been */
		if (in->unknown) {
			skip_line(in, in->unknown_line, in->unknown_why.text);
			in->skipped += in->unknown - 1;
		}
	}
	if ((!found->is_captured || found->has_pd) && !(c = component_of(in, found)))
		return TOOL_UNUSABLE;
	if (c) {
		c->lines++;
		note_label(c, found);
		if (!is_wanted(in, c) || in->several)
			return 0;
	}
	if (found->damage)
		return skip_line(in, in->source->line, found->damage);
	if (caplog_parse_line(found->event, in->options->flavour, &line, &diag))
		return skip_line(in, in->source->line, diag.text);
	return take_event(in, c, &line);
}

static int take_part(struct intake *in, char *text, size_t len)
{
	struct found_line found;

	find_event(text, len, in->shape != CAPTURE, &found);
	if (found.is_captured && in->shape != CAPTURE) {
		/* what looked like events of a plain trace was someone's output */
		drop_components(in);
		in->skipped = 0;
		in->shape = CAPTURE;
	}
	if (!found.event && !found.damage)
		return 0;
	return take_found(in, &found, len);
}

static int take_long_line(struct intake *in, const char *text, size_t len)
{
	int const zeros = memchr(text, 0, len) != NULL;

	if (in->shape == CAPTURE)
		return skip_line(in, in->source->line, "longer than any line of a capture");
	return tool_error("%s:%" PRIu64 ": %s: neither a text trace nor a log with its magic intact",
	                  in->source->name, in->source->line,
	                  zeros ? "zero bytes in a line" : "the line has no end");
}

static int take_line(struct intake *in, char *text, size_t len)
{
	skip_byte_order_mark(in->source, &text, &len);
	for (char *rest = text; rest; ) {
		size_t part_len;
		char *const part = clean_part(&rest, &len, &part_len);
		int const err = take_part(in, part, part_len);

		if (err)
			return err;
	}
	return 0;
}


/*
 * The whole of it
 */

static int refuse_choice(const struct intake *in)
{
	if (in->options->pd_given)
		tool_error("%s: no component pd=0x%" PRIx64 " in this capture; there are:",
		           in->source->name, in->options->pd);
	else
		tool_error("%s: several components in this capture; choose one with --pd:",
		           in->source->name);
	progress_end();
	for (uint32_t i = 0; i < in->count; i++) {
		const struct traced *c = in->component[i];

		fprintf(stderr, "  --pd 0x%" PRIx64 "  %" PRIu64 " lines", c->pd, c->lines);
		if (c->label[0]) {
			fputs("  ", stderr);
			tool_put_safe(stderr, c->label);
		}
		fputc('\n', stderr);
	}
	return TOOL_UNUSABLE;
}

static int has_wanted(const struct intake *in)
{
	for (uint32_t i = 0; i < in->count; i++)
		if (is_wanted(in, in->component[i]))
			return 1;
	return 0;
}

static int check_skipped(const struct intake *in)
{
	const char *const name = in->source->name;
	const char *const are = in->skipped == 1 ? "is" : "are";

	if (!in->skipped)
		return 0;
	if (!in->options->keep_going)
		return tool_error("%s: %" PRIu64 " line%s cannot be taken: --keep-going leaves %s out",
		                  name, in->skipped, plural(in->skipped),
		                  in->skipped == 1 ? "it" : "them");
	tool_note("%s: %" PRIu64 " line%s %s left out", name, in->skipped, plural(in->skipped), are);
	tool_incomplete();
	return 0;
}

static int check_intake(struct intake *in)
{
	const char *const name = in->source->name;

	if (in->shape == UNDECIDED && in->unknown && !in->event)
		return tool_error("%s:%" PRIu64 ": %s; no line is an event, and none has the mark @cap "
		                  "of a capture", name, in->unknown_line, in->unknown_why.text);
	if (in->shape != CAPTURE && in->options->pd_given)
		return tool_error("%s: --pd chooses among the components of a console capture, "
		                  "but no line has the mark @cap", name);
	if (in->shape == CAPTURE && in->count && (in->several || !has_wanted(in)))
		return refuse_choice(in);
	return check_skipped(in);
}

int intake_read(struct intake *in)
{
	int more, err = 0;
	char *text;
	size_t len;

	while (!err && (more = source_line(in->source, &text, &len)) > 0)
		err = more == 2 ? take_long_line(in, text, len) : take_line(in, text, len);
	if (!err && more < 0)
		err = TOOL_UNUSABLE;
	return err ? err : check_intake(in);
}

void intake_free(struct intake *in)
{
	drop_components(in);
}
