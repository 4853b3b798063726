/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_UTIL_VOLATILE_OBJECT_H
#define GENODE_API_MONITOR_UTIL_VOLATILE_OBJECT_H

#include <util/construct_at.h>

namespace Genode {

	/* An object that exists from construct() to destruct() */
	template <typename T> class Lazy_volatile_object
	{
		private:

			char _space[sizeof(T)] __attribute__((aligned(16)));
			bool _constructed = false;

			Lazy_volatile_object(Lazy_volatile_object const &);
			Lazy_volatile_object &operator = (Lazy_volatile_object const &);

		public:

			Lazy_volatile_object() { }
			~Lazy_volatile_object() { destruct(); }

			template <typename... ARGS> void construct(ARGS &&... args)
			{
				destruct();
				construct_at<T>(_space, args...);
				_constructed = true;
			}

			void destruct()
			{
				if (_constructed)
					(*this)->~T();
				_constructed = false;
			}

			bool constructed() const { return _constructed; }

			T *operator -> () { return reinterpret_cast<T *>(_space); }
			T &operator *  () { return *reinterpret_cast<T *>(_space); }

			T const *operator -> () const { return reinterpret_cast<T const *>(_space); }
	};
}

#endif
