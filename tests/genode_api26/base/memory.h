/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_MEMORY_H
#define GENODE_API26_BASE_MEMORY_H

#include <base/alloc_error.h>
#include <base/stdint.h>
#include <util/attempt.h>
#include <util/construct_at.h>
#include <util/interface.h>
#include <util/noncopyable.h>

namespace Genode {
	namespace Memory {

		/* Genode's returns an allocation that gives itself back */
		struct Constrained_allocator : Interface, Noncopyable
		{
			/* false: there is no memory */
			virtual bool alloc(size_t size, void **out) = 0;
			virtual void free(void *at, size_t size) = 0;
		};

		/* Objects from such memory */
		template <typename T> class Constrained_obj_allocator : Noncopyable
		{
			private:

				Constrained_allocator &_from;

			public:

				/* Ends the object, unless it was told not to */
				struct Allocation : Noncopyable
				{
					T   &obj;
					bool deallocate = true;

					Constrained_allocator &from;

					Allocation(T &o, Constrained_allocator &f) : obj(o), from(f) { }

					~Allocation()
					{
						if (!deallocate)
							return;
						obj.~T();
						from.free(&obj, sizeof(T));
					}
				};

				struct Result : Noncopyable
				{
					T                     *obj;
					Constrained_allocator &from;

					static void *block(Constrained_allocator &from)
					{
						void *at = nullptr;
						return from.alloc(sizeof(T), &at) ? at : nullptr;
					}

					template <typename... ARGS>
					static T *made(void *at, ARGS &&... args) {
						return at ? construct_at<T>(at, args...) : nullptr; }

					template <typename... ARGS>
					explicit Result(Constrained_allocator &f, ARGS &&... args)
					: obj(made(block(f), args...)), from(f) { }

					template <typename RET, typename FN, typename ERROR_FN>
					RET convert(FN const &fn, ERROR_FN const &error_fn)
					{
						if (!obj)
							return RET { error_fn(Alloc_error::OUT_OF_RAM) };
						Allocation one(*obj, from);
						return RET { fn(one) };
					}
				};

				explicit Constrained_obj_allocator(Constrained_allocator &from) : _from(from) { }

				template <typename... ARGS> Result create(ARGS &&... args) {
					return Result(_from, args...); }
		};
	}
}

#endif
