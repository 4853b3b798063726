/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader while the log's memory changes between any two of its loads
 *
 * An input is a list of changes: loads until then, offset (2 bytes), value (4
 * bytes). Each of the reader's loads counts; the reader is total, whatever it
 * finds: the sanitizers see each access outside of the log.
 */
#include "t_fuzz_log.h"

#include "t_loads.h"

enum { BYTES = 16384, CHANGE = 7 };

static _Alignas(16) uint8_t log_bytes[BYTES];
static const uint8_t *next;
static size_t         left;
static uint32_t       loads;

static void before_load(void)
{
	for (; left >= CHANGE && loads >= next[0]; left -= CHANGE, next += CHANGE) {
		size_t const at = (size_t)(next[1] | next[2] << 8) % BYTES & ~(size_t)3;

		loads = 0;
		memcpy(log_bytes + at, next + 3, 4);
	}
	loads++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(16) uint8_t good[BYTES];

	left = 0;
	if (!good[0]) {
		t_good_log(good, BYTES);
		t_must(!t_read_log(good, BYTES));
	}
	memcpy(log_bytes, good, BYTES);
	next = data;
	left = size;
	loads = 0;
	t_read_log(log_bytes, BYTES);
	return 0;
}
