/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_LOCAL_H
#define GENODE_API26_MONITOR_BASE_LOCAL_H

#include <region_map/region_map.h>



#endif
