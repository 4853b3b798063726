/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_IPC_MSGBUF_H
#define GENODE_API_BASE_IPC_MSGBUF_H

#include <base/capability.h>
#include <base/exception.h>
#include <util/noncopyable.h>

namespace Genode {

	/* Data of a message, in words, and capabilities beside them */
	class Msgbuf_base : Noncopyable
	{
		public:

			enum { MAX_CAPS_PER_MSG = 4 };

			struct Too_many_caps : Exception { };

		private:

			unsigned long * const _words;
			size_t          const _bytes_max;
			size_t                _bytes = 0;

			Native_capability _cap[MAX_CAPS_PER_MSG];
			unsigned          _caps = 0;

		protected:

			Msgbuf_base(void *words, size_t bytes)
			: _words((unsigned long *)words), _bytes_max(bytes) { }

		public:

			void reset()
			{
				for (_bytes = 0; _caps; )
					_cap[--_caps] = Native_capability();
			}

			/* data */
			unsigned long &word(unsigned at) { return _words[at]; }

			size_t capacity() const      { return _bytes_max; }
			size_t data_size() const     { return _bytes; }
			void   data_size(size_t now) { _bytes = now; }

			/* capabilities */
			size_t used_caps() const       { return _caps; }
			void   used_caps(unsigned now) { _caps = now; }

			Native_capability &cap(unsigned at) { return _cap[at]; }

			void insert(Native_capability const &last)
			{
				if (_caps >= MAX_CAPS_PER_MSG)
					throw Too_many_caps();
				_cap[_caps++] = last;
			}
	};

	template <unsigned BYTES> struct Msgbuf : Msgbuf_base
	{
		alignas(long) char buf[BYTES];

		Msgbuf() : Msgbuf_base(buf, BYTES) { }
	};
}

#endif
