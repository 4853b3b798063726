/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/place.h>

/* Do `bytes` bytes at this address lie below the limit, and is it a multiple of `align`? */
static int lies(uint64_t address, uint64_t bytes, uint64_t limit, uint32_t align)
{
	return address && !(address & (align - 1)) && address <= limit && bytes <= limit - address;
}

int caplog_map_place_check(const struct caplog_map_place *p, const struct caplog_flavour *f,
                           uint32_t word_bytes)
{
	uint64_t const limit = word_bytes == 4 ? 0xffffffffu : ~(uint64_t)0;

	if (!p->address)
		return CAPLOG_ENOENT;
	if ((p->width != 2 && p->width != 4) || 8 * p->width < f->badge_bits ||
	    p->stride < p->width || p->stride > CAPLOG_MAP_STRIDE_MAX ||
	    p->offset > p->stride - p->width || ((p->stride | p->offset) & (p->width - 1)) ||
	    p->count != f->slot_count || !p->holders_count || p->holders_count > CAPLOG_HOLDERS_MAX)
		return CAPLOG_EINVAL;
	if (!lies(p->address, (uint64_t)p->stride * p->count, limit, p->width) ||
	    !lies(p->epoch_address, 4, limit, 4) ||
	    !lies(p->holders_address, 4 * (uint64_t)p->holders_count, limit, 4))
		return CAPLOG_EINVAL;
	if (p->rest_word && (p->rest_word < p->holders_count || p->rest_word > CAPLOG_HOLDERS_MAX ||
	                     !lies(p->holders_address, 4 * ((uint64_t)p->rest_word + 1), limit, 4)))
		return CAPLOG_EINVAL;
	return 0;
}

uint32_t caplog_holders(const uint32_t *words, uint32_t count)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++)
		n += words[i] != 0;
	return n;
}
