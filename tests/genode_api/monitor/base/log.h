/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_LOG_H
#define GENODE_API_MONITOR_BASE_LOG_H

#include <base/output.h>

namespace Genode {

	/* What is printed between these is one line of the console */
	Output &log_begin(char const *kind);
	void    log_end();

	template <typename... ARGS> void log_line(char const *kind, ARGS const &... args)
	{
		print(log_begin(kind), args...);
		log_end();
	}

	template <typename... ARGS> void log(ARGS const &... args)     { log_line("", args...); }
	template <typename... ARGS> void warning(ARGS const &... args) { log_line("Warning: ", args...); }
	template <typename... ARGS> void error(ARGS const &... args)   { log_line("Error: ", args...); }
}

#endif
