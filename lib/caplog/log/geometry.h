/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the sections of a log of some size lie
 */
#ifndef CAPLOG_GEOMETRY_H
#define CAPLOG_GEOMETRY_H

#include <stddef.h>

#include <caplog/abi.h>
#include <caplog/flavour.h>

/*
 * Set the size, offsets and counts of a header; the rest of it stays as it is
 *
 * \return 0; -EINVAL for a size outside of CAPLOG_LOG_MIN..CAPLOG_LOG_MAX, or no flavour
 */
int caplog_geometry(struct caplog_header *h, size_t size, const struct caplog_flavour *flavour);

#endif
