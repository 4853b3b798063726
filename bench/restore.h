/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_RESTORE_H
#define BENCH_RESTORE_H

#include "model.h"

struct restore_time { double plan, execute, all; }; /* ns */

/* Restore on a fresh node with other badges, and throw it away */
struct restore_time restore_once(const void *image, uint64_t size);

/* Events, then a capture: ns that the components stood still for it */
double checkpoint_once(struct model *m, uint32_t events, int destroy);

#endif
