/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Object pool: capability to local object
 *
 * Takes the place of Genode's header of this name, with the same interface.
 * Objects are found by the badges that their capabilities have now, so that a
 * pool stays right when the badges of a restored component are rewritten.
 */
#ifndef _INCLUDE__BASE__OBJECT_POOL_H_
#define _INCLUDE__BASE__OBJECT_POOL_H_

#include <base/capability.h>
#include <base/lock.h>
#include <base/weak_ptr.h>
#include <util/avl_tree.h>
#include <util/noncopyable.h>

namespace Genode {

	struct Cap_pool_node;
	class  Cap_pool;

	template <typename> class Object_pool;
}


/*
 * Part of each object that a pool holds, see struct caplog_pool_node
 */
struct Genode::Cap_pool_node
{
	Cap_pool_node *child[4];
	uint32_t       slot, badge;
};


/*
 * Index by badge, see struct caplog_pool
 *
 * The functions are in the base library, since programs that are linked
 * dynamically get only what is in the namespace Genode. Copied only while it is
 * empty, as core does.
 */
class Genode::Cap_pool
{
	private:

		void       *_root;
		void const *_map;
		uint32_t    _epoch;

	public:

		Cap_pool();

		void insert(Cap_pool_node *, Native_capability const &);

		/* False if the node is not in the pool */
		bool remove(Cap_pool_node *);

		Cap_pool_node *find(unsigned long badge);
		Cap_pool_node *first();
};


/**
 * Objects of this protection domain, found by their capabilities
 *
 * \param OBJ_TYPE  type of the objects, derived from Object_pool::Entry
 */
template <typename OBJ_TYPE>
class Genode::Object_pool
{
	public:

		class Entry : private Cap_pool_node
		{
			private:

				friend class Object_pool;

				/* Keeps the object while somebody works with it */
				struct Guarded : Weak_object<Guarded>, Noncopyable
				{
					Entry &entry;

					explicit Guarded(Entry &e) : entry(e) { }
					~Guarded() { Weak_object<Guarded>::lock_for_destruction(); }
				};

				Untyped_capability _cap;
				Guarded            _guarded { *this };

			public:

				Entry() { }
				Entry(Untyped_capability cap) : _cap(cap) { }

				virtual ~Entry() { }

				/* Set the capability, while the object is in no pool */
				void cap(Untyped_capability c) { _cap = c; }

				Untyped_capability const cap() const { return _cap; }
		};

	private:

		typedef typename Entry::Guarded Guarded;

		Cap_pool _index;
		Lock     _lock;

		/* What a functor returns, and which type it takes the object as */
		template <typename FUNC>
		using Functor_of = Trait::Functor<decltype(&FUNC::operator())>;

		template <typename FUNC>
		using Result_of = typename Functor_of<FUNC>::Return_type;

		static Entry *_entry(Cap_pool_node *n) { return static_cast<Entry *>(n); }

		/* An object that leaves the pool; nullptr: there is none */
		OBJ_TYPE *_take()
		{
			Lock::Guard guard(_lock);

			Cap_pool_node * const any = _index.first();
			if (!any)
				return nullptr;

			/* wait until nobody works with the object any more */
			Weak_ptr<Guarded>   weak = _entry(any)->_guarded.weak_ptr();
			Locked_ptr<Guarded> object(weak);
			if (!object.valid())
				return nullptr;

			_index.remove(any);
			return (OBJ_TYPE *)_entry(any);
		}

	protected:

		bool empty()
		{
			Lock::Guard guard(_lock);
			return !_index.first();
		}

	public:

		/* The object has its capability already */
		void insert(OBJ_TYPE *obj)
		{
			Entry &entry = *obj;

			Lock::Guard guard(_lock);
			_index.insert(&entry, entry._cap);
		}

		void remove(OBJ_TYPE *obj)
		{
			Entry &entry = *obj;

			Lock::Guard guard(_lock);
			_index.remove(&entry);
		}

		/**
		 * Call a functor with the object of a badge, or with a null pointer
		 *
		 * The object is locked meanwhile, the pool is not.
		 */
		template <typename FUNC> Result_of<FUNC> apply(unsigned long badge, FUNC func)
		{
			typedef typename Functor_of<FUNC>::template Argument<0>::Type Pointer;

			Weak_ptr<Guarded> weak;
			{
				Lock::Guard guard(_lock);
				if (Cap_pool_node *found = _index.find(badge))
					weak = _entry(found)->_guarded.weak_ptr();
			}
			Locked_ptr<Guarded> object(weak);
			return func(object.valid() ? dynamic_cast<Pointer>(&object->entry) : nullptr);
		}

		/* The same by capability */
		template <typename FUNC> Result_of<FUNC> apply(Untyped_capability cap, FUNC func) {
			return apply<FUNC>((unsigned long)cap.local_name(), func); }

		/**
		 * Take all objects out, and call a functor with each
		 */
		template <typename FUNC> void remove_all(FUNC func)
		{
			while (OBJ_TYPE *obj = _take())
				func(obj);
		}
};

#endif
