/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Index of object pools, and what Genode 26.02's pools are made of
 *
 * Programs can call what is in the ABI list of ld.lib.so and nothing else of the
 * base library, so all of this is in the header.
 */
#ifndef CAPLOG_CAP_POOL_H
#define CAPLOG_CAP_POOL_H

#include <base/capability.h>
#include <base/mutex.h>
#include <util/interface.h>
#include <util/noncopyable.h>

namespace Genode {

	struct Cap_pool_node;
	class  Cap_pool;
	class  Pool_lock;

	struct Pool_base : Interface, private Noncopyable { };
}


/* With the name that Genode's other locks have for it */
class Genode::Pool_lock : Noncopyable
{
	private:

		Mutex _mutex { };

	public:

		struct Guard : Mutex::Guard { explicit Guard(Pool_lock &l) : Mutex::Guard(l._mutex) { } };
};


/*
 * Part of each object that a pool holds
 */
class Genode::Cap_pool_node
{
	private:

		friend class Cap_pool;

		Cap_pool_node           *_child[4] { };
		Native_capability const *_cap = nullptr;
		unsigned long            _badge = 0; /* that the capability had at the insertion */

		Cap_pool_node(Cap_pool_node const &);
		Cap_pool_node &operator = (Cap_pool_node const &);

		unsigned long _badge_now() const { return (unsigned long)_cap->local_name(); }

		bool _has_children() const { return _child[0] || _child[1] || _child[2] || _child[3]; }

	public:

		Cap_pool_node() { }
};


/*
 * Index by badge
 *
 * A node lies on the path that the hash of its badge spells, two bits a level.
 * A monitor may have rewritten badges since then. What is found is checked
 * therefore, and that nothing is found is believed only if all badges are those
 * of the insertion; else the tree is made anew.
 */
class Genode::Cap_pool : Noncopyable
{
	private:

		Cap_pool_node *_root = nullptr;

		struct Path
		{
			uint32_t bits;

			explicit Path(unsigned long badge) : bits((uint32_t)badge*0x9e3779b1u) { bits ^= bits >> 15; }

			/* Of four children; begins again after 16 levels, for badges that are equal */
			unsigned next()
			{
				unsigned const child = bits & 3;
				bits = bits >> 2 | bits << 30;
				return child;
			}
		};

		void _put(Cap_pool_node &node)
		{
			node._badge = node._badge_now();

			Cap_pool_node **at = &_root;
			for (Path path(node._badge); *at; )
				at = &(*at)->_child[path.next()];
			*at = &node;
		}

		/* Unhook a node without children below *at, *at itself if it has none */
		static Cap_pool_node *_take_leaf(Cap_pool_node **at)
		{
			while ((*at)->_has_children())
				for (Cap_pool_node *&child : (*at)->_child)
					if (child) {
						at = &child;
						break;
					}

			Cap_pool_node * const leaf = *at;
			*at = nullptr;
			return leaf;
		}

		Cap_pool_node *_at(unsigned long badge) const
		{
			Cap_pool_node *node = _root;
			for (Path path(badge); node && node->_badge != badge; )
				node = node->_child[path.next()];
			return node;
		}

		static bool _is_changed(Cap_pool_node const *node)
		{
			return node->_badge != node->_badge_now();
		}

		/* Is there a node whose badge is another one by now? */
		bool _any_changed() const { return _root && _any_changed(_root); }

		/* the tree has about as many levels as its number of nodes has pairs of bits */
		static bool _any_changed(Cap_pool_node const *node)
		{
			if (_is_changed(node))
				return true;
			for (Cap_pool_node const *child : node->_child)
				if (child && _any_changed(child))
					return true;
			return false;
		}

		void _renew()
		{
			Cap_pool_node *old = _root;

			_root = nullptr;
			while (old)
				_put(*_take_leaf(&old));
		}

	public:

		void insert(Cap_pool_node *node, Native_capability const &cap)
		{
			node->_cap = &cap;
			_put(*node);
		}

		/* False if the node is not in the pool */
		bool remove(Cap_pool_node *node)
		{
			Cap_pool_node **at = &_root;
			for (Path path(node->_badge); *at && *at != node; )
				at = &(*at)->_child[path.next()];
			if (!*at)
				return false;

			/* any leaf below fits here: its path runs through this place */
			Cap_pool_node * const leaf = _take_leaf(at);
			if (leaf != node) {
				for (unsigned i = 0; i < 4; i++) {
					leaf->_child[i] = node->_child[i];
					node->_child[i] = nullptr;
				}
				*at = leaf;
			}
			return true;
		}

		/* nullptr: there is none */
		Cap_pool_node *find(unsigned long badge)
		{
			Cap_pool_node *found = _at(badge);
			if (found ? !_is_changed(found) : !_any_changed())
				return found;

			_renew();
			return _at(badge);
		}

		Cap_pool_node *first() { return _root; }
};

#endif
