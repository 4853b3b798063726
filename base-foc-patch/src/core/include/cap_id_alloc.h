/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges that core hands out
 *
 * Takes the place of base-foc's header, whose tree of ranges costs 64,000
 * instructions a badge, and hands out more than the 16 bits of a capability
 * entry can tell. Badges are handed out in turn, so that one that was freed
 * comes back as late as possible.
 */
#ifndef _CORE__INCLUDE__CAP_ID_ALLOC_H_
#define _CORE__INCLUDE__CAP_ID_ALLOC_H_

#include <base/exception.h>
#include <base/lock.h>

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
			STEP   = 4,             /* the kernel takes the low bits for rights */
			BADGES = 0x10000/STEP,
			BITS   = 8*sizeof(long),
			WORDS  = BADGES/BITS
		};

		unsigned long _free[WORDS]; /* a bit per badge */
		unsigned      _next = 1;    /* where the next one is looked for */
		Lock          _lock;

	public:

		class Out_of_ids : public Exception { };

		Cap_id_allocator(Allocator *);

		/* \throw Out_of_ids */
		unsigned long alloc();

		/* What is no badge, or is free already, is passed over */
		void free(unsigned long badge);
};

#endif
