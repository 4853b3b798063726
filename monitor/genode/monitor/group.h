/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components that are checkpointed and restored together, in the order of the
 * monitor's configuration
 */
#ifndef CAPLOG_GROUP_H
#define CAPLOG_GROUP_H

#include <base/lock.h>

#include "dataspaces.h"


struct Caplog::Group
{
	enum { MAX = CAPLOG_TARGETS_MAX };

	typedef String<32> Label;

	Target  *target[MAX];
	unsigned count = 0;
	Lock     lock;  /* of what its targets announce to each other */
	Label    label; /* distinguishes copies of a group, for the monitor's parent */

	Dataspaces dataspaces;

	void add(Target &t) { target[count++] = &t; }

	void remove(Target &t)
	{
		unsigned i = 0;

		while (i < count && target[i] != &t)
			i++;
		if (i == count)
			return;
		for (count--; i < count; i++)
			target[i] = target[i + 1];
	}
};

#endif
