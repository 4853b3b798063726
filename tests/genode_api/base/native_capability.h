/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_NATIVE_CAPABILITY_H
#define GENODE_API_BASE_NATIVE_CAPABILITY_H

#include <base/capability_from.h>
#include <base/stdint.h>

namespace Genode { class Native_capability; }


class Genode::Native_capability
{
	public:

		struct Raw { unsigned long v[4]; };

		class Data;

	private:

		Data *_data = nullptr;

		static Data *_address(Data *data) { return data; }
		static Data *_address(Data &data) { return &data; }

	protected:

		void _inc();
		void _dec();

	public:

		Native_capability() { }
		Native_capability(Capability_from<Data> data)     : _data(_address(data)) { _inc(); }
		Native_capability(Native_capability const &other) : _data(other._data)    { _inc(); }
		~Native_capability() { _dec(); }

		Native_capability &operator = (Native_capability const &other)
		{
			if (this != &other) {
				_dec();
				_data = other._data;
				_inc();
			}
			return *this;
		}

		bool operator == (Native_capability const &other) const { return _data == other._data; }

		Data const *data() const { return _data; }

		bool valid() const;
		long local_name() const;

		/* hides the function of this name in derived classes, as in Genode */
		Raw raw() const;
};

#endif
