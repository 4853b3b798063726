/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader on whatever a fuzzer thinks of: `make fuzz`
 *
 * Bit 0 of the first byte chooses whether the rest is a log as it is or is laid over a
 * good one, at the offset in the next two, so that the fuzzer need not find the header
 * by itself; bits 1 and 2 choose the size of that.
 */
#include "t_fuzz_log.h"

enum { MOST = 65536, SIZES = 4 };

static const size_t sizes[SIZES] = { 4096, 6144, 16384, MOST };

static const uint8_t *good_log(unsigned size)
{
	static _Alignas(16) uint8_t good[SIZES][MOST];

	if (!good[size][0]) {
		t_good_log(good[size], sizes[size]);
		/* a small one does not cover the slots of capabilities that were received */
		t_must(!t_read_log(good[size], sizes[size]) == (sizes[size] >= 16384));
	}
	return good[size];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(64) uint8_t arena[MOST + 2 * T_GUARD];

	if (size < 3 || size > MOST)
		return 0;

	unsigned const which = data[0] >> 1 & 3;
	size_t const bytes = data[0] & 1 ? sizes[which] : (size - 3) & ~(size_t)15;
	size_t const at = data[0] & 1 ? (size_t)(data[1] | data[2] << 8) % bytes & ~(size_t)3 : 0;
	size_t const some = size - 3 < bytes - at ? size - 3 : bytes - at;
	uint8_t *const log = t_fuzz_last(arena, MOST, bytes);

	if (data[0] & 1)
		memcpy(log, good_log(which), bytes);
	memcpy(log + at, data + 3, some);
	t_read_log(log, bytes);
	return 0;
}
