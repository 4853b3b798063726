/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources: what each slot of a target holds, and where its object comes from
 *
 * Kept from checkpoint to checkpoint. A slot is checked again when an event
 * changed it, when the object it holds was destroyed, and, since its owner may
 * do that without an event here, whenever it holds another target's object. So
 * the work grows with what happened, not with the size of the space.
 *
 * Not promised: that a later checkpoint notices when a component moves
 * capabilities between its slots past its base library, so that its log has no
 * event of it. The kernel takes more than a microsecond for each slot: to ask for
 * 2,000 of them each time would take longer than all else in the pause. What is promised
 * does not need it: the restored slot holds the object that the log reports and
 * that the component was given, so it gains nothing that it did not have. The
 * first checkpoint of a log asks for every slot.
 */
#ifndef CAPLOG_SOURCE_H
#define CAPLOG_SOURCE_H

#include "engine.h"

/* Nothing is known of any slot: a log begins, and versions start over with it */
void caplog_sources_forget(struct caplog_target *t);

/*
 * Find the sources of all slots that may have changed; t->space is up to date,
 * as are those of the other targets
 *
 * \return 0; with diag naming the slot: -EACCES (it holds what the
 *         component never was given), -EOVERFLOW (the log does not cover it);
 *         the slot is checked again next time
 */
int caplog_sources_update(const struct caplog_platform *p, struct caplog_target *const *targets,
                          uint32_t count, struct caplog_target *t, struct caplog_diag *diag);

/*
 * Is the owner freeing this RPC object: reported in its log, but not yet to core?
 *
 * \return 1, 0
 */
int caplog_being_freed(const struct caplog_target *owner, const struct caplog_object *line);

#endif
