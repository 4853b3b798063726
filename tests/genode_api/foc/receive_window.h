/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_FOC_RECEIVE_WINDOW_H
#define GENODE_API_FOC_RECEIVE_WINDOW_H

#include <base/ipc_msgbuf.h>

namespace Genode {

	/* The functions are the overlay's; of Genode's data it uses this member */
	class Receive_window
	{
		Native_capability::Data *_rcv_idx_base = nullptr;

		enum { MAX_CAPS_PER_MSG = Msgbuf_base::MAX_CAPS_PER_MSG };

		public:

			addr_t rcv_cap_sel(unsigned);
			void   init();
			~Receive_window();
	};
}

#endif
