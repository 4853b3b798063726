/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a Native_capability points to: a number of references, at the position
 * of the capability's slot. Takes the place of base-foc's header of this name.
 */
#ifndef CAPLOG_CAPABILITY_DATA_H
#define CAPLOG_CAPABILITY_DATA_H

#include <base/capability.h>
#include <util/noncopyable.h>

#include <base/internal/release.h>
#include <caplog/flavour.h>

class Genode::Native_capability::Data : Noncopyable
{
	private:

		uint8_t _references = 0;

	public:

		typedef caplog_badge id_t;

		enum : id_t { INVALID_ID = CAPLOG_BADGE_NONE };

		/* The badge; to set it allocates the slot, and 0 frees it */
		void id(id_t);
		id_t id() const;

		bool valid() const { return VALID_WITHOUT_BADGE || id() != INVALID_ID; }

		addr_t kcap() const;

		/*
		 * Count a reference, or one less
		 *
		 * The last one removes the entry itself, under the cap space's lock. So
		 * neither a second thread nor the caller removes it again: dec never
		 * returns 0. A count that reached its bound stays there, and the entry
		 * with it: a leak instead of an entry that is freed while in use.
		 */
		uint8_t inc();
		uint8_t dec();

		/* Count one less, with the cap space locked; was it the last one? */
		bool last();
};

#endif
