/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in lines as serial lines bring them: after time stamps, labels, zero
 * bytes of a board that is switched on, or half a line of someone else
 */
#include <string.h>

#include "input.h"

#define MARK "@cap"

enum { MARK_SIZE = sizeof MARK - 1 };

static int is_blank(char c) { return c == ' ' || c == '\t'; }

/* The last MARK that is a word's beginning; NULL if there is none */
static char *last_mark(char *text, size_t len)
{
	char *last = NULL;

	for (char *at = text; len >= MARK_SIZE; ) {
		char *const found = memmem(at, len, MARK, MARK_SIZE);

		if (!found)
			break;
		len -= (size_t)(found - at) + MARK_SIZE;
		at = found + MARK_SIZE;
		if (!len || is_blank(*at) || !*at)
			last = found;
	}
	return last;
}

/* Is there the beginning of another event before the mark? Then that one was cut. */
static int has_cut_mark(const char *text, size_t len)
{
	if (memmem(text, len, MARK, MARK_SIZE))
		return 1;
	for (size_t n = 1; n < MARK_SIZE; n++)
		if (len >= n && !memcmp(text + len - n, MARK, n))
			return 1;
	return 0;
}

/* "[init -> x] " before the mark or the event */
static void find_label(struct found_line *found, const char *text, const char *end)
{
	const char *open, *close;

	while (end > text && is_blank(end[-1]))
		end--;
	if (end - text < 3 || end[-1] != ']')
		return;
	close = end - 1;
	open = memrchr(text, '[', (size_t)(close - text));
	/* a time stamp is no label */
	if (!open || !strpbrk(open, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ||
	    strpbrk(open, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") > close)
		return;
	found->label = open + 1;
	found->label_len = (size_t)(close - open - 1);
}

/* "pd=0xN" at `at`. \return what follows, or NULL */
static const char *take_pd(struct found_line *found, const char *at)
{
	char number[19];

	at += strspn(at, " \t");
	if (strncmp(at, "pd=0x", 5))
		return NULL;
	at += 3;

	size_t const n = strcspn(at, " \t");
	if (n >= sizeof number)
		return NULL;
	memcpy(number, at, n);
	number[n] = 0;
	/* a number at the end of a line may have been cut */
	if (parse_number(number, 0, &found->pd) || !at[n + strspn(at + n, " \t")])
		return NULL;
	found->has_pd = 1;
	return at + n;
}

static void find_captured(char *text, size_t len, char *mark, struct found_line *found)
{
	size_t const before = (size_t)(mark - text);
	const char *const after = mark + MARK_SIZE;

	found->is_captured = 1;
	found->event = take_pd(found, after);
	if (!found->event)
		found->damage = "damaged line: \"" MARK "\" without a component and an event, "
		                "expected pd=0xN EVENT";
	else if (strlen(after) != len - before - MARK_SIZE)
		found->damage = "zero bytes in a line";
	else if (has_cut_mark(text, before))
		found->damage = "damaged line: another event was cut in it";
	else
		find_label(found, text, mark);
}

/* Length of the event's or window's name at `at`, 0 if there is none */
static size_t event_word(const char *at)
{
	static const char *const windows[] = { "reserve", "release" };
	size_t const n = strcspn(at, " \t");

	for (unsigned kind = 1; kind < CAPLOG_EXT; kind++) {
		const char *const name = caplog_event_name(kind);

		if (name && strlen(name) == n && !memcmp(at, name, n))
			return n;
	}
	for (unsigned i = 0; i < 2; i++)
		if (strlen(windows[i]) == n && !memcmp(at, windows[i], n))
			return n;
	return 0;
}

/*
 * In a trace without marks an event may follow a time stamp or a label: its
 * name is a word of its own, and no key=value stands before it
 */
static void find_plain(char *text, size_t len, struct found_line *found)
{
	char *const zero = memrchr(text, 0, len);
	char *const from = zero ? zero + 1 : text;
	const char *at = from + strspn(from, " \t");

	if (zero && memchr(text, '=', (size_t)(zero - text))) {
		found->damage = "zero bytes in a line";
		return;
	}
	if (!*at && !zero)
		return;
	found->event = at;
	for (; *at; at += strspn(at, " \t")) {
		if (event_word(at)) {
			found->event = at;
			find_label(found, from, at);
			return;
		}
		size_t const n = strcspn(at, " \t");
		if (memchr(at, '=', n))
			break;
		at += n;
	}
	if (zero)
		found->damage = "zero bytes in a line: neither a text trace nor a log with its magic "
		                "intact";
	else if (*found->event == '#')
		found->event = NULL;
}

void find_event(char *text, size_t len, int plain, struct found_line *found)
{
	char *const mark = last_mark(text, len);

	memset(found, 0, sizeof *found);
	if (mark)
		find_captured(text, len, mark, found);
	else if (plain)
		find_plain(text, len, found);
}
