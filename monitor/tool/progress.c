/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Progress of what takes longer than two seconds, on terminals only
 *
 * A timer's signal prints it, so that no command has to do anything for it:
 * reading, computing and writing are the same. What the handler needs is kept up
 * to date where bytes come in; where a regular file on standard output ends is
 * how much was written. Once bytes go to a terminal or a pipe, nothing is printed
 * any more: it would stand among them, or on the screen of their reader.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "input.h"

enum { FIRST_S = 2, EACH_US = 500000 };

static volatile sig_atomic_t running, held, printed;
static volatile uint64_t inputs, came, writing;
static volatile sig_atomic_t endless; /* an input whose size is not known */
static int output_is_file;
static struct timespec started;


/*
 * The line. In a signal handler: neither stdio nor malloc.
 */

struct text {
	char   bytes[160];
	size_t used;
};

static void put(struct text *t, const char *part)
{
	while (*part && t->used < sizeof t->bytes)
		t->bytes[t->used++] = *part++;
}

static void put_number(struct text *t, uint64_t value)
{
	char digits[21];
	char *at = digits + sizeof digits - 1;

	*at = 0;
	do
		*--at = (char)('0' + value % 10);
	while (value /= 10);
	put(t, at);
}

static void put_size(struct text *t, uint64_t bytes)
{
	int const large = bytes >> 20 != 0;

	put_number(t, large ? bytes >> 20 : bytes >> 10);
	put(t, large ? " MiB" : " KiB");
}

static uint64_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)(now.tv_sec - started.tv_sec) - (now.tv_nsec < started.tv_nsec);
}

static void put_line(struct text *t)
{
	off_t const end = output_is_file ? lseek(STDOUT_FILENO, 0, SEEK_CUR) : 0;

	put(t, "\r");
	if (inputs && !endless) {
		put_number(t, came < inputs ? came * 100 / inputs : 100);
		put(t, " % of ");
		put_size(t, inputs);
	} else {
		put_size(t, came);
	}
	put(t, " read, ");
	if (writing) {
		put(t, "writing ");
		put_size(t, writing);
		put(t, ", ");
	} else if (end > 0) {
		put_size(t, (uint64_t)end);
		put(t, " written, ");
	}
	put_number(t, seconds());
	put(t, " s\033[K");
}

/* May this process write to the terminal now? One in the background would be stopped for it. */
static int is_in_foreground(void)
{
	pid_t const group = tcgetpgrp(STDERR_FILENO);

	return group < 0 || group == getpgrp();
}

static void write_terminal(const char *bytes, size_t size)
{
	ssize_t const n = write(STDERR_FILENO, bytes, size);

	(void)n; /* a terminal that is gone needs no progress */
}

static void tick(int signal_number)
{
	int const error = errno;
	struct text t = { .used = 0 };

	(void)signal_number;
	if (running && !held && is_in_foreground()) {
		put_line(&t);
		printed = 1;
		write_terminal(t.bytes, t.used);
	}
	errno = error;
}


/*
 * Standard output: its first byte ends progress, unless it goes to a file
 */

static void output_begins(void)
{
	if (!output_is_file)
		progress_end();
}

static ssize_t write_output(void *cookie, const char *bytes, size_t size)
{
	size_t done = 0;

	(void)cookie;
	output_begins();
	while (done < size) {
		ssize_t const n = write(STDOUT_FILENO, bytes + done, size - done);

		if (n < 0 && errno != EINTR)
			return 0; /* an error, as stdio wants it */
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)size;
}

static int watch_output(void)
{
	cookie_io_functions_t const functions = { .write = write_output };
	FILE *const watched = fopencookie(NULL, "w", functions);
	struct stat st;

	if (!watched)
		return -1;
	setvbuf(watched, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BUFSIZ);
	stdout = watched;
	output_is_file = !fstat(STDOUT_FILENO, &st) && S_ISREG(st.st_mode);
	return 0;
}


void progress_begin(void)
{
	struct itimerval const every = { { 0, EACH_US }, { FIRST_S, 0 } };
	const char *const term = getenv("TERM");
	struct sigaction action;
	sigset_t alarm;

	if (!isatty(STDERR_FILENO) || (term && !strcmp(term, "dumb")) || watch_output())
		return;
	clock_gettime(CLOCK_MONOTONIC, &started);
	memset(&action, 0, sizeof action);
	action.sa_handler = tick;
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	running = 1;
	setitimer(ITIMER_REAL, &every, NULL);
}

void progress_hold(void)
{
	held = 1; /* first: a tick between this and the next lines prints nothing */
	if (printed)
		write_terminal("\r\033[K", 4);
	printed = 0;
}

void progress_release(void)
{
	held = 0;
}

void progress_end(void)
{
	running = 0;
	progress_hold();
}

void progress_input(uint64_t size)
{
	inputs += size;
	endless |= !size;
}

void progress_read(uint64_t bytes)
{
	came += bytes;
}

void progress_writing(uint64_t size, int to_output)
{
	writing = size;
	if (to_output)
		output_begins();
}
