/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members of a checkpoint node, alive: the originals, or those of an image
 */
#ifndef CAPLOG_INSTANCE_H
#define CAPLOG_INSTANCE_H

#include "group.h"

namespace Caplog { struct Instance; }


struct Caplog::Instance
{
	private:

		Allocator &_alloc;

		Instance(Instance const &);
		Instance &operator = (Instance const &);

	public:

		Group          group { };
		caplog_target *engine[Group::MAX] { };
		unsigned const count;

		/* the engine's part of a target is large, and wanted zeroed */
		Instance(Allocator &alloc, unsigned count) : _alloc(alloc), count(count)
		{
			for (unsigned i = 0; i < count; i++) {
				engine[i] = (caplog_target *)alloc.alloc(sizeof(caplog_target));
				bzero(engine[i], sizeof(caplog_target));
				caplog_ledger_init(&engine[i]->ledger);
			}
		}

		~Instance()
		{
			for (unsigned i = 0; i < count; i++)
				_alloc.free(engine[i], sizeof(caplog_target));
		}
};

#endif
