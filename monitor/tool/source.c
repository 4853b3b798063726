/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"

enum { ROOM = 2 * SOURCE_LINE_MAX, WAIT_MS = 100 };

volatile int source_stop;

int source_open(struct source *s, const char *path)
{
	memset(s, 0, sizeof *s);
	s->name = tool_name(path);
	s->owns_fd = strcmp(path, "-") != 0;
	s->fd = s->owns_fd ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
	if (s->fd < 0 || fstat(s->fd, &s->st)) {
		int const error = errno;
		source_close(s);
		return tool_error("%s: %s", s->name, strerror(error));
	}
	if (S_ISDIR(s->st.st_mode)) {
		source_close(s);
		return tool_error("%s: is a directory: name a file in it", s->name);
	}
	if (!(s->buffer = malloc(ROOM + 1))) {
		source_close(s);
		return tool_error("%s: out of memory", s->name);
	}
	progress_input(S_ISREG(s->st.st_mode) ? (uint64_t)s->st.st_size : 0);
	return 0;
}

void source_close(struct source *s)
{
	if (s->owns_fd && s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	free(s->buffer);
	s->buffer = NULL;
}

/*
 * Sleep until there are bytes (fd < 0: until the time is over) or a signal comes,
 * also if it comes just before. \return 0 if it came
 */
static int sleep_until(int fd, const struct timespec *limit)
{
	struct pollfd p = { fd, POLLIN, 0 };
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	if (!source_stop)
		(void)ppoll(&p, 1, limit, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return !source_stop;
}

/* A file that became shorter was begun again */
static void check_truncated(struct source *s)
{
	struct stat st;
	off_t const at = lseek(s->fd, 0, SEEK_CUR);

	if (fstat(s->fd, &st) || st.st_size >= at)
		return;
	tool_note("%s: has been truncated: it is read from its beginning", s->name);
	(void)lseek(s->fd, 0, SEEK_SET);
	s->begin = s->end = s->looked = 0; /* the line that was not complete is gone */
}

/* Where a file ends there may be more later. \return 1 to try again */
static int wait_for_more(struct source *s)
{
	struct timespec const wait = { 0, WAIT_MS * 1000000 };

	if (!s->follows || source_stop || !S_ISREG(s->st.st_mode))
		return 0;
	if (s->idle)
		s->idle(s->idle_ctx);
	check_truncated(s);
	return sleep_until(-1, &wait);
}

/* Another reader or writer closed its end: a pseudo terminal says so by an error */
static int is_hang_up(const struct source *s, int error)
{
	return error == EIO && S_ISCHR(s->st.st_mode);
}

/* More bytes, if there is room. \return 0, also at the end; -1, error printed */
static int fill(struct source *s)
{
	if (s->begin) {
		memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
		s->end -= s->begin;
		s->begin = 0;
	}
	while (!s->at_end && s->end < ROOM) {
		if (s->follows && !S_ISREG(s->st.st_mode)) {
			if (s->idle)
				s->idle(s->idle_ctx);
			if (!sleep_until(s->fd, NULL))
				break;
		}
		ssize_t const n = read(s->fd, s->buffer + s->end, ROOM - s->end);

		if (n > 0) {
			s->end += (size_t)n;
			s->bytes += (uint64_t)n;
			progress_read((uint64_t)n);
			return 0;
		}
		if (n < 0 && errno == EINTR && !source_stop)
			continue;
		if (n < 0 && errno != EINTR && !is_hang_up(s, errno)) {
			tool_error("%s: %s", s->name, strerror(errno));
			return -1;
		}
		s->at_end = n < 0 || !wait_for_more(s);
	}
	s->at_end |= source_stop;
	return 0;
}

ssize_t source_peek(struct source *s, void *bytes, size_t size)
{
	while (s->end - s->begin < size && !s->at_end)
		if (fill(s))
			return -1;
	if (size > s->end - s->begin)
		size = s->end - s->begin;
	memcpy(bytes, s->buffer + s->begin, size);
	return (ssize_t)size;
}

static int give(struct source *s, char **text, size_t *len, size_t n, size_t taken)
{
	*text = s->buffer + s->begin;
	*len = n;
	s->begin += taken;
	s->looked = 0;
	s->line++;
	return 1;
}

int source_line(struct source *s, char **text, size_t *len)
{
	for (;;) {
		char *const from = s->buffer + s->begin;
		size_t const have = s->end - s->begin;
		const char *const end = memchr(from + s->looked, '\n', have - s->looked);

		if (end) {
			size_t const n = (size_t)(end - from);

			if (!s->in_long_line)
				return give(s, text, len, n, n + 1);
			s->begin += n + 1;
			s->looked = 0;
			s->in_long_line = 0;
			continue;
		}
		if (have >= SOURCE_LINE_MAX) {
			int const first = !s->in_long_line;

			s->in_long_line = 1;
			s->looked = 0;
			if (first) {
				give(s, text, len, SOURCE_LINE_MAX, have);
				return 2;
			}
			s->begin = s->end;
		} else {
			s->looked = have;
		}
		if (s->at_end) {
			/* the line that a signal cut was not written to its end */
			if (s->begin == s->end || s->in_long_line || source_stop)
				return 0;
			return give(s, text, len, s->end - s->begin, s->end - s->begin);
		}
		if (fill(s))
			return -1;
	}
}

static int too_large(const struct source *s, size_t max)
{
	return tool_error("%s: larger than %zu bytes, the most that is accepted", s->name, max);
}

int source_rest(struct source *s, size_t max, uint8_t **data, size_t *size)
{
	size_t room = 4 * ROOM, used = 0;
	uint8_t *bytes;

	if (S_ISREG(s->st.st_mode) && (uint64_t)s->st.st_size > max)
		return too_large(s, max);
	bytes = malloc(room);
	while (bytes) {
		size_t const have = s->end - s->begin;

		memcpy(bytes + used, s->buffer + s->begin, have);
		s->begin = s->end;
		used += have;
		if (used > max) {
			free(bytes);
			return too_large(s, max);
		}
		if (s->at_end) {
			*data = bytes;
			*size = used;
			return 0;
		}
		if (fill(s)) {
			free(bytes);
			return TOOL_UNUSABLE;
		}
		if (room - used < ROOM) {
			uint8_t *more = realloc(bytes, room * 2);
			if (!more)
				free(bytes);
			bytes = more;
			room *= 2;
		}
	}
	return tool_error("%s: out of memory", s->name);
}
