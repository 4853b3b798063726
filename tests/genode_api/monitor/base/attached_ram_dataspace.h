/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_ATTACHED_RAM_DATASPACE_H
#define GENODE_API_MONITOR_BASE_ATTACHED_RAM_DATASPACE_H

#include <base/env.h>

namespace Genode {

	class Attached_ram_dataspace : Noncopyable
	{
		private:

			Ram_session                   &_ram;
			size_t                   const _size;
			Ram_dataspace_capability const _ds;
			void                   * const _at;

		public:

			Attached_ram_dataspace(Ram_session *ram, size_t size)
			: _ram(*ram), _size(size), _ds(ram->alloc(size)), _at(env()->rm_session()->attach(_ds)) { }

			~Attached_ram_dataspace()
			{
				env()->rm_session()->detach(_at);
				_ram.free(_ds);
			}

			template <typename T> T *local_addr() const { return static_cast<T *>(_at); }

			Ram_dataspace_capability cap() const { return _ds; }

			size_t size() const { return _size; }
	};
}

#endif
