/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader that follows a component's log while the component runs
 *
 *     follow FILE [IDLE]
 *
 * Prints the slots that changed, ten times a second, and ends when nothing
 * changed for IDLE seconds (default: 2).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <caplog/reader.h>

static struct caplog_space space; /* 128 KiB: not on the stack */

static void print_changes(void)
{
	for (uint32_t slot = 0; slot < space.flavour->slot_count; slot++) {
		uint32_t const bit = 1u << slot % 32;

		if (!(space.changed[slot / 32] & bit))
			continue;
		space.changed[slot / 32] &= ~bit;
		if (space.cap[slot].version)
			printf("  slot 0x%03x  %-9s badge 0x%x\n", slot, caplog_slot_name(&space, slot),
			       space.cap[slot].badge);
	}
}

int main(int argc, char **argv)
{
	struct timespec const tenth = { 0, 100 * 1000 * 1000 };
	int const fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	unsigned const patience = 10 * (argc > 2 ? (unsigned)atoi(argv[2]) : 2);
	struct caplog_reader reader;
	struct caplog_diag why;
	struct stat st;
	int err = CAPLOG_EAGAIN;

	if (fd < 0 || fstat(fd, &st) || !st.st_size) {
		fprintf(stderr, "usage: %s FILE [IDLE], where FILE is a log\n", argv[0]);
		return 2;
	}
	void *log = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (log == MAP_FAILED) {
		perror(argv[1]);
		return 1;
	}
	/* the component may be formatting its log at this moment */
	for (unsigned tries = 0; err == CAPLOG_EAGAIN && tries < patience; tries++)
		if ((err = caplog_reader_open(&reader, log, (size_t)st.st_size, &why)))
			nanosleep(&tenth, NULL);

	for (unsigned idle = 0; !err && idle < patience; ) {
		uint64_t events = 0;

		err = caplog_reader_update(&reader, &space, &events, &why);
		if (err == CAPLOG_EAGAIN)
			err = 0; /* the component was faster: nothing is lost, try again */
		else if (!err) {
			idle = events ? 0 : idle + 1;
			if (events)
				printf("%llu records read\n", (unsigned long long)events);
			print_changes();
			fflush(stdout);
		}
		nanosleep(&tenth, NULL);
	}
	if (err)
		fprintf(stderr, "%s: %s\n", argv[1], why.text);
	return err ? 1 : 0;
}
