/* SPDX-License-Identifier: BSD-2-Clause */
/* Logs and images of the release that the monitor is compiled for, and no others */
#ifndef CAPLOG_OPEN_H
#define CAPLOG_OPEN_H

#include <caplog/reader.h>

/*
 * Is this the flavour of the components that the platform runs?
 *
 * A log and an image name theirs, and both may come from an attacker: with the
 * slots of another release a check would let pass what this platform refuses.
 */
int caplog_is_own(const struct caplog_flavour *flavour);

/* As caplog_reader_open; -ENOTSUP for a log of another flavour as well */
int caplog_open_log(struct caplog_reader *reader, const void *log, uint64_t size,
                    struct caplog_diag *diag);

#endif
