/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Object pool: badge -> object, for Rpc_entrypoint and friends
 *
 * An object pool has no allocator and no bound, so it cannot be an array. It
 * is a 4-way digital search tree over the hash of the badge, its nodes inside
 * the objects: no rebalancing, no heap, a quarter of the levels of a binary
 * tree's worst path, and the node is no larger than an AVL node on 64 bit. The
 * order depends on badges only through the cached `badge`, which is renewed
 * when the map's epoch changes; so a pool survives rewritten badges.
 *
 * Freestanding. Not thread-safe: the caller holds the pool's lock.
 */
#ifndef CAPLOG_POOL_H
#define CAPLOG_POOL_H

#include <caplog/map.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Inside each object; the owner sets `slot` before insertion */
struct caplog_pool_node {
	struct caplog_pool_node *child[4];
	uint32_t slot;           /* of the object's capability; CAPLOG_NONE: none */
	uint32_t badge;          /* cached */
};

/* All-zero with `map` set is an empty pool. */
struct caplog_pool {
	struct caplog_pool_node *root;
	const struct caplog_map *map;
	uint32_t epoch;
};

void caplog_pool_init(struct caplog_pool *pool, const struct caplog_map *map);

/* Insert a node that is in no pool. An invalid capability has badge 0. */
void caplog_pool_insert(struct caplog_pool *pool, struct caplog_pool_node *node);

/* Remove a node. \return 0; -ENOENT if it is not in this pool */
int caplog_pool_remove(struct caplog_pool *pool, struct caplog_pool_node *node);

/* An object whose capability has this badge now, or NULL */
struct caplog_pool_node *caplog_pool_find(struct caplog_pool *pool, uint32_t badge);

/* Any object, or NULL if the pool is empty */
struct caplog_pool_node *caplog_pool_first(struct caplog_pool *pool);

#ifdef __cplusplus
}
#endif

#endif
