/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_PD_SESSION_CLIENT_H
#define GENODE_API_CORE_PD_SESSION_CLIENT_H

#include <pd_session/capability.h>

namespace Genode {

	/* Core's session with itself: each function calls core's entrypoint */
	struct Pd_session_client
	{
		unsigned calls = 0;

		explicit Pd_session_client(Capability<Pd_session>) { }
		virtual ~Pd_session_client() { }

		virtual void submit(Capability<Signal_context>, unsigned) { calls++; }
	};
}

#endif
