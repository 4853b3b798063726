/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots of the monitor's own capability space, which all targets share */
#ifndef CAPLOG_LIMITS_H
#define CAPLOG_LIMITS_H

#include <base/mutex.h>

#include "types.h"

namespace Caplog { class Limits; }


class Caplog::Limits
{
	public:

		/* of 3,328 slots; the rest is for what the monitor needs itself */
		enum { CAPS = 2816 };

	private:

		Mutex    _mutex { };
		unsigned _caps = CAPS;

	public:

		/* false: there is not as much left */
		bool take_caps(unsigned n)
		{
			Mutex::Guard guard(_mutex);
			bool const enough = n <= _caps;

			_caps -= enough ? n : 0;
			return enough;
		}

		void return_caps(unsigned n)
		{
			Mutex::Guard guard(_mutex);
			_caps += n;
		}
};

#endif
