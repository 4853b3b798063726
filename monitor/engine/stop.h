/* SPDX-License-Identifier: BSD-2-Clause */
/* Stop: bring a group of components to rest where each thread can be restored */
#ifndef CAPLOG_STOP_H
#define CAPLOG_STOP_H

#include "engine.h"

/*
 * Stop all threads of a group, whose requests are held back
 *
 * t->stub and t->map are from the checked header of each log, read before. On
 * success t->thread says where each thread stands; on failure all are resumed.
 *
 * \return 0; with diag naming component and slot: -EBUSY (no point at which all
 *         threads could be restored, or a request that is never answered),
 *         -EINVAL (a thread has no memory for its registers, or the platform
 *         names one that cannot be)
 */
int caplog_stop(const struct caplog_platform *p, struct caplog_target *const *targets,
                uint32_t count, struct caplog_diag *diag);

/*
 * Is what a stopped component was given still the same?
 *
 * \return 0; -EBUSY with diag naming the component
 */
int caplog_unchanged(const struct caplog_target *t, struct caplog_diag *diag);

/* How many threads hold badges outside the cap map; 0 if its words are not in memory */
uint32_t caplog_holding(const struct caplog_platform *p, struct caplog_target *t);

#endif
