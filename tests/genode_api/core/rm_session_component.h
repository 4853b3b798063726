/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_RM_SESSION_COMPONENT_H
#define GENODE_API_CORE_RM_SESSION_COMPONENT_H

#include <region_map_component.h>

namespace Genode {

	struct Rm_session
	{
		GENODE_RPC_INTERFACE();

		virtual ~Rm_session() { }

		virtual void destroy(Capability<Region_map>) = 0;
	};

	/* Destroys any region map; destroyed ones are counted */
	class Rm_session_component : public Rpc_object<Rm_session>
	{
		private:

			struct Maps
			{
				Region_map_component *_first = nullptr;

				Region_map_component *first() { return _first; }
			};

			Rpc_entrypoint &_ep;
			Lock            _region_maps_lock;
			Maps            _region_maps;

			void _destroy(Region_map_component &map)
			{
				Region_map_component **at = &_region_maps._first;

				while (*at && *at != &map)
					at = &(*at)->_next;
				if (*at)
					*at = map._next;
				destroyed++;
			}

		public:

			unsigned destroyed = 0;

			explicit Rm_session_component(Rpc_entrypoint &ep) : _ep(ep) { }

			void add(Region_map_component &map)
			{
				map._next = _region_maps._first;
				_region_maps._first = &map;
			}

			void destroy(Capability<Region_map> cap) override
			{
				_ep.apply(cap, [&] (Region_map_component *map) {
					if (map)
						_destroy(*map); });
			}
	};
}

#endif
