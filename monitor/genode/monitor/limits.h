/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the monitor has once for all components that are alive, copies included:
 * slots of its own capability space, the reserve for requests of resources, and
 * threads that it cannot destroy
 */
#ifndef CAPLOG_LIMITS_H
#define CAPLOG_LIMITS_H

#include <base/lock.h>

#include "config.h"

namespace Caplog { class Limits; }


class Caplog::Limits
{
	public:

		/* of 3,584 slots; the rest is for what the monitor needs itself */
		enum { CAPS = 3072 };

		/* entrypoints that cannot be destroyed, see Gate::abandoned */
		enum { ABANDONED = 16 };

	private:

		Lock     _lock;
		size_t   _reserve;
		size_t   _all_ram = 0; /* that the configuration gives, the reserve included */
		unsigned _caps    = CAPS;
		unsigned _targets = 0;
		unsigned _abandoned = 0;

	public:

		Limits(Xml_node config)
		: _reserve(config.attribute_value("reserve", Number_of_bytes(0)))
		{
			_all_ram = _reserve;
			config.for_each_sub_node("target", [&] (Xml_node node) {
				_all_ram += Config(node).ram;
				_targets++;
			});
		}

		size_t all_ram() const { return _all_ram; }

		/* Capabilities of a target, unless its node says it */
		unsigned share() const { return CAPS/(_targets ? _targets : 1); }

		/* false: there is not as much left */
		bool take_caps(unsigned n)
		{
			Lock::Guard guard(_lock);
			bool const enough = n <= _caps;

			_caps -= enough ? n : 0;
			return enough;
		}

		void return_caps(unsigned n)
		{
			Lock::Guard guard(_lock);
			_caps += n;
		}

		/* false: there are too many already */
		bool abandon()
		{
			Lock::Guard guard(_lock);
			bool const room = _abandoned < ABANDONED;

			_abandoned += room;
			return room;
		}

		bool take_reserve(size_t bytes)
		{
			Lock::Guard guard(_lock);
			bool const enough = bytes <= _reserve;

			_reserve -= enough ? bytes : 0;
			return enough;
		}

		void return_reserve(size_t bytes)
		{
			Lock::Guard guard(_lock);
			_reserve += bytes;
		}
};

#endif
