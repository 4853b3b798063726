/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Object pool: objects of this protection domain, found by their capabilities
 *
 * Takes the place of Genode's header of this name, with the same interface. An
 * object is found by the badge that its capability has now, so that a pool is
 * still right after a monitor rewrote the badges of a restored component.
 */
#ifndef CAPLOG_OBJECT_POOL_H
#define CAPLOG_OBJECT_POOL_H

#include <base/cap_pool.h>
#include <base/capability.h>
#include <base/thread.h>
#include <base/weak_ptr.h>
#include <util/avl_tree.h> /* for headers of Genode that rely on it */
#include <util/noncopyable.h>

namespace Genode {

	class Cap_pool_member;

	template <typename> class Object_pool;
}


/*
 * What all objects have, whatever the type of their pool
 */
class Genode::Cap_pool_member : Cap_pool_node
{
	private:

		template <typename> friend class Object_pool;

		/* Locked while a functor uses the member */
		struct Use : Weak_object<Use>, Noncopyable
		{
			Cap_pool_member &member;

			explicit Use(Cap_pool_member &m) : member(m) { }

			/* wait for the functor */
			~Use() { this->lock_for_destruction(); }
		};

		Cap_pool_member(Cap_pool_member const &);
		Cap_pool_member &operator = (Cap_pool_member const &);

		Untyped_capability _cap;
		Use                _use;

		static Cap_pool_member *_of(Cap_pool_node *n) { return static_cast<Cap_pool_member *>(n); }

	public:

		explicit Cap_pool_member(Untyped_capability const &cap) : _cap(cap), _use(*this) { }

		virtual ~Cap_pool_member() { }

		Untyped_capability const cap() const { return _cap; }

		/* Only while the object is in no pool */
		void cap(Untyped_capability changed) { _cap = changed; }
};


/**
 * \param OBJECT  type of the objects, derived from Object_pool::Entry
 */
template <typename OBJECT>
class Genode::Object_pool : Pool_base
{
	public:

		/* A type of its own for each pool, since an object may be in several */
		struct Entry : Cap_pool_member
		{
			Entry(Untyped_capability cap = Untyped_capability()) : Cap_pool_member(cap) { }
		};

	private:

		typedef Cap_pool_member::Use Use;

		Pool_lock _lock { };
		Cap_pool  _index { };

		/* an entrypoint's: its thread, and the object whose request it serves */
		Thread *_server  = nullptr;
		OBJECT *_serving = nullptr;

		static Cap_pool_member &_member(OBJECT &object) { return static_cast<Entry &>(object); }

		static OBJECT *_object(Cap_pool_member &member) {
			return (OBJECT *)static_cast<Entry *>(&member); }

		/* Take any object out, once no functor uses it; nullptr if there is none */
		OBJECT *_take()
		{
			Pool_lock::Guard guard(_lock);

			if (Cap_pool_node * const any = _index.first()) {

				Weak_ptr<Use>   use = Cap_pool_member::_of(any)->_use.weak_ptr();
				Locked_ptr<Use> used(use);

				if (used.valid()) {
					_index.remove(any);
					return _object(used->member);
				}
			}
			return nullptr;
		}

		/* Result of a functor, and the type that it takes the object as */
		template <typename FUNC>
		using Functor_of = Trait::Functor<decltype(&FUNC::operator())>;

		template <typename FUNC>
		using Result_of = typename Functor_of<FUNC>::Return_type;

		/* What the caller's request is for, which it has locked already; else nullptr */
		OBJECT *_own(unsigned long badge)
		{
			if (!_server || Thread::myself() != _server)
				return nullptr;

			Pool_lock::Guard guard(_lock);
			Cap_pool_node * const found = _index.find(badge);
			return found && _object(*Cap_pool_member::_of(found)) == _serving ? _serving : nullptr;
		}

	protected:

		void served_by(Thread *thread) { _server  = thread; }
		void serving(OBJECT *object)   { _serving = object; }

		bool empty()
		{
			Pool_lock::Guard guard(_lock);
			return !_index.first();
		}

	public:

		/**
		 * Call a functor with the object of a badge, or with a null pointer
		 *
		 * The object is locked meanwhile, the pool is not.
		 */
		template <typename FUNC> Result_of<FUNC> apply(unsigned long badge, FUNC const &func)
		{
			typedef typename Functor_of<FUNC>::template Argument<0>::Type Pointer;

			Weak_ptr<Use> use { };
			{
				Pool_lock::Guard guard(_lock);
				if (Cap_pool_node * const found = _index.find(badge))
					use = Cap_pool_member::_of(found)->_use.weak_ptr();
			}
			Locked_ptr<Use> used(use);
			return func(used.valid() ? dynamic_cast<Pointer>(static_cast<Entry *>(&used->member))
			                         : nullptr);
		}

		/*
		 * The same by capability, as a request has it for an argument
		 *
		 * It may be that of the object which the request is for: to wait for it
		 * would be to wait for oneself.
		 */
		template <typename FUNC> Result_of<FUNC> apply(Untyped_capability cap, FUNC const &func)
		{
			typedef typename Functor_of<FUNC>::template Argument<0>::Type Pointer;

			if (OBJECT * const own = _own((unsigned long)cap.local_name()))
				return func(dynamic_cast<Pointer>(own));
			return apply<FUNC>((unsigned long)cap.local_name(), func);
		}

		/* The object has its capability already */
		void insert(OBJECT *object)
		{
			Cap_pool_member &member = _member(*object);

			Pool_lock::Guard guard(_lock);
			_index.insert(&member, member._cap);
		}

		void remove(OBJECT *object)
		{
			Pool_lock::Guard guard(_lock);
			_index.remove(&_member(*object));
		}

		/* Take the objects out one by one, and call a functor with each */
		template <typename FUNC> void remove_all(FUNC const &func)
		{
			while (OBJECT * const object = _take())
				func(object);
		}
};

#endif
