/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_CORE_ENV_H
#define GENODE_API_CORE_CORE_ENV_H

#include <base/rpc_server.h>
#include <pd_session/client.h>

namespace Genode {

	/* By this session threads of core submit signals; a call of it is one of core's entrypoint */
	class Core_env
	{
		private:

			Rpc_entrypoint   &_ep;
			Pd_session_client _pd_session;

		public:

			Core_env(Rpc_entrypoint &ep, Capability<Pd_session> pd) : _ep(ep), _pd_session(pd) { }

			Rpc_entrypoint    *entrypoint() { return &_ep; }
			Pd_session_client &pd_session() { return _pd_session; }
	};

	Core_env *core_env();
}

#endif
