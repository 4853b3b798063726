/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_DATASPACE_CLIENT_H
#define GENODE_API26_MONITOR_DATASPACE_CLIENT_H

#include <dataspace/capability.h>



#endif
