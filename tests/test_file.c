/* SPDX-License-Identifier: BSD-2-Clause */
/* Stored logs: the seal; files: whole or not at all */
#include "t_files.h"

#include <signal.h>
#include <sys/resource.h>

#include "tool.h"

enum { SMALL = 8192 };

static union {
	uint64_t align;
	uint8_t  bytes[SMALL + 64];
} box;

/* A small sealed log with some events */
static size_t make_log(void)
{
	struct caplog_format format;
	struct caplog_writer w;

	memset(&format, 0, sizeof format);
	memset(&w, 0, sizeof w);
	memset(&box, 0, sizeof box);
	format.flavour = caplog_flavours(NULL);
	assert_int_equal(caplog_format(box.bytes, SMALL, &format), 0);
	assert_int_equal(caplog_writer_attach(&w, box.bytes), 0);
	caplog_append(&w, CAPLOG_INSERT_AT, 0x8, 0x840, 0, 0);
	for (uint32_t i = 0; i < 40; i++)
		caplog_append(&w, CAPLOG_INSERT_MAP, 0x80 + i, 0x1000 + 4 * i, 0, 0x10);
	return caplog_seal(box.bytes, SMALL);
}

static int check(size_t size, int unsealed, struct caplog_diag *diag)
{
	struct caplog_reader reader;

	diag->text[0] = 0;
	return log_check(box.bytes, size, unsealed, &reader, diag);
}

static void test_sealed_log_is_accepted(void **state)
{
	struct caplog_diag diag;

	(void)state;
	assert_int_equal(make_log(), SMALL);
	assert_int_not_equal(((struct caplog_header *)(void *)box.bytes)->seal, 0);
	assert_int_equal(caplog_seal_check(box.bytes, SMALL, &diag), 0);
	assert_int_equal(check(SMALL, 0, &diag), 0);
	assert_int_equal(check(SMALL, 1, &diag), 0);
	/* sealing again changes nothing */
	uint64_t const seal = ((struct caplog_header *)(void *)box.bytes)->seal;
	assert_int_equal(caplog_seal(box.bytes, SMALL), SMALL);
	assert_int_equal(((struct caplog_header *)(void *)box.bytes)->seal, seal);
}

static void test_every_flipped_bit_is_refused(void **state)
{
	struct caplog_diag diag;

	(void)state;
	make_log();
	for (uint32_t bit = 0; bit < 8 * SMALL; bit++) {
		box.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		t_compare(check(SMALL, 0, &diag), <, 0);
		assert_true(diag.text[0]);
		t_compare(check(SMALL, 1, &diag), <, 0);
		box.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_int_equal(check(SMALL, 0, &diag), 0);
}

static void test_every_length_but_one_is_refused(void **state)
{
	struct caplog_diag diag;

	(void)state;
	make_log();
	for (size_t size = 1; size <= SMALL + 64; size++) {
		int const err = check(size, 0, &diag);

		if (size == SMALL) {
			assert_int_equal(err, 0);
		} else {
			t_compare(err, <, 0);
			assert_int_not_equal(diag.text[0], 0);
		}
	}
}

static void test_live_log_is_accepted_on_demand(void **state)
{
	struct caplog_diag diag;

	(void)state;
	make_log();
	((struct caplog_header *)(void *)box.bytes)->seal = 0;
	assert_int_equal(check(SMALL, 0, &diag), -ENODATA);
	t_assert_has(diag.text, "no seal");
	assert_int_equal(check(SMALL, 1, &diag), 0);
	/* a dataspace may be larger than its log, a copy must not be smaller */
	assert_int_equal(check(SMALL + 64, 1, &diag), 0);
	t_compare(check(SMALL - 1, 1, &diag), <, 0);
}

static void test_versions(void **state)
{
	struct caplog_header *h = (struct caplog_header *)(void *)box.bytes;
	struct caplog_diag diag;

	(void)state;
	make_log();
	h->minor += 7;
	caplog_seal(box.bytes, SMALL);
	assert_int_equal(check(SMALL, 0, &diag), 0);

	h->major++;
	caplog_seal(box.bytes, SMALL);
	assert_int_equal(check(SMALL, 0, &diag), -EPROTONOSUPPORT);
	t_assert_has(diag.text, "version 2.7");
	/* whether or not we know where its seal is */
	h->seal++;
	assert_int_equal(check(SMALL, 0, &diag), -EPROTONOSUPPORT);
}

static void test_seal_needs_the_whole_log(void **state)
{
	(void)state;
	make_log();
	assert_int_equal(caplog_seal(box.bytes, SMALL - 16), 0);
	assert_int_equal(caplog_seal(box.bytes, 16), 0);
	((struct caplog_header *)(void *)box.bytes)->size = 8;
	assert_int_equal(caplog_seal(box.bytes, SMALL), 0);

	/* nothing is read behind a file that is too short for a header */
	struct caplog_diag diag;
	size_t const least = sizeof(struct caplog_header);

	((struct caplog_header *)(void *)box.bytes)->seal = 0;
	assert_int_equal(caplog_seal_check(box.bytes, least - 1, &diag), -EBADMSG);
	assert_int_equal(caplog_seal_check(box.bytes, least, &diag), -ENODATA);
}


/*
 * Files
 */

static void assert_content(const char *path, const char *text)
{
	size_t size;
	char *data = t_read(path, &size);

	assert_int_equal(size, strlen(text));
	assert_string_equal(data, text);
	free(data);
}

static unsigned files_in(const char *dir)
{
	char pattern[256];
	glob_t g;

	snprintf(pattern, sizeof pattern, "%s/*", dir);
	unsigned const n = glob(pattern, 0, NULL, &g) ? 0 : (unsigned)g.gl_pathc;
	if (n)
		globfree(&g);
	return n;
}

static void test_write_replaces(void **state)
{
	const char *path = t_path("new");
	struct caplog_diag diag;
	struct stat st;

	(void)state;
	umask(027);
	assert_int_equal(caplog_write_file(path, "one", 3, &diag), 0);
	assert_content(path, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);

	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(caplog_write_file(path, "two, longer", 11, &diag), 0);
	assert_content(path, "two, longer");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0604);

	const char *link = t_path("link");
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(caplog_write_file(link, "three", 5, &diag), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_content(path, "three");
}

static unsigned synced;
static int sync_fails;
int __real_fsync(int fd);
int __wrap_fsync(int fd);

int __wrap_fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return __real_fsync(fd);
	synced++;
	errno = EIO;
	return sync_fails ? -1 : __real_fsync(fd);
}

/* Its bytes are on the disk before it has its name: a disk that fails there leaves the old file */
static void test_write_waits_for_the_disk(void **state)
{
	struct caplog_diag diag;

	(void)state;
	assert_int_equal(mkdir(t_path("disk"), 0700), 0);
	synced = 0;
	assert_int_equal(caplog_write_file(t_path("disk/file"), "one", 3, &diag), 0);
	assert_int_equal(synced, 1);
	sync_fails = 1;
	assert_int_equal(caplog_write_file(t_path("disk/file"), "two", 3, &diag), -EIO);
	assert_int_equal(caplog_write_file(t_path("disk/other"), "two", 3, &diag), -EIO);
	sync_fails = 0;
	assert_int_equal(synced, 3);
	assert_content(t_path("disk/file"), "one");
	assert_int_equal(files_in(t_path("disk")), 1);
}

/* No room in the middle of the write: the old file stays, and nothing else */
static void test_failed_write_leaves_all_as_it_was(void **state)
{
	static char big[100000];
	struct rlimit const small = { 4096, RLIM_INFINITY };
	struct rlimit const unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct caplog_diag diag;

	(void)state;
	assert_int_equal(mkdir(t_path("dir"), 0700), 0);
	t_write_text(t_path("dir/kept"), "old");

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int const old = caplog_write_file(t_path("dir/kept"), big, sizeof big, &diag);
	int const new = caplog_write_file(t_path("dir/new"), big, sizeof big, &diag);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
	signal(SIGXFSZ, SIG_DFL);

	assert_int_equal(old, -EFBIG);
	assert_int_equal(new, -EFBIG);
	assert_content(t_path("dir/kept"), "old");
	assert_int_equal(files_in(t_path("dir")), 1);
}

/*
 * A pipe of our own: were it replaced by a file, as a device under /dev would
 * be, only the test fails
 */
static void test_write_to_what_is_no_file(void **state)
{
	const char *pipe_path = t_path("pipe");
	struct caplog_diag diag;
	struct stat st;
	char got[4] = "";

	(void)state;
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	int const reader = open(pipe_path, O_RDONLY | O_NONBLOCK);
	t_compare(reader, >=, 0);
	assert_int_equal(caplog_write_file(pipe_path, "abc", 3, &diag), 0);
	assert_int_equal(lstat(pipe_path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(read(reader, got, 3), 3);
	assert_string_equal(got, "abc");
	close(reader);

	assert_int_equal(caplog_write_file(t_path(""), "x", 1, &diag), -EISDIR);
	assert_int_equal(caplog_write_file("", "x", 1, &diag), -ENOENT);
	assert_int_equal(caplog_write_file(t_path("no/such/dir"), "x", 1, &diag), -ENOENT);
}

static void test_read(void **state)
{
	const char *path = t_path("data");
	struct caplog_diag diag;
	uint8_t *data;
	size_t size;

	(void)state;
	t_write(path, "a\0b", 3);
	assert_int_equal(caplog_read_file(path, 3, &data, &size, &diag), 0);
	assert_int_equal(size, 3);
	assert_memory_equal(data, "a\0b\0", 4);
	free(data);
	assert_int_equal(caplog_read_file(path, 2, &data, &size, &diag), -EFBIG);
	assert_int_equal(caplog_read_file("/dev/zero", 300000, &data, &size, &diag), -EFBIG);
	assert_int_equal(caplog_read_file(t_path(""), 3, &data, &size, &diag), -EISDIR);
	t_assert_has(diag.text, "is a directory");
	assert_int_equal(caplog_read_file(t_path("none"), 3, &data, &size, &diag), -ENOENT);

	t_write(path, "", 0);
	assert_int_equal(caplog_read_file(path, 3, &data, &size, &diag), 0);
	assert_int_equal(size, 0);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sealed_log_is_accepted),
		cmocka_unit_test(test_every_flipped_bit_is_refused),
		cmocka_unit_test(test_every_length_but_one_is_refused),
		cmocka_unit_test(test_live_log_is_accepted_on_demand),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_seal_needs_the_whole_log),
		cmocka_unit_test(test_write_replaces),
		cmocka_unit_test(test_write_waits_for_the_disk),
		cmocka_unit_test(test_failed_write_leaves_all_as_it_was),
		cmocka_unit_test(test_write_to_what_is_no_file),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, t_clean);
}
