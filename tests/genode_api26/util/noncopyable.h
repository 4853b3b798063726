/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_UTIL_NONCOPYABLE_H
#define GENODE_API26_UTIL_NONCOPYABLE_H

namespace Genode {

	class Noncopyable
	{
		private:

			Noncopyable(Noncopyable const &);
			Noncopyable &operator = (Noncopyable const &);

		public:

			Noncopyable() { }
	};
}

#endif
