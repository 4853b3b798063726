/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations for a compile check, see README */
#ifndef BENCH_API_TREE_H
#define BENCH_API_TREE_H

#define RB_ENTRY(type)      struct { struct type *in_tree; }
#define RB_HEAD(name, type) struct name { struct type *root; }
#define RB_INIT(tree)       ((tree)->root = 0)

#define RB_GENERATE_INTERNAL(name, type, field, compare, attributes)                  \
	attributes struct type *name##_find(struct name *t, struct type *e)           \
	{                                                                             \
		return t->root && !compare(t->root, e) ? t->root->field.in_tree : 0;  \
	}                                                                             \
	attributes struct type *name##_change(struct name *t, struct type *e)         \
	{                                                                             \
		return t->root = e;                                                   \
	}

#define RB_FIND(name, tree, e)   name##_find(tree, e)
#define RB_INSERT(name, tree, e) name##_change(tree, e)
#define RB_REMOVE(name, tree, e) name##_change(tree, e)

#endif
