/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_ENV_H
#define GENODE_API26_MONITOR_BASE_ENV_H

#include <base/entrypoint.h>
#include <base/ram_allocator.h>
#include <parent/parent.h>
#include <pd_session/pd_session.h>

namespace Genode {

	struct Runtime;

	/* Where the monitor attaches memory */
	struct Local_region_map : Noncopyable
	{
		typedef Region_map::Attach_error Error;

		struct Attachment { void *ptr; bool deallocate; };

		Unique<Attachment, Error> attach(Dataspace_capability, Region_map::Attr const &);
		void                      detach(addr_t);
	};

	class Env : Noncopyable
	{
		public:

			typedef Local_region_map Local_rm;

			Ram_allocator         &ram();
			Local_rm              &rm();
			Entrypoint            &ep();
			Parent                &parent();
			Runtime               &runtime();
			Capability<Pd_session> pd_session_cap();
	};
}

#endif
