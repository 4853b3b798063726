/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Index of object pools, on top of caplog/pool.h
 *
 * The public header cannot include that, so its types are compared here.
 */
#include <base/object_pool.h>

#include <base/internal/capability_data.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

#include <caplog/pool.h>

using namespace Genode;


static_assert(sizeof(Cap_pool_node) == sizeof(caplog_pool_node), "node");
static_assert(sizeof(Cap_pool)      == sizeof(caplog_pool),      "pool");
static_assert(offsetof(Cap_pool_node, slot)  == offsetof(caplog_pool_node, slot),  "slot");
static_assert(offsetof(Cap_pool_node, badge) == offsetof(caplog_pool_node, badge), "badge");


static caplog_pool *pool(Cap_pool *p) { return reinterpret_cast<caplog_pool *>(p); }

static caplog_pool_node *node(Cap_pool_node *n) { return reinterpret_cast<caplog_pool_node *>(n); }

static Cap_pool_node *node(caplog_pool_node *n) { return reinterpret_cast<Cap_pool_node *>(n); }


Cap_pool::Cap_pool()
{
	/* this binds the map */
	cap_idx_alloc();
	caplog_pool_init(pool(this), &cap_space.map);
}


void Cap_pool::insert(Cap_pool_node *n, Native_capability const &cap)
{
	n->slot = cap.data() ? cap_space.slot(cap.data()) : CAPLOG_NONE;
	caplog_pool_insert(pool(this), node(n));
}


bool Cap_pool::remove(Cap_pool_node *n)
{
	return caplog_pool_remove(pool(this), node(n)) == 0;
}


Cap_pool_node *Cap_pool::find(unsigned long badge)
{
	return node(caplog_pool_find(pool(this), badge));
}


Cap_pool_node *Cap_pool::first()
{
	return node(caplog_pool_first(pool(this)));
}
