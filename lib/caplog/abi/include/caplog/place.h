/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Place of a component's cap map in its memory
 *
 * The component reports it in its log, an image keeps it. A monitor writes new
 * badges there, so it is checked wherever it comes from: by this one function.
 */
#ifndef CAPLOG_PLACE_H
#define CAPLOG_PLACE_H

#include <caplog/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes from entry to entry; more is refused */
#define CAPLOG_MAP_STRIDE_MAX 4096u

/* As struct caplog_header has them; addresses are the component's */
struct caplog_map_place {
	uint64_t address, epoch_address, holders_address;
	uint32_t stride, offset, width, count, holders_count, rest_word;
};

/*
 * Can a component of this flavour and word size have its map there?
 *
 * Checks numbers only: whether memory is attached there is for the caller.
 *
 * \param word_bytes  4 or 8
 * \return            0; -ENOENT if the component does not report it (address
 *                    0); -EINVAL
 */
int caplog_map_place_check(const struct caplog_map_place *place,
                           const struct caplog_flavour *flavour, uint32_t word_bytes);

/* How many of the holders words are not 0: see struct caplog_header */
uint32_t caplog_holders(const uint32_t *words, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
