/* SPDX-License-Identifier: BSD-2-Clause */
/* Load: image to targets; every number of an image is checked there */
#ifndef CAPLOG_LOAD_H
#define CAPLOG_LOAD_H

#include "chain.h"
#include "engine.h"

/*
 * Fill a target from a checked image: name, map, space, slots, ledger, threads
 *
 * Its ledger's lines have no badges yet (CAPLOG_NO_BADGE).
 *
 * \param platform  lines that cannot be recreated on it are refused
 * \param index     of the component in the image
 * \return          0; with diag: -EINVAL (a bad number, named), -ENOTSUP (a
 *                  flavour or an object that is not known here)
 */
int caplog_load(struct caplog_target *t, const struct caplog_image_source *image, uint32_t index,
                uint32_t platform, struct caplog_diag *diag);

/* The elements of a component's only chunk of a kind; NULL: there is none */
const void *caplog_load_find(const struct caplog_image_source *image, uint32_t kind,
                             uint32_t index, uint64_t each, uint64_t *count);

/* State of a thread by its slot; NULL: the image has none */
const struct caplog_image_thread *caplog_thread_of(const struct caplog_target *t, uint32_t slot);

#endif
