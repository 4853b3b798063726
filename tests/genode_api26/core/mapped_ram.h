/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_MAPPED_RAM_H
#define GENODE_API26_CORE_MAPPED_RAM_H

/* nothing of it is used */

#endif
