/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
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
static void sync_directory(int dir)
{
	int const fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* some file systems cannot; the file is complete in any case */
	(void)fsync(fd);
	close(fd);
}

/* A file that is to be replaced, by its directory and its name there */
struct place {
	int         dir;
	const char *name;
	char        temp[64]; /* short, whatever the length of the name */
};

/* \param path  is cut at its last slash. \return 0 or -errno; close place->dir */
static int open_place(struct place *place, char *path)
{
	char *const slash = strrchr(path, '/');
	const char *dir = ".";

	place->name = path;
	if (slash) {
		*slash = 0;
		place->name = slash + 1;
		dir = slash == path ? "/" : path;
	}
	place->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return place->dir < 0 ? -errno : 0;
}

static void name_temp(struct place *place, unsigned i)
{
	snprintf(place->temp, sizeof place->temp, ".caplog-%ld-%u.new", (long)getpid(), i);
}

enum { NAMES_TRIED = 1000, LINKS_MAX = 40 };

/* Give a file without a name one beside the file that it replaces. \return 0 or -errno */
static int link_beside(struct place *place, int fd)
{
	char from[64];

	snprintf(from, sizeof from, "/proc/self/fd/%d", fd);
	for (unsigned i = 0; i < NAMES_TRIED; i++) {
		name_temp(place, i);
		if (!linkat(AT_FDCWD, from, place->dir, place->temp, AT_SYMLINK_FOLLOW))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return CAPLOG_EEXIST;
}

/* A new file with a name beside the one that it replaces. \return fd or -errno */
static int create_beside(struct place *place)
{
	for (unsigned i = 0; i < NAMES_TRIED; i++) {
		name_temp(place, i);
		int const fd = openat(place->dir, place->temp,
		                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd >= 0 ? fd : -errno;
	}
	return CAPLOG_EEXIST;
}

/* All bytes and the access rights of `like`, on the disk. \return 0 or -errno */
static int fill(int fd, const struct stat *like, const void *data, size_t size)
{
	int err = write_all(fd, data, size);

	if (!err && like && fchmod(fd, like->st_mode & 0777))
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	return err;
}

/* While a temporary name exists no signal may end the program */
static void hold_signals(sigset_t *before)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGQUIT);
	sigaddset(&ending, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ending, before);
}

/* \return 0 or -errno: the temporary name is gone in any case */
static int take_place(const struct place *place)
{
	if (!renameat(place->dir, place->temp, place->dir, place->name))
		return 0;

	int const err = -errno;
	unlinkat(place->dir, place->temp, 0);
	return err;
}

/*
 * By a file that has no name until it is complete
 *
 * \return 0; -errno; 1 if this file system has no such files
 */
static int replace_unnamed(struct place *place, const struct stat *like, const void *data,
                           size_t size)
{
	sigset_t before;
	int const fd = openat(place->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0)
		return 1;

	int err = fill(fd, like, data, size);
	if (!err) {
		hold_signals(&before);
		err = link_beside(place, fd) ? 1 : take_place(place);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	close(fd);
	return err;
}

static int replace_named(struct place *place, const struct stat *like, const void *data,
                         size_t size)
{
	sigset_t before;

	hold_signals(&before);
	int const fd = create_beside(place);
	int err = fd < 0 ? fd : fill(fd, like, data, size);

	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (fd >= 0 && err)
		unlinkat(place->dir, place->temp, 0);
	if (!err)
		err = take_place(place);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

/* \param like  the file that is replaced, NULL if there is none */
static int replace(char *path, const struct stat *like, const void *data, size_t size)
{
	struct place place;
	int err = open_place(&place, path);

	if (err)
		return err;
	err = replace_unnamed(&place, like, data, size);
	if (err > 0)
		err = replace_named(&place, like, data, size);
	if (!err)
		sync_directory(place.dir);
	close(place.dir);
	return err;
}

/*
 * Where a path leads, links followed even if the last one leads nowhere yet
 *
 * \param target  of PATH_MAX bytes. \return 0 or -errno
 */
static int follow_links(const char *path, char *target)
{
	char link[PATH_MAX];
	struct stat st;

	if (strlen(path) >= PATH_MAX)
		return CAPLOG_ENAMETOOLONG;
	strcpy(target, path);
	for (unsigned i = 0; i < LINKS_MAX; i++) {
		if (lstat(target, &st))
			return errno == ENOENT ? 0 : -errno;
		if (!S_ISLNK(st.st_mode))
			return 0;

		ssize_t const n = readlink(target, link, sizeof link - 1);
		if (n < 0)
			return -errno;
		link[n] = 0;

		const char *const slash = strrchr(target, '/');
		size_t const dir = link[0] == '/' || !slash ? 0 : (size_t)(slash + 1 - target);
		if (dir + (size_t)n >= PATH_MAX)
			return CAPLOG_ENAMETOOLONG;
		strcpy(target + dir, link);
	}
	return CAPLOG_ELOOP;
}

int caplog_write_file(const char *path, const void *data, size_t size,
                      struct caplog_diag *diag)
{
	char target[PATH_MAX];
	struct stat st;
	int err;

	if (!strcmp(path, "-"))
		err = write_all(STDOUT_FILENO, data, size);
	else if (!*path)
		err = CAPLOG_ENOENT;
	else if ((err = follow_links(path, target)))
		;
	else if (stat(target, &st))
		err = errno == ENOENT ? replace(target, NULL, data, size) : -errno;
	else if (S_ISDIR(st.st_mode))
		return caplog_say(diag, CAPLOG_EISDIR, "is a directory: name a file in it");
	else if (!S_ISREG(st.st_mode))
		err = write_in_place(target, data, size);
	else
		err = replace(target, &st, data, size);
	return err ? say_errno(diag, -err) : 0;
}
