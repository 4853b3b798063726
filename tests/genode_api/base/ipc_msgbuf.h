/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_IPC_MSGBUF_H
#define GENODE_API_BASE_IPC_MSGBUF_H

#include <base/capability.h>
#include <base/exception.h>
#include <util/noncopyable.h>

namespace Genode {

	class Msgbuf_base : Noncopyable
	{
		public:

			enum { MAX_CAPS_PER_MSG = 4 };

		private:

			Native_capability _caps[MAX_CAPS_PER_MSG];
			size_t            _used_caps = 0;
			char       *const _data;
			size_t      const _capacity;
			size_t            _data_size = 0;

		protected:

			Msgbuf_base(char *data, size_t capacity) : _data(data), _capacity(capacity) { }

		public:

			struct Too_many_caps : Exception { };

			unsigned long &word(unsigned i) { return reinterpret_cast<unsigned long *>(_data)[i]; }

			size_t capacity()  const { return _capacity; }
			size_t data_size() const { return _data_size; }
			size_t used_caps() const { return _used_caps; }

			void data_size(size_t size) { _data_size = size; }
			void used_caps(size_t caps) { _used_caps = caps; }

			Native_capability &cap(unsigned i) { return _caps[i]; }

			void reset()
			{
				while (_used_caps)
					_caps[--_used_caps] = Native_capability();
				_data_size = 0;
			}

			void insert(Native_capability const &cap)
			{
				if (_used_caps == MAX_CAPS_PER_MSG)
					throw Too_many_caps();
				_caps[_used_caps++] = cap;
			}
	};

	template <unsigned SIZE> struct Msgbuf : Msgbuf_base
	{
		char buf[SIZE] __attribute__((aligned(sizeof(long))));

		Msgbuf() : Msgbuf_base(buf, SIZE) { }
	};
}

#endif
