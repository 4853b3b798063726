/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_SLEEP_H
#define GENODE_API_BASE_SLEEP_H

namespace Genode { __attribute__((noreturn)) void sleep_forever(); }

#endif
