/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults that the configuration asks for: an operation of the platform fails
 * once, by its name in fault.h of the engine, or "image", the memory of an image
 */
#ifndef CAPLOG_FAULTS_H
#define CAPLOG_FAULTS_H

#include "types.h"

namespace Caplog { struct Faults; }


struct Caplog::Faults
{
	typedef String<16> Name;

	/* One of the platform's operations comes before each of these */
	static void wrap(caplog_platform &);

	/*
	 * The n-th call of an operation fails
	 *
	 * \return  false: there is no operation of this name
	 */
	static bool arm(Name const &, unsigned n);

	/* Does the call that begins fail? */
	static bool strikes(char const *name);
};

#endif
