/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Genode's tree is balanced; this one is not, which no result depends on
 */
#ifndef GENODE_API_UTIL_AVL_TREE_H
#define GENODE_API_UTIL_AVL_TREE_H

namespace Genode {

	template <typename> class Avl_tree;

	template <typename NT> class Avl_node
	{
		private:

			friend class Avl_tree<NT>;

			NT *_child[2] = { nullptr, nullptr };

		public:

			NT *child(bool right) const { return _child[right]; }
	};

	template <typename NT> class Avl_tree
	{
		private:

			NT *_first = nullptr;

			static NT **_link(NT *node, bool right) {
				return &static_cast<Avl_node<NT> *>(node)->_child[right]; }

			NT **_place(NT *wanted, NT **at)
			{
				while (*at && *at != wanted)
					at = _link(*at, (*at)->higher(wanted));
				return at;
			}

		public:

			NT *first() const { return _first; }

			void insert(NT *node)
			{
				*_link(node, false) = *_link(node, true) = nullptr;
				*_place(node, &_first) = node;
			}

			void remove(NT *node)
			{
				NT **at = _place(node, &_first);
				NT  *left = *_link(node, false), *right = *_link(node, true);

				if (!*at)
					return;
				*at = right ? right : left;
				/* all on the left is lower than all on the right */
				if (left && right) {
					NT **lowest = at;
					while (*lowest)
						lowest = _link(*lowest, false);
					*lowest = left;
				}
			}
	};
}

#endif
