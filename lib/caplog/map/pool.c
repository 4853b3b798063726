/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/pool.h>

/*
 * Invariant: a node lies on the path that the hash of its cached badge spells,
 * two bits a level, lowest first; after 16 levels the hash repeats, so
 * that any number of equal badges finds room.
 */
static uint32_t hash(uint32_t badge)
{
	uint32_t const h = badge * 0x9e3779b1u;
	return h ^ h >> 15;
}

static uint32_t turn(uint32_t path)
{
	return path >> 2 | path << 30;
}

static uint32_t badge_of(const struct caplog_pool *pool, const struct caplog_pool_node *n)
{
	return n->slot < pool->map->count ? pool->map->badge[n->slot] : 0;
}

static void put(struct caplog_pool *pool, struct caplog_pool_node *n)
{
	struct caplog_pool_node **at = &pool->root;

	n->badge = badge_of(pool, n);
	for (uint32_t path = hash(n->badge); *at; path = turn(path))
		at = &(*at)->child[path & 3];
	for (unsigned i = 0; i < 4; i++)
		n->child[i] = NULL;
	*at = n;
}

/* Unhook any node without children below *at, *at itself if it has none */
static struct caplog_pool_node *take_leaf(struct caplog_pool_node **at)
{
	for (unsigned i = 0; i < 4; i++)
		if ((*at)->child[i]) {
			at = &(*at)->child[i];
			i = (unsigned)-1;
		}

	struct caplog_pool_node *leaf = *at;
	*at = NULL;
	return leaf;
}

static void validate(struct caplog_pool *pool)
{
	uint32_t const epoch = __atomic_load_n(&pool->map->epoch, __ATOMIC_RELAXED);
	struct caplog_pool_node *old = pool->root;

	if (epoch == pool->epoch)
		return;
	pool->epoch = epoch;
	pool->root = NULL;
	while (old)
		put(pool, take_leaf(&old));
}

void caplog_pool_init(struct caplog_pool *pool, const struct caplog_map *map)
{
	pool->root  = NULL;
	pool->map   = map;
	pool->epoch = map->epoch;
}

void caplog_pool_insert(struct caplog_pool *pool, struct caplog_pool_node *node)
{
	validate(pool);
	put(pool, node);
}

int caplog_pool_remove(struct caplog_pool *pool, struct caplog_pool_node *node)
{
	struct caplog_pool_node **at = &pool->root;

	validate(pool);
	for (uint32_t path = hash(node->badge); *at && *at != node; path = turn(path))
		at = &(*at)->child[path & 3];
	if (!*at)
		return CAPLOG_ENOENT;

	/* any leaf below fits here: its path runs through this place */
	struct caplog_pool_node *leaf = take_leaf(at);
	if (leaf != node) {
		for (unsigned i = 0; i < 4; i++)
			leaf->child[i] = node->child[i];
		*at = leaf;
	}
	return 0;
}

struct caplog_pool_node *caplog_pool_find(struct caplog_pool *pool, uint32_t badge)
{
	validate(pool);

	struct caplog_pool_node *n = pool->root;
	for (uint32_t path = hash(badge); n && n->badge != badge; path = turn(path))
		n = n->child[path & 3];
	return n;
}

struct caplog_pool_node *caplog_pool_first(struct caplog_pool *pool)
{
	return pool->root;
}
