/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* with the state's layout, so that it needs no heap */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <caplog/file.h>

/* Numbers of the system are returned as they are */
#define X(name, number, text) CAPLOG_ASSERT(name == (number), #name " differs on this system");
CAPLOG_ERRORS(X)
#undef X

/* For errors of the system; the caller names the file */
static int say_errno(struct caplog_diag *diag, int error)
{
	return caplog_say(diag, -error, "%s", strerror(error));
}


/*
 * Seal
 */

/* XXH64 of a log as if its seal were 0; never 0 itself, which means "live" */
static uint64_t seal_of(const uint8_t *log, size_t size)
{
	static const uint8_t none[sizeof(uint64_t)];
	size_t const at = offsetof(struct caplog_header, seal);
	size_t const after = at + sizeof none;
	XXH64_state_t state;

	XXH64_reset(&state, 0);
	XXH64_update(&state, log, at);
	XXH64_update(&state, none, sizeof none);
	XXH64_update(&state, log + after, size - after);

	uint64_t const hash = XXH64_digest(&state);
	return hash ? hash : 1;
}

size_t caplog_seal(void *log, size_t size)
{
	struct caplog_header *h = log;

	if (size < sizeof *h || h->size < sizeof *h || h->size > size)
		return 0;
	h->seal = seal_of(log, h->size);
	return h->size;
}

int caplog_seal_check(const void *log, size_t size, struct caplog_diag *diag)
{
	const struct caplog_header *h = log;

	if (size < sizeof *h)
		return caplog_say(diag, CAPLOG_EBADMSG, "%n bytes are less than a log's header: the file "
		                  "is truncated", (uint64_t)size);
	if (!h->seal)
		return caplog_say(diag, CAPLOG_ENODATA, "the log has no seal: it is the copy of a live "
		                  "log, or damaged");
	if (h->size != size)
		return caplog_say(diag, CAPLOG_EBADMSG, "the log has %n bytes, its header says %n: the "
		                  "file is truncated, extended or damaged", (uint64_t)size,
		                  (uint64_t)h->size);
	if (h->seal != seal_of(log, size))
		return caplog_say(diag, CAPLOG_EBADMSG, "the log is damaged: its bytes do not match its "
		                  "seal");
	return 0;
}


/*
 * Reading
 */

static int too_large(size_t max, struct caplog_diag *diag)
{
	return caplog_say(diag, CAPLOG_EFBIG, "larger than %n bytes, the most that is accepted",
	                  (uint64_t)max);
}

static int read_all(int fd, size_t max, uint8_t **data, size_t *size, struct caplog_diag *diag)
{
	size_t room = 65536, used = 0;
	uint8_t *buf = malloc(room);

	while (buf) {
		ssize_t const n = read(fd, buf + used, room - 1 - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int const error = errno;
			free(buf);
			return say_errno(diag, error);
		}
		used += (size_t)n;
		if (used > max) {
			free(buf);
			return too_large(max, diag);
		}
		if (!n) {
			buf[used] = 0;
			*data = buf;
			*size = used;
			return 0;
		}
		if (used + 1 == room) {
			uint8_t *more = realloc(buf, room * 2);
			if (!more)
				free(buf);
			buf = more;
			room *= 2;
		}
	}
	return say_errno(diag, ENOMEM);
}

int caplog_read_file(const char *path, size_t max, uint8_t **data, size_t *size,
                     struct caplog_diag *diag)
{
	int const standard = !strcmp(path, "-");
	int const fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int err;

	if (fd < 0)
		return say_errno(diag, errno);
	if (fstat(fd, &st))
		err = say_errno(diag, errno);
	else if (S_ISDIR(st.st_mode))
		err = caplog_say(diag, CAPLOG_EISDIR, "is a directory: name a file in it");
	else if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
		err = too_large(max, diag);
	else
		err = read_all(fd, max, data, size, diag);
	if (!standard)
		close(fd);
	return err;
}


/*
 * Writing
 */

static int write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t const n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* A pipe or a device: there is nothing to replace */
static int write_in_place(const char *path, const void *data, size_t size)
{
	int const fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	int err = write_all(fd, data, size);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* Make a rename durable: the directory has to reach the disk as well */
static void sync_directory(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t const len = slash ? (size_t)(slash - path) : 0;

	if (len >= sizeof dir)
		return;
	memcpy(dir, path, len);
	dir[len] = 0;

	int const fd = open(len ? dir : slash ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* some file systems cannot; the file is complete in any case */
	(void)fsync(fd);
	close(fd);
}

/* A new file beside `path`, whose name is stored in temp. \return fd or -errno */
static int open_beside(const char *path, char *temp, size_t size)
{
	for (unsigned i = 0; i < 1000; i++) {
		int const n = snprintf(temp, size, "%s.%ld-%u.new", path, (long)getpid(), i);
		if (n < 0 || (size_t)n >= size)
			return CAPLOG_ENAMETOOLONG;

		int const fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd >= 0 ? fd : -errno;
	}
	return CAPLOG_EEXIST;
}

/* \param like  the file that is replaced, NULL if there is none */
static int replace(const char *path, const struct stat *like, const void *data, size_t size)
{
	char temp[PATH_MAX];
	int const fd = open_beside(path, temp, sizeof temp);
	if (fd < 0)
		return fd;

	int err = write_all(fd, data, size);
	if (!err && like && fchmod(fd, like->st_mode & 0777))
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		unlink(temp);
	else
		sync_directory(path);
	return err;
}

int caplog_write_file(const char *path, const void *data, size_t size,
                      struct caplog_diag *diag)
{
	char target[PATH_MAX];
	struct stat st;
	int err;

	if (!strcmp(path, "-")) {
		err = write_all(STDOUT_FILENO, data, size);
	} else if (!*path) {
		err = CAPLOG_ENOENT;
	} else if (stat(path, &st)) {
		err = errno == ENOENT ? replace(path, NULL, data, size) : -errno;
	} else if (S_ISDIR(st.st_mode)) {
		return caplog_say(diag, CAPLOG_EISDIR, "is a directory: name a file in it");
	} else if (!S_ISREG(st.st_mode)) {
		err = write_in_place(path, data, size);
	} else if (!realpath(path, target)) { /* a link stays: its target is replaced */
		err = -errno;
	} else {
		err = replace(target, &st, data, size);
	}
	return err ? say_errno(diag, -err) : 0;
}
