/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_RPC_ARGS_H
#define GENODE_API_MONITOR_BASE_RPC_ARGS_H

#include <util/string.h>

namespace Genode {

	/* Text that a client sends; one that is too long is cut */
	template <size_t MAX> class Rpc_in_buffer
	{
		private:

			char _text[MAX];

		public:

			enum { MAX_SIZE = MAX };

			Rpc_in_buffer(char const *text = "") { strncpy(_text, text, MAX); }

			char const *string() const { return _text; }
			bool valid_string() const  { return true; }
	};
}

#endif
