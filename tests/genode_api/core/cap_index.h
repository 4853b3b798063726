/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_CAP_INDEX_H
#define GENODE_API_CORE_CAP_INDEX_H

#include <base/internal/cap_map.h>
#include <base/internal/native_thread.h>

namespace Genode {

	class  Pd_session_component;
	struct Platform_thread;

	struct Core_cap_index : Native_capability::Data
	{
		private:

			Pd_session_component  *_session = nullptr;
			Platform_thread const *_pt      = nullptr;
			Native_thread          _gate;

		public:

			Pd_session_component const *session() const { return _session; }
			Platform_thread      const *pt() const      { return _pt; }

			void session(Pd_session_component *made_by) { _session = made_by; }
			void pt(Platform_thread const *thread)      { _pt = thread; }
	};
}

#endif
