/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_NONCOPYABLE_H
#define GENODE_API_UTIL_NONCOPYABLE_H

namespace Genode {

	class Noncopyable
	{
		private:

			Noncopyable(Noncopyable const &);
			Noncopyable const &operator = (Noncopyable const &);

		protected:

			Noncopyable() { }
			~Noncopyable() { }
	};
}

#endif
