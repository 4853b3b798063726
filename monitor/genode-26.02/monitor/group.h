/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components that are checkpointed and restored together, in the order of their
 * checkpoint node
 */
#ifndef CAPLOG_GROUP_H
#define CAPLOG_GROUP_H

#include "dataspaces.h"


struct Caplog::Group
{
	enum { MAX = CAPLOG_TARGETS_MAX };

	Target    *target[MAX] { };
	unsigned   count = 0;
	Dataspaces dataspaces { };
};

#endif
