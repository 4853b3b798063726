/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Genode's weak pointers learn of the end of their object; these do not, so
 * that a test must not let an object go while a pointer to it is in use.
 */
#ifndef GENODE_API_BASE_WEAK_PTR_H
#define GENODE_API_BASE_WEAK_PTR_H

#include <base/weak_lock.h>

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

			Weak_lock _lock { };

		public:

			Weak_ptr<T> weak_ptr() { return Weak_ptr<T>(static_cast<T *>(this)); }

			void lock_for_destruction() { _lock.lock(); }
	};

	template <typename T> class Locked_ptr
	{
		private:

			Weak_object<T> *_object;

		public:

			Locked_ptr(Weak_ptr<T> &weak) : _object(weak.obj()) { if (_object) _object->_lock.lock(); }
			~Locked_ptr() { if (_object) _object->_lock.unlock(); }

			T *operator -> () { return static_cast<T *>(_object); }

			bool valid() const { return _object != nullptr; }
	};
}

#endif
