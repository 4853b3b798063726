/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_LOCAL_H
#define GENODE_API26_BASE_LOCAL_H

/* nothing of it is used */

#endif
