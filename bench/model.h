/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosted components whose capability spaces are filled from outside
 *
 * Kernel objects, ledger, map, log and memory are those of a component on the
 * hosted platform; only the code that receives and drops capabilities is the
 * benchmark's, so that their number is exact. A component of 16.08 has at most
 * MODEL_SLOTS of them (user area, last slot never handed out); what is more
 * goes to a second component of the same group.
 */
#ifndef BENCH_MODEL_H
#define BENCH_MODEL_H

#include "node.h"

enum { MODEL_SLOTS = HK_SLOTS - CAPLOG_FOC_16_08_USER_BASE - 1, MODEL_TARGETS = 2, MODEL_MEMORY = 32 << 20 };

struct model {
	struct hm_node        *node;
	struct caplog_platform platform;
	struct caplog_target  *target[MODEL_TARGETS];
	uint32_t               live[MODEL_TARGETS];
	uint32_t               count;
};

/* `live` capabilities: one in eight an own RPC object, all others received */
struct model *model_new(uint32_t live);
void model_free(struct model *m);

/*
 * `events` events: half drop a capability, half receive one
 *
 * \param destroy  the objects of the dropped ones are destroyed as well
 */
void model_churn(struct model *m, uint32_t events, int destroy);

/* `events` events in which a capability is dropped and received again, slot and all */
void model_spin(struct model *m, uint64_t events);

/* As the engine does it; they end the program if it fails */
void model_capture(struct model *m);
void model_resume(struct model *m);
/* Capture and save; malloc'ed */
void *model_image(struct model *m, uint64_t *size);

#endif
