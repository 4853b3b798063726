/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "input.h"

enum { ESC = 0x1b, BELL = 0x07 };

/* What a control sequence does to the line that it stands in */
enum effect { NOTHING, ENDS_PART };

/* "ESC [ parameters letter": colours (m) change nothing, all else may move the cursor */
static size_t skip_csi(const char *text, size_t len, enum effect *effect)
{
	size_t i = 2;

	while (i < len && (text[i] < '@' || text[i] > '~'))
		i++;
	if (i == len)
		return len; /* cut: what follows it is not known */
	if (text[i] != 'm')
		*effect = ENDS_PART;
	return i + 1;
}

/*
 * "ESC ] title BEL", or any such text up to ESC \. Without its end it may have
 * been cut, and the rest of the line is no title: only its beginning goes.
 */
static size_t skip_string(const char *text, size_t len)
{
	for (size_t i = 2; i < len; i++) {
		if (text[i] == BELL)
			return i + 1;
		if (text[i] == ESC)
			return i + 1 < len && text[i + 1] == '\\' ? i + 2 : 2;
	}
	return 2;
}

/* Length of the control sequence that `text` begins with */
static size_t skip_escape(const char *text, size_t len, enum effect *effect)
{
	size_t i = 1;

	*effect = NOTHING;
	if (len < 2)
		return len;
	if (text[1] == '[')
		return skip_csi(text, len, effect);
	if (strchr("]PX^_", text[1]) && text[1])
		return skip_string(text, len);
	/* "ESC ( B" and the like: bytes from ' ' to '/', and one more */
	while (i < len && text[i] >= ' ' && text[i] <= '/')
		i++;
	return i < len && text[i] != ESC ? i + 1 : i;
}

void skip_byte_order_mark(const struct source *s, char **text, size_t *len)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t const n = sizeof mark - 1;

	if (s->line == 1 && *len >= n && !memcmp(*text, mark, n)) {
		*text += n;
		*len -= n;
	}
}

char *clean_part(char **rest, size_t *len, size_t *part_len)
{
	char *const from = *rest;
	size_t const n = *len;
	size_t in = 0, out = 0;

	while (in < n && from[in] != '\r') {
		enum effect effect = NOTHING;

		if (from[in] != ESC) {
			from[out++] = from[in++];
			continue;
		}
		in += skip_escape(from + in, n - in, &effect);
		if (effect == ENDS_PART) {
			in--; /* stands for the end of this part */
			break;
		}
	}
	*rest = in < n ? from + in + 1 : NULL;
	*len = in < n ? n - in - 1 : 0;
	from[out] = 0;
	*part_len = out;
	return from;
}
