/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_WEAK_PTR_H
#define GENODE_API26_BASE_WEAK_PTR_H

#include <base/mutex.h>

namespace Genode {

	template <typename T> class Weak_ptr
	{
		private:

			T *_object;

		public:

			Weak_ptr(T *object = nullptr) : _object(object) { }

			bool operator == (Weak_ptr const &other) const { return _object == other._object; }

			T *obj() const { return _object; }
	};

	template <typename T> class Weak_object
	{
		private:

			template <typename> friend class Locked_ptr;

			Mutex _mutex { };

		public:

			Weak_ptr<T> weak_ptr() { return Weak_ptr<T>(static_cast<T *>(this)); }

			void lock_for_destruction() { _mutex.acquire(); }
	};

	template <typename T> class Locked_ptr
	{
		private:

			Weak_object<T> *_object;

		public:

			Locked_ptr(Weak_ptr<T> &weak) : _object(weak.obj()) { if (_object) _object->_mutex.acquire(); }
			~Locked_ptr() { if (_object) _object->_mutex.release(); }

			T *operator -> () { return static_cast<T *>(_object); }

			bool valid() const { return _object != nullptr; }
	};
}

#endif
