/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer in a program of one's own
 *
 *     writer FILE [ROUNDS]
 *
 * Keeps a flat cap map and logs its changes into FILE, which other programs can
 * map and follow meanwhile. A component does the same with a dataspace. In each
 * round three capabilities arrive and the oldest one is dropped.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <caplog/map.h>

enum { LOG_SIZE = 256 * 1024, BUCKETS = 2048 };

static CAPLOG_MAP_STORAGE(CAPLOG_SLOTS_MAX, BUCKETS) storage;
static struct caplog_writer writer; /* all-zero: events are kept until there is a log */
static struct caplog_map map;

/* In a component these are kernel calls on its own task */
static int equal(void *ctx, uint32_t a, uint32_t b) { (void)ctx; return a == b; }
static int valid(void *ctx, uint32_t slot) { (void)ctx; (void)slot; return 1; }
static void grant(void *ctx, uint32_t from, uint32_t to) { (void)ctx; (void)from; (void)to; }

static const struct caplog_map_ops kernel = { equal, valid, grant, NULL };

static void *log_file(const char *path)
{
	int const fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	void *log = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, LOG_SIZE))
		log = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (log == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	close(fd);
	return log;
}

int main(int argc, char **argv)
{
	const struct caplog_flavour *flavour = caplog_flavours(NULL);
	struct caplog_format const format = { .flavour = flavour, .generation = 1 };
	struct timespec const pause = { 0, 1000 * 1000 };
	unsigned const rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 100;

	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE [ROUNDS]\n", argv[0]);
		return 2;
	}
	void *log = log_file(argv[1]);
	CAPLOG_MAP_BIND(&map, &storage);
	caplog_map_init(&map, flavour->slot_count, flavour->user_base, BUCKETS, &writer);
	if (caplog_format(log, LOG_SIZE, &format) || caplog_writer_attach(&writer, log))
		return 1;

	caplog_map_insert_at(&map, 0x1000, flavour->parent_slot);
	for (uint32_t badge = 0x2000, oldest = badge; badge < 0x2000 + rounds * 24; badge += 24) {
		uint32_t const window = caplog_map_alloc(&map, CAPLOG_WINDOW);

		for (uint32_t n = 0; n < 3; n++)
			caplog_map_insert_map(&map, badge + 8 * n, window + n, &kernel, NULL);
		caplog_map_free(&map, window, CAPLOG_WINDOW);
		caplog_map_remove(&map, caplog_map_find(&map, oldest), 0);
		oldest += 8;
		nanosleep(&pause, NULL);
	}
	printf("%u rounds, last badge 0x%x\n", rounds, 0x2000 + rounds * 24 - 8);
	return 0;
}
