/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges that core hands out
 *
 * Takes the place of base-foc's header of this name, which keeps a tree of
 * ranges and hands out the lowest free badge, a freed one at once. There are
 * 2^26 of them, hundreds of times as many as core has slots: so they are handed
 * out in turn, and those that are in core's map are left out.
 */
#ifndef CAPLOG_CAP_ID_ALLOC_H
#define CAPLOG_CAP_ID_ALLOC_H

#include <base/allocator_avl.h>
#include <base/exception.h>
#include <base/mutex.h>
#include <caplog/flavour.h>

/* core's platform.h relies on these two to include it */
#include <synced_range_allocator.h>
#include <types.h>

namespace Core { class Cap_id_allocator; }


class Core::Cap_id_allocator
{
	public:

		using id_t = unsigned;

	private:

		enum : id_t {
			STEP = CAPLOG_OWN(BADGE_STEP), /* the kernel takes the low bits for rights */
			END  = 1u << CAPLOG_OWN(BADGE_BITS)
		};

		id_t  _last { 0 };
		Mutex _mutex { };

	public:

		class Out_of_ids : Exception { };

		Cap_id_allocator(Allocator &) { }

		/* \throw Out_of_ids */
		id_t alloc();

		/* A badge is free as soon as it has left core's map */
		void free(id_t) { }
};

#endif
