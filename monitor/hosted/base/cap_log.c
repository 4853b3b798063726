/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of the log that the map does not write itself */
#include "internal.h"

void hb_log_event(unsigned kind, hb_cap cap, uint32_t other)
{
	hb_lock();
	hb_hold();
	caplog_append(&HB->log, kind, cap, HB->map.badge[cap], other, 0);
	hb_release();
	hb_unlock();
}
