/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include "fault.h"
#include "faults.h"

namespace Caplog {


/* One monitor has one platform, whose operations the engine calls from one thread */
static caplog_platform real;
static Faults::Name    armed;
static unsigned        left;


bool Faults::strikes(char const *name)
{
	if (!left || !(armed == name) || --left)
		return false;

	log("fault: ", name, " fails");
	return true;
}


#define X(name, type, parameters, arguments, failure) \
	static type faulty_##name parameters \
	{ \
		if (Faults::strikes(#name)) \
			return failure; \
		return real.name arguments; \
	}
CAPLOG_FAULT_POINTS(X)
#undef X


void Faults::wrap(caplog_platform &p)
{
	real = p;
	/* a platform may lack some of them */
#define X(name, type, parameters, arguments, failure) p.name = real.name ? faulty_##name : nullptr;
	CAPLOG_FAULT_POINTS(X)
#undef X
}


bool Faults::arm(Name const &name, unsigned n)
{
	bool known = name == "image";

#define X(operation, type, parameters, arguments, failure) known |= name == #operation;
	CAPLOG_FAULT_POINTS(X)
#undef X
	armed = name;
	left  = known ? n : 0;
	return known;
}

} /* namespace Caplog */
