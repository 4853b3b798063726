/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges that core hands out
 *
 * Takes the place of base-foc's header of this name. That one keeps a tree of
 * ranges, costs 64,000 instructions a badge, and hands out badges that are
 * wider than a cap map's entries. Here badges are handed out in turn, so that a
 * freed one is used again as late as possible.
 */
#ifndef CAPLOG_CAP_ID_ALLOC_H
#define CAPLOG_CAP_ID_ALLOC_H

#include <base/exception.h>
#include <base/lock.h>
#include <caplog/flavour.h>

/* core's platform.h relies on this one to include it */
#include <synced_range_allocator.h>

namespace Genode {

	class Allocator;
	class Cap_id_allocator;
}


class Genode::Cap_id_allocator
{
	private:

		enum {
			STEP   = CAPLOG_FOC_16_08_BADGE_STEP, /* the kernel takes the low bits for rights */
			BADGES = (1 << CAPLOG_FOC_16_08_BADGE_BITS)/STEP,
			BITS   = 8*sizeof(long),
			WORDS  = BADGES/BITS
		};

		unsigned long _free[WORDS]; /* a bit per badge                  */
		unsigned      _next = 1;    /* where the search for one begins  */
		Lock          _lock;

	public:

		class Out_of_ids : public Exception { };

		Cap_id_allocator(Allocator *);

		/* \throw Out_of_ids */
		unsigned long alloc();

		/* Does nothing for a badge that is free, or that was never handed out */
		void free(unsigned long badge);
};

#endif
