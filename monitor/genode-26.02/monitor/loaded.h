/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the sandbox library loads into a component that is about to be filled from
 * an image: it is thrown away when it is complete
 */
#ifndef CAPLOG_LOADED_H
#define CAPLOG_LOADED_H

#include <pd_session/pd_session.h>
#include <region_map/region_map.h>

#include "types.h"

namespace Caplog { class Loaded; }


class Caplog::Loaded
{
	private:

		enum { MAX = 8 };

		Env                     &_env;
		Ram_dataspace_capability _ds[MAX] { };
		size_t                   _size[MAX] { };
		unsigned                 _count = 0;
		Dataspace_capability     _program { };

		bool _own(Dataspace_capability const &ds) const
		{
			for (unsigned i = 0; i < _count; i++)
				if (_ds[i].local_name() == ds.local_name())
					return true;
			return false;
		}

	public:

		Loaded(Env &env) : _env(env) { }

		~Loaded() { forget(); }

		Pd_session::Alloc_ram_result alloc(size_t size)
		{
			typedef Pd_session::Alloc_ram_result Result;

			if (_count == MAX)
				return Alloc_error::DENIED;
			return _env.ram().try_alloc(size).convert<Result>(
				[&] (Ram::Allocation &a) -> Result {
					a.deallocate   = false;
					_size[_count]  = size;
					_ds[_count++]  = a.cap;
					return a.cap;
				},
				[] (Alloc_error e) -> Result { return e; });
		}

		/* Nothing is attached: the image says what there is */
		Region_map::Attach_result attach(Dataspace_capability ds, Region_map::Attr const &attr)
		{
			if (!_own(ds))
				_program = ds;
			return Region_map::Range { .start = attr.at, .num_bytes = attr.size };
		}

		/* The program, which the sandbox attaches as well */
		Dataspace_capability program() const { return _program; }

		void forget()
		{
			while (_count) {
				_count--;
				_env.ram().free(_ds[_count], _size[_count]);
			}
		}
};

#endif
