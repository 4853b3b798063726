/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_SERVICE_H
#define GENODE_API_MONITOR_BASE_SERVICE_H

#include <root/root.h>
#include <util/list.h>
#include <util/string.h>

namespace Genode {

	struct Service : List<Service>::Element
	{
		String<32> const name_;

		Service(char const *name) : name_(name) { }
		virtual ~Service() { }
	};

	struct Parent_service : Service { Parent_service(char const *name) : Service(name) { } };

	struct Local_service : Service
	{
		Local_service(char const *name, Root *) : Service(name) { }
	};

	class Service_registry
	{
		private:

			List<Service> _services;

		public:

			Service *find(char const *name)
			{
				for (Service *s = _services.first(); s; s = s->next())
					if (s->name_ == name)
						return s;
				return nullptr;
			}

			void insert(Service *service) { _services.insert(service); }
	};
}

#endif
