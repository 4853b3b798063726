/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_OUTPUT_H
#define GENODE_API26_MONITOR_BASE_OUTPUT_H

namespace Genode {

	class Output { public: virtual void out_char(char) = 0; };

	struct Hex { template <typename T> explicit Hex(T) { } };

	template <typename... ARGS> void print(Output &, ARGS const &...) { }
}

#endif
