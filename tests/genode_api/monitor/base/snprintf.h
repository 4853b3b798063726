/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_SNPRINTF_H
#define GENODE_API_MONITOR_BASE_SNPRINTF_H

#include <base/stdint.h>

namespace Genode {
	int snprintf(char *to, size_t size, char const *format, ...)
		__attribute__((format(printf, 3, 4)));
}

#endif
