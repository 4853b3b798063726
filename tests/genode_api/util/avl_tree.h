/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_AVL_TREE_H
#define GENODE_API_UTIL_AVL_TREE_H

namespace Genode { template <typename> struct Avl_node; template <typename> class Avl_tree; }

#endif
