/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_ATTACHED_ROM_DATASPACE_H
#define GENODE_API_MONITOR_BASE_ATTACHED_ROM_DATASPACE_H

#include <dataspace/client.h>
#include <rom_session/connection.h>

namespace Genode {

	class Attached_rom_dataspace : Noncopyable
	{
		private:

			Rom_connection             _rom;
			Dataspace_capability const _ds { _rom.dataspace() };
			void               * const _at { _ds.valid() ? (void *)env()->rm_session()->attach(_ds)
			                                             : nullptr };

		public:

			Attached_rom_dataspace(Env &env, char const *name) : _rom(env, name) { }
			Attached_rom_dataspace(char const *name) : _rom(name) { }
			~Attached_rom_dataspace() { if (_at) env()->rm_session()->detach(_at); }

			Dataspace_capability cap() const { return _ds; }

			template <typename T> T *local_addr() { return static_cast<T *>(_at); }

			size_t size() const { return Dataspace_client(_ds).size(); }
			bool valid() const  { return _at; }
	};
}

#endif
