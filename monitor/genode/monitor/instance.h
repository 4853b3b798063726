/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All targets of the configuration, alive: the originals, or a copy from an image
 */
#ifndef CAPLOG_INSTANCE_H
#define CAPLOG_INSTANCE_H

#include <util/list.h>

#include "platform.h"

namespace Caplog { struct Instance; }


struct Caplog::Instance : List<Instance>::Element
{
	private:

		Allocator &_alloc;

		Instance(Instance const &);
		Instance &operator = (Instance const &);

	public:

		Group          group;
		caplog_target *engine[Group::MAX];
		unsigned const count;

		/* the engine's part of a target is large, and wanted zeroed */
		Instance(Allocator &alloc, unsigned count) : _alloc(alloc), count(count)
		{
			for (unsigned i = 0; i < count; i++) {
				engine[i] = (caplog_target *)alloc.alloc(sizeof(caplog_target));
				memset(engine[i], 0, sizeof(caplog_target));
				caplog_ledger_init(&engine[i]->ledger);
			}
		}

		~Instance()
		{
			while (group.count) {
				Target *t = group.target[--group.count];
				destroy(_alloc, t);
			}
			for (unsigned i = 0; i < count; i++)
				_alloc.free(engine[i], sizeof(caplog_target));
		}

		/* A target that is to be started, of a node of the configuration */
		void add(Platform &platform, Xml_node node)
		{
			unsigned const i = group.count;
			Target * const t = new (_alloc) Target(platform.env, _alloc, platform.timers, group, i,
			                                       platform.config, node, engine[i]->ledger,
			                                       platform.limits);
			group.add(*t);
			engine[i]->handle = t;
		}
};

#endif
