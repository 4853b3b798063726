/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of a fuzzer, in memory: what the tool and the library open, read, write and rename goes
 * here (FUZZ_WRAP in tests/rules.mk), and not to the system
 *
 * One directory, without links or further directories. Nothing is on standard input, and what
 * goes to standard output or error is discarded.
 */
#ifndef T_FUZZ_FILES_H
#define T_FUZZ_FILES_H

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "t_fuzz.h"

enum { T_FILES = 16, T_OPEN = 16, T_FIRST_FD = 1000, T_NAME = 256, T_FILE_MAX = 1 << 20,
       T_DIRECTORY = -1, T_DEVICE = -2 };

/* Of a component: an entry of each kind, one that went, and a receive window */
#define T_TRACE \
	"reserve kcap=0x204000 count=0x4\n" \
	"insert_at badge=0x1ca8 kcap=0x8000\n" \
	"insert_at badge=0x1 kcap=0x9000\n" \
	"insert_map badge=0x1cb0 rcv=0x204000 kcap=0x200000 result=new\n" \
	"insert_map badge=0x1cb8 rcv=0x204000 kcap=0x201000 result=new\n" \
	"rpc_alloc badge=0x1cb8 kcap=0x201000 ep=0x9000\n" \
	"insert_at badge=0x1cc0 kcap=0xf000\n" \
	"thread_start badge=0x1cc0 kcap=0xf000 utcb=0xb3000000 obj=0x1000\n" \
	"irq_attach irq=0x200000 thread=0xf000 label=0x7\n" \
	"insert_map badge=0x1cc8 rcv=0x204000 kcap=0x202000 result=new\n" \
	"insert_map badge=0x1cd0 rcv=0x204000 kcap=0x203000 result=new\n" \
	"remove badge=0x1cd0 kcap=0x203000 mapped=no\n"

struct t_file {
	int            exists, changed;
	char           name[T_NAME];  /* "": it has none */
	const uint8_t *data;          /* NULL: `own` */
	size_t         size;
	uint8_t        own[T_FILE_MAX];
};

static struct t_file t_file[T_FILES];

static struct t_fd {
	int    used, file; /* place in t_file; T_DIRECTORY, T_DEVICE */
	size_t at;
} t_fd[T_OPEN];

static inline int t_failed(int error)
{
	errno = error;
	return -1;
}

static inline int t_is_ours(int fd)
{
	return fd >= T_FIRST_FD && fd < T_FIRST_FD + T_OPEN && t_fd[fd - T_FIRST_FD].used;
}

static inline int t_find(const char *name)
{
	for (int i = 0; i < T_FILES; i++)
		if (t_file[i].exists && *name && !strcmp(t_file[i].name, name))
			return i;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return T_DIRECTORY;
	return !strcmp(name, "/dev/null") ? T_DEVICE : T_FILES;
}

/* \return place of a new file; T_FILES: none is left */
static inline int t_create(const char *name)
{
	for (int i = 0; i < T_FILES; i++)
		if (!t_file[i].exists) {
			t_file[i].exists = t_file[i].changed = 1;
			t_file[i].size = 0;
			t_file[i].data = NULL;
			strcpy(t_file[i].name, name);
			return i;
		}
	return T_FILES;
}

/* A file whose bytes stay where they are, at a place of the caller's choice */
static inline void t_put_file(int i, const char *name, const void *data, size_t size)
{
	t_file[i].exists = 1;
	t_file[i].changed = 0;
	t_file[i].data = data;
	t_file[i].size = size;
	strcpy(t_file[i].name, name);
}

/* The path of a file with these bytes; the same file each time */
static inline const char *t_fuzz_file(const uint8_t *data, size_t size)
{
	t_put_file(0, "input", data, size);
	return "input";
}

/*
 * Large pieces of memory, which the sanitizer would map and unmap each time. What lies around
 * them, and what was freed, is poisoned.
 */
enum { T_LARGE = 48 << 10, T_BLOCK = 1 << 20, T_BLOCKS = 48 };

static _Alignas(64) uint8_t t_arena[T_BLOCKS][T_BLOCK + T_GUARD];
static size_t t_taken[T_BLOCKS]; /* 0: free */

static inline unsigned t_block_of(const void *p)
{
	uintptr_t const at = (uintptr_t)p - (uintptr_t)t_arena;

	return at < sizeof t_arena ? (unsigned)(at / sizeof t_arena[0]) : T_BLOCKS;
}

/* \return NULL: ask the system */
static inline void *t_take(size_t size)
{
	unsigned i = 0;

	if (size < T_LARGE || size > T_BLOCK)
		return NULL;
	while (i < T_BLOCKS && t_taken[i])
		i++;
	if (i == T_BLOCKS)
		return NULL;
	t_taken[i] = size;
	T_UNPOISON(t_arena[i], size);
	T_POISON(t_arena[i] + size, T_GUARD);
	return t_arena[i];
}

static inline void t_give_back(unsigned i, const void *p)
{
	t_must(p == t_arena[i] && t_taken[i]);
	T_POISON(t_arena[i], t_taken[i]);
	t_taken[i] = 0;
}

/* After an input: nothing is left open, and no more memory taken than after the first */
static inline void t_all_closed(void)
{
	static int first = -1;
	int taken = 0;

	for (unsigned i = 0; i < T_OPEN; i++)
		t_must(!t_fd[i].used);
	for (unsigned i = 0; i < T_BLOCKS; i++)
		taken += t_taken[i] != 0;
	if (first < 0)
		first = taken;
	t_must(taken == first);
}

static inline ssize_t t_discard(void *cookie, const char *bytes, size_t size)
{
	(void)cookie, (void)bytes;
	return (ssize_t)size;
}

/* The tool is the program from now on: its handlers of signals would be in the way of the fuzzer's */
static int t_begun;

/* What is printed is formatted, and no more: before the first input */
static inline void t_print_nothing(void)
{
	cookie_io_functions_t const functions = { .write = t_discard };

	t_must((stdout = fopencookie(NULL, "w", functions)) != NULL);
	t_must((stderr = fopencookie(NULL, "w", functions)) != NULL);
	setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
	t_begun = 1;
}


/*
 * In the place of the system's
 */

int     __real_open(const char *path, int flags, ...);
int     __real_close(int fd);
ssize_t __real_read(int fd, void *to, size_t size);
ssize_t __real_write(int fd, const void *from, size_t size);
off_t   __real_lseek(int fd, off_t offset, int whence);
int     __real_fstat(int fd, struct stat *st);
int     __real_stat(const char *path, struct stat *st);
int     __real_sigaction(int number, const struct sigaction *action, struct sigaction *old);

int     __wrap_open(const char *path, int flags, ...);
int     __wrap_openat(int dir, const char *path, int flags, ...);
int     __wrap_close(int fd);
ssize_t __wrap_read(int fd, void *to, size_t size);
ssize_t __wrap_write(int fd, const void *from, size_t size);
off_t   __wrap_lseek(int fd, off_t offset, int whence);
int     __wrap_fstat(int fd, struct stat *st);
int     __wrap_stat(const char *path, struct stat *st);
int     __wrap_lstat(const char *path, struct stat *st);
int     __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *old);
int     __wrap_fsync(int fd);
int     __wrap_fchmod(int fd, mode_t mode);
int     __wrap_isatty(int fd);
int     __wrap_unlinkat(int dir, const char *path, int flags);
int     __wrap_linkat(int from_dir, const char *from, int dir, const char *path, int flags);
int     __wrap_renameat(int from_dir, const char *from, int dir, const char *path);

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t each);
void *__real_realloc(void *p, size_t size);
void  __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t each);
void *__wrap_realloc(void *p, size_t size);
void  __wrap_free(void *p);

void *__wrap_malloc(size_t size)
{
	void *const p = t_take(size);

	return p ? p : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t each)
{
	void *const p = each && count > SIZE_MAX / each ? NULL : t_take(count * each);

	return p ? memset(p, 0, count * each) : __real_calloc(count, each);
}

void __wrap_free(void *p)
{
	unsigned const i = t_block_of(p);

	if (i < T_BLOCKS)
		t_give_back(i, p);
	else
		__real_free(p);
}

void *__wrap_realloc(void *p, size_t size)
{
	unsigned const i = t_block_of(p);
	size_t const before = i < T_BLOCKS ? t_taken[i] : p ? malloc_usable_size(p) : 0;
	void *more;

	if (i == T_BLOCKS && (size < T_LARGE || size > T_BLOCK))
		return __real_realloc(p, size);
	if (!(more = __wrap_malloc(size)))
		return NULL;
	if (p)
		memcpy(more, p, before < size ? before : size);
	__wrap_free(p);
	return more;
}

static inline int t_open(const char *path, int flags)
{
	int const in_directory = (flags & O_TMPFILE) == O_TMPFILE;
	int fd = 0, file = t_find(path);

	while (fd < T_OPEN && t_fd[fd].used)
		fd++;
	if (fd == T_OPEN)
		return t_failed(EMFILE);
	if (strlen(path) >= T_NAME)
		return t_failed(ENAMETOOLONG);
	if (in_directory)
		file = t_create("");
	else if (file == T_FILES && flags & O_CREAT)
		file = t_create(path);
	else if (file == T_FILES)
		return t_failed(ENOENT);
	else if (flags & O_EXCL)
		return t_failed(EEXIST);
	else if (file != T_DIRECTORY && flags & O_DIRECTORY)
		return t_failed(ENOTDIR);
	if (file == T_FILES)
		return t_failed(ENOSPC);
	t_fd[fd] = (struct t_fd){ 1, file, 0 };
	return T_FIRST_FD + fd;
}

/* The fuzzer's own files have a directory in their path */
static inline int t_is_other(const char *path)
{
	return t_find(path) == T_FILES && strchr(path, '/');
}

int __wrap_open(const char *path, int flags, ...)
{
	return t_is_other(path) ? __real_open(path, flags, 0666) : t_open(path, flags);
}

int __wrap_openat(int dir, const char *path, int flags, ...)
{
	(void)dir;
	return t_open(path, flags);
}

int __wrap_close(int fd)
{
	if (!t_is_ours(fd))
		return __real_close(fd);

	struct t_fd *const f = &t_fd[fd - T_FIRST_FD];
	f->used = 0;
	if (f->file >= 0 && !*t_file[f->file].name)
		t_file[f->file].exists = 0;
	return 0;
}

ssize_t __wrap_read(int fd, void *to, size_t size)
{
	if (!t_is_ours(fd))
		return fd == STDIN_FILENO ? 0 : __real_read(fd, to, size);

	struct t_fd *const f = &t_fd[fd - T_FIRST_FD];
	const struct t_file *const file = f->file >= 0 ? &t_file[f->file] : NULL;

	if (f->file == T_DIRECTORY)
		return t_failed(EISDIR);
	if (!file || f->at >= file->size)
		return 0;
	size = size < file->size - f->at ? size : file->size - f->at;
	memcpy(to, (file->data ? file->data : file->own) + f->at, size);
	f->at += size;
	return (ssize_t)size;
}

ssize_t __wrap_write(int fd, const void *from, size_t size)
{
	if (!t_is_ours(fd))
		return fd == STDOUT_FILENO ? (ssize_t)size : __real_write(fd, from, size);

	struct t_fd *const f = &t_fd[fd - T_FIRST_FD];
	struct t_file *const file = f->file >= 0 ? &t_file[f->file] : NULL;

	if (!file)
		return (ssize_t)size;
	t_must(!file->data); /* nobody writes to what was there before */
	if (f->at > T_FILE_MAX || size > T_FILE_MAX - f->at)
		return t_failed(ENOSPC);
	memcpy(file->own + f->at, from, size);
	f->at += size;
	file->size = f->at > file->size ? f->at : file->size;
	return (ssize_t)size;
}

off_t __wrap_lseek(int fd, off_t offset, int whence)
{
	if (!t_is_ours(fd))
		return __real_lseek(fd, offset, whence);

	struct t_fd *const f = &t_fd[fd - T_FIRST_FD];
	if (whence == SEEK_SET)
		f->at = (size_t)offset;
	return (off_t)f->at;
}

static inline int t_stat(int file, struct stat *st)
{
	memset(st, 0, sizeof *st);
	st->st_dev = 1;
	st->st_ino = (ino_t)(file + 10);
	st->st_mode = file == T_DIRECTORY ? S_IFDIR | 0755 : file == T_DEVICE ? S_IFCHR | 0666
	            : S_IFREG | 0644;
	st->st_size = file >= 0 ? (off_t)t_file[file].size : 0;
	return 0;
}

int __wrap_fstat(int fd, struct stat *st)
{
	if (fd >= 0 && fd <= STDERR_FILENO)
		return t_stat(T_DEVICE, st);
	return t_is_ours(fd) ? t_stat(t_fd[fd - T_FIRST_FD].file, st) : __real_fstat(fd, st);
}

int __wrap_stat(const char *path, struct stat *st)
{
	int const file = t_find(path);

	if (t_is_other(path))
		return __real_stat(path, st);
	if (strlen(path) >= T_NAME)
		return t_failed(ENAMETOOLONG);
	return file == T_FILES ? t_failed(ENOENT) : t_stat(file, st);
}

int __wrap_lstat(const char *path, struct stat *st)
{
	return __wrap_stat(path, st);
}

int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	return t_begun ? 0 : __real_sigaction(number, action, old);
}

int __wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

int __wrap_fchmod(int fd, mode_t mode)
{
	(void)fd, (void)mode;
	return 0;
}

int __wrap_isatty(int fd)
{
	(void)fd;
	return 0;
}

int __wrap_unlinkat(int dir, const char *path, int flags)
{
	int const file = t_find(path);

	(void)dir, (void)flags;
	if (file == T_FILES || file < 0)
		return t_failed(ENOENT);
	t_file[file].exists = 0;
	return 0;
}

/* Of a file without a name only */
int __wrap_linkat(int from_dir, const char *from, int dir, const char *path, int flags)
{
	int fd;

	(void)from_dir, (void)dir, (void)flags;
	t_must(sscanf(from, "/proc/self/fd/%d", &fd) == 1 && t_is_ours(fd));
	if (t_find(path) != T_FILES)
		return t_failed(EEXIST);
	strcpy(t_file[t_fd[fd - T_FIRST_FD].file].name, path);
	return 0;
}

int __wrap_renameat(int from_dir, const char *from, int dir, const char *path)
{
	int const file = t_find(from), old = t_find(path);

	(void)from_dir, (void)dir;
	if (file == T_FILES || file < 0)
		return t_failed(ENOENT);
	if (old == T_DIRECTORY)
		return t_failed(EISDIR);
	if (strlen(path) >= T_NAME)
		return t_failed(ENAMETOOLONG);
	if (old >= 0 && old < T_FILES)
		t_file[old].exists = 0;
	strcpy(t_file[file].name, path);
	return 0;
}

#endif
