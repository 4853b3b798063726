/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CPU_CPU_STATE_H
#define GENODE_API26_CPU_CPU_STATE_H

/* nothing of it is used */

#endif
