/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_FOC_RECEIVE_WINDOW_H
#define GENODE_API_FOC_RECEIVE_WINDOW_H

#include <base/ipc_msgbuf.h>

namespace Genode { struct Receive_window; }

class Genode::Receive_window
{
	private:

		Native_capability::Data *_rcv_idx_base = nullptr;

		enum { MAX_CAPS_PER_MSG = Msgbuf_base::MAX_CAPS_PER_MSG };

	public:

		Receive_window() { }
		~Receive_window();

		void   init();
		addr_t rcv_cap_sel_base();
		addr_t rcv_cap_sel(unsigned i);
};

#endif
