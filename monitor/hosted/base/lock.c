/* SPDX-License-Identifier: BSD-2-Clause */
/* The spinlock of map and log, and blocking locks */
#include "internal.h"

void hb_lock(void)
{
	while (HB->lock)
		hb_sys(HK_YIELD, 0, 0, 0);
	HB->lock = 1;
}

void hb_unlock(void) { HB->lock = 0; }

/* Each thread has an IRQ of its own, two slots after its gate */
void hb_down(struct hb_semaphore *s)
{
	while (!s->count) {
		s->waiting = hb_myself();
		hb_sys(HK_IRQ_RECEIVE, hb_myself()->slot + 2, 0, 0);
	}
	s->waiting = NULL;
	s->count--;
}

void hb_up(struct hb_semaphore *s)
{
	hb_rest();
	s->count++;
	if (s->waiting)
		hb_sys(HK_IRQ_TRIGGER, s->waiting->slot + 2, 0, 0);
}
