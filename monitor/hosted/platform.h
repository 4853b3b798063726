/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine's operations on the hosted node, in three files */
#ifndef HOSTED_PLATFORM_H
#define HOSTED_PLATFORM_H

#include <caplog/stub.h>

#include "node.h"

/* threads.c: how the node's threads stop and continue */
void hm_stop_operations(struct caplog_platform *p);
/* written.c: which pages were written */
void hm_written_operations(struct caplog_platform *p);

#endif
