/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_UTIL_ARG_STRING_H
#define GENODE_API26_MONITOR_UTIL_ARG_STRING_H

namespace Genode {

	namespace Arg_string { bool remove_arg(char *args, char const *key); }
}

#endif
