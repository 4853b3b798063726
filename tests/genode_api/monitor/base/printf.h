/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_PRINTF_H
#define GENODE_API_MONITOR_BASE_PRINTF_H

namespace Genode { void printf(char const *format, ...) __attribute__((format(printf, 1, 2))); }

#endif
