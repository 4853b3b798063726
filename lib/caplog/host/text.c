/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <caplog/text.h>

/* Keys of the text form: the fields of events, and those of other lines */
enum key {
	NO_KEY,
#define X(id, key, member) id,
	CAPLOG_FIELDS(X)
#undef X
	COUNT, SLOT, TYPE, ATTACHED, KEYS
};

static const char *const key_name[KEYS] = {
#define X(id, key, member) [id] = #key,
	CAPLOG_FIELDS(X)
#undef X
	[COUNT] = "count", [SLOT] = "slot", [TYPE] = "type", [ATTACHED] = "attached",
};

/* enum caplog_member of a key; 0: not of an event */
static const uint8_t key_member[KEYS] = {
#define X(id, key, member) [id] = CAPLOG_MEMBER_##member,
	CAPLOG_FIELDS(X)
#undef X
};

enum { LINE_KEYS = 5 };

/* Fields of each event in the order in which they are written */
static const uint8_t event_keys[CAPLOG_EVENT_KINDS][LINE_KEYS] = {
#define FIELD(id) id,
#define X(num, id, name, begins, fields) [num] = { fields },
	CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
};

static const uint8_t window_keys[LINE_KEYS] = { KCAP, COUNT };
static const uint8_t space_keys[LINE_KEYS]  = { SLOT, TYPE, LABEL, ATTACHED };

/* Words that stand for numbers, in the order of their values */
static const char *const results[] = { "new", "known", "conflict", NULL };
static const char *const answers[] = { "no", "yes", NULL };
static const char *const types[]   = { "task", "gate", "irq", "jdb", "thread", NULL };

static const char *const *words_of(unsigned key)
{
	return key == RESULT ? results : key == MAPPED ? answers : key == TYPE ? types : NULL;
}

/* Values of one line by key */
struct fields {
	uint64_t value[KEYS];
	uint8_t  given[KEYS];
};


/*
 * Reading
 */

/* A part of a line, not terminated */
struct token {
	const char *at;
	size_t      len;
};

/* For messages: cut, and without bytes that would upset a terminal */
struct quoted {
	char text[33];
};

static struct quoted quote(struct token t)
{
	struct quoted q;
	size_t const n = t.len < sizeof q.text - 1 ? t.len : sizeof q.text - 1;

	for (size_t i = 0; i < n; i++)
		q.text[i] = t.at[i] >= ' ' && t.at[i] <= '~' ? t.at[i] : '?';
	q.text[n] = 0;
	return q;
}

static int is_blank(char c) { return c == ' ' || c == '\t'; }

/* Next word at *text; empty at the end of the line */
static struct token next_token(const char **text)
{
	const char *at = *text;

	while (is_blank(*at))
		at++;

	const char *end = at;
	while (*end && !is_blank(*end))
		end++;
	*text = end;
	return (struct token){ at, (size_t)(end - at) };
}

static int token_is(struct token t, const char *word)
{
	return strlen(word) == t.len && !memcmp(t.at, word, t.len);
}

static int parse_hex(struct token t, uint64_t *value)
{
	uint64_t v = 0;

	if (t.len < 3 || t.at[0] != '0' || t.at[1] != 'x')
		return CAPLOG_EINVAL;
	for (size_t i = 2; i < t.len; i++) {
		char const c = t.at[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a') + 10;
		else if (c >= 'A' && c <= 'F')
			digit = (unsigned)(c - 'A') + 10;
		else
			return CAPLOG_EINVAL;
		if (v >> 60)
			return CAPLOG_ERANGE;
		v = v << 4 | digit;
	}
	*value = v;
	return 0;
}

/* "a, b or c" */
static struct quoted list_words(const char *const *words)
{
	struct quoted list;
	size_t n = 0;

	for (unsigned i = 0; words[i] && n < sizeof list.text; i++)
		n += (size_t)snprintf(list.text + n, sizeof list.text - n, "%s%s",
		                      !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
	return list;
}

static int parse_value(unsigned key, struct token t, uint64_t *value, struct caplog_diag *diag)
{
	const char *const *words = words_of(key);

	if (words) {
		for (uint64_t i = 0; words[i]; i++)
			if (token_is(t, words[i])) {
				*value = i;
				return 0;
			}
		return caplog_say(diag, CAPLOG_EINVAL, "%s is \"%s\", expected %s", key_name[key],
		                  quote(t).text, list_words(words).text);
	}

	switch (parse_hex(t, value)) {
	case 0:
		return 0;
	case CAPLOG_ERANGE:
		return caplog_say(diag, CAPLOG_EINVAL, "%s=%s does not fit 64 bits", key_name[key],
		                  quote(t).text);
	default:
		return caplog_say(diag, CAPLOG_EINVAL, "%s=%s is not a number: write hexadecimal digits "
		                  "after 0x", key_name[key], quote(t).text);
	}
}

static int takes(const uint8_t *keys, unsigned key)
{
	for (unsigned i = 0; i < LINE_KEYS && keys[i]; i++)
		if (keys[i] == key)
			return 1;
	return 0;
}

static int parse_field(struct token t, const uint8_t *keys, struct fields *f,
                       struct caplog_diag *diag)
{
	const char *equals = memchr(t.at, '=', t.len);
	if (!equals)
		return caplog_say(diag, CAPLOG_EINVAL, "\"%s\" is not of the form key=value", quote(t).text);

	struct token const name = { t.at, (size_t)(equals - t.at) };
	struct token const value = { equals + 1, t.len - name.len - 1 };

	for (unsigned key = 1; key < KEYS; key++) {
		if (!takes(keys, key) || !token_is(name, key_name[key]))
			continue;
		if (f->given[key])
			return caplog_say(diag, CAPLOG_EINVAL, "key %s is given twice", key_name[key]);
		f->given[key] = 1;
		return parse_value(key, value, &f->value[key], diag);
	}
	return caplog_say(diag, CAPLOG_EINVAL, "key \"%s\" does not belong here", quote(name).text);
}

/* Fill the fields of a line whose keys are known; those not `optional` must be there */
static int parse_fields(const char *text, const uint8_t *keys, unsigned optional,
                        struct fields *f, struct caplog_diag *diag)
{
	int err;

	memset(f, 0, sizeof *f);
	for (struct token t; (t = next_token(&text)).len; )
		if ((err = parse_field(t, keys, f, diag)))
			return err;
	for (unsigned i = 0; i < LINE_KEYS && keys[i]; i++)
		if (!f->given[keys[i]] && !(optional >> keys[i] & 1u))
			return caplog_say(diag, CAPLOG_EINVAL, "key %s is missing", key_name[keys[i]]);
	return 0;
}

static int check_slot(uint64_t slot, unsigned key, const struct caplog_flavour *flavour,
                      struct caplog_diag *diag)
{
	if (slot < flavour->slot_count)
		return 0;
	return caplog_say(diag, CAPLOG_EINVAL, "%s is slot %s%x, but %s has slots below %x only",
	                  key_name[key], slot >> 32 ? "above " : "",
	                  slot >> 32 ? 0xffffffffu : (uint32_t)slot, flavour->name,
	                  flavour->slot_count);
}

/* Slot of a selector */
static int slot_of(const struct fields *f, unsigned key, const struct caplog_flavour *flavour,
                   uint16_t *slot, struct caplog_diag *diag)
{
	uint64_t const selector = f->value[key];

	if (selector & ((1ull << flavour->slot_shift) - 1))
		return caplog_say(diag, CAPLOG_EINVAL, "%s ends in bits that no selector has: it must be "
		                  "a multiple of %x", key_name[key], 1u << flavour->slot_shift);
	*slot = (uint16_t)(selector >> flavour->slot_shift);
	return check_slot(selector >> flavour->slot_shift, key, flavour, diag);
}

static int check_badge(const struct fields *f, const struct caplog_flavour *flavour,
                       struct caplog_diag *diag)
{
	if (!(f->value[BADGE] >> flavour->badge_bits))
		return 0;
	return caplog_say(diag, CAPLOG_EINVAL, "badge is wider than the %u bits of %s",
	                  (uint32_t)flavour->badge_bits, flavour->name);
}

/* Store the value of one field of an event */
static int fill_field(const struct fields *f, unsigned key, const struct caplog_flavour *flavour,
                      struct caplog_event *e, struct caplog_diag *diag)
{
	uint64_t const value = f->value[key];

	switch ((enum caplog_member)key_member[key]) {
	case CAPLOG_MEMBER_SLOT:  return slot_of(f, key, flavour, &e->slot, diag);
	case CAPLOG_MEMBER_OTHER: return slot_of(f, key, flavour, &e->other, diag);
	case CAPLOG_MEMBER_FROM:  return slot_of(f, key, flavour, &e->from, diag);
	case CAPLOG_MEMBER_FLAG:  e->from = (caplog_slot)value; break;
	case CAPLOG_MEMBER_A:     e->a = value; break;
	case CAPLOG_MEMBER_B:     e->b = value; break;
	case CAPLOG_MEMBER_TEXT:  break;
	case CAPLOG_MEMBER_BADGE:
		e->badge = (uint32_t)value;
		return check_badge(f, flavour, diag);
	}
	return 0;
}

static int fill_event(const struct fields *f, const struct caplog_flavour *flavour,
                      struct caplog_line *line, struct caplog_diag *diag)
{
	const uint8_t *keys = event_keys[line->event.kind];
	int err;

	for (unsigned i = 0; i < LINE_KEYS && keys[i]; i++)
		if ((err = fill_field(f, keys[i], flavour, &line->event, diag)))
			return err;
	line->kind = CAPLOG_LINE_EVENT;
	if (f->given[RESULT] && f->value[RESULT])
		line->kind = f->value[RESULT] == 1 ? CAPLOG_LINE_KNOWN : CAPLOG_LINE_CONFLICT;
	return 0;
}

static int fill_window(const struct fields *f, const struct caplog_flavour *flavour,
                       struct caplog_line *line, struct caplog_diag *diag)
{
	int const err = slot_of(f, KCAP, flavour, &line->event.slot, diag);

	if (err)
		return err;
	if (!f->value[COUNT] || f->value[COUNT] > flavour->slot_count - line->event.slot)
		return caplog_say(diag, CAPLOG_EINVAL, "count does not fit: %s has slots below %x only",
		                  flavour->name, flavour->slot_count);
	line->count = (uint32_t)f->value[COUNT];
	return 0;
}

int caplog_parse_line(const char *text, const struct caplog_flavour *flavour,
                      struct caplog_line *line, struct caplog_diag *diag)
{
	struct token const name = next_token(&text);
	struct fields f;
	int err;

	memset(line, 0, sizeof *line);
	for (unsigned kind = 1; kind < CAPLOG_EVENT_KINDS; kind++) {
		const char *const known = caplog_event_name(kind);

		if (!known || !token_is(name, known))
			continue;
		if ((err = parse_fields(text, event_keys[kind], 0, &f, diag)))
			return err;
		line->event.kind = (uint8_t)kind;
		return fill_event(&f, flavour, line, diag);
	}
	if (token_is(name, "reserve"))
		line->kind = CAPLOG_LINE_RESERVE;
	else if (token_is(name, "release"))
		line->kind = CAPLOG_LINE_RELEASE;
	else
		return caplog_say(diag, CAPLOG_EINVAL, "unknown event \"%s\"", quote(name).text);
	if ((err = parse_fields(text, window_keys, 0, &f, diag)))
		return err;
	return fill_window(&f, flavour, line, diag);
}

int caplog_parse_space_line(const char *text, const struct caplog_flavour *flavour,
                            uint32_t *slot, struct caplog_kernel_cap *cap,
                            struct caplog_diag *diag)
{
	struct fields f;
	int err = parse_fields(text, space_keys, 1u << LABEL | 1u << ATTACHED, &f, diag);

	if (err)
		return err;
	if ((err = check_slot(f.value[SLOT], SLOT, flavour, diag)) ||
	    (err = check_slot(f.value[ATTACHED], ATTACHED, flavour, diag)))
		return err;

	uint8_t const type = (uint8_t)(CAPLOG_KERNEL_TASK + f.value[TYPE]);
	if (f.given[LABEL] && type != CAPLOG_KERNEL_GATE)
		return caplog_say(diag, CAPLOG_EINVAL, "only a gate has a label");
	if (f.given[ATTACHED] && type != CAPLOG_KERNEL_IRQ)
		return caplog_say(diag, CAPLOG_EINVAL, "only an irq is attached");

	*slot = (uint32_t)f.value[SLOT];
	cap->type      = type;
	cap->has_label = f.given[LABEL];
	cap->label     = f.value[LABEL];
	cap->attached  = f.given[ATTACHED] ? (uint16_t)f.value[ATTACHED] : CAPLOG_NO_SLOT;
	return 0;
}


/*
 * Writing
 */

static uint64_t value_of(unsigned key, const struct caplog_flavour *flavour,
                         const struct caplog_event *e)
{
	switch ((enum caplog_member)key_member[key]) {
	case CAPLOG_MEMBER_BADGE: return e->badge;
	case CAPLOG_MEMBER_SLOT:  return (uint64_t)e->slot << flavour->slot_shift;
	case CAPLOG_MEMBER_OTHER: return (uint64_t)e->other << flavour->slot_shift;
	case CAPLOG_MEMBER_FROM:  return (uint64_t)e->from << flavour->slot_shift;
	case CAPLOG_MEMBER_FLAG:  return e->from ? 1 : 0;
	case CAPLOG_MEMBER_A:     return e->a;
	case CAPLOG_MEMBER_B:     return e->b;
	case CAPLOG_MEMBER_TEXT:  break; /* RESULT: new */
	}
	return 0;
}

int caplog_format_event(char *buf, size_t size, const struct caplog_flavour *flavour,
                        const struct caplog_event *event)
{
	const char *const name = caplog_event_name(event->kind);
	if (!name)
		return CAPLOG_EINVAL;

	const uint8_t *keys = event_keys[event->kind];
	int n = snprintf(buf, size, "%s", name);

	for (unsigned i = 0; i < LINE_KEYS && keys[i]; i++) {
		const char *const *words = words_of(keys[i]);
		uint64_t const value = value_of(keys[i], flavour, event);
		size_t const at = (size_t)n < size ? (size_t)n : size;
		char *const to = size ? buf + at : NULL;

		if (words)
			n += snprintf(to, size - at, " %s=%s", key_name[keys[i]], words[value]);
		else
			n += snprintf(to, size - at, " %s=0x%" PRIx64, key_name[keys[i]], value);
	}
	return n;
}
