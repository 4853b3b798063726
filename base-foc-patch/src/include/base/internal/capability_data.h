/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a Native_capability points to: a reference counter at the position of
 * its slot. Takes the place of base-foc's header of this name.
 */
#ifndef _INCLUDE__BASE__INTERNAL__CAPABILITY_DATA_H_
#define _INCLUDE__BASE__INTERNAL__CAPABILITY_DATA_H_

#include <base/capability.h>
#include <util/noncopyable.h>

class Genode::Native_capability::Data : Noncopyable
{
	private:

		uint8_t _ref_cnt;

	public:

		Data() : _ref_cnt(0) { }

		/* An entry is valid from its allocation on, with or without a badge */
		bool valid() const { return true; }

		/* Is the slot allocated? */
		bool used() const;

		/* The badge; setting it by hand allocates the slot, 0 frees it */
		uint16_t id() const;
		void     id(uint16_t id);

		uint8_t inc();
		uint8_t dec();
		addr_t  kcap() const;

		/* Entries are made in place, and there is nothing to be done at their end */
		void *operator new    (size_t, Data *at) { return at; }
		void  operator delete (void *)           { }
};

#endif
