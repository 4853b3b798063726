/* SPDX-License-Identifier: BSD-2-Clause */
#include "regions.h"

#include <caplog/diag.h>

enum {
	PAGE = 4096,
	/* region maps nest in the order of their numbers at most, one look-up each */
	DEPTH = CAPLOG_MAPS
};

static const uint32_t region_kinds[] = {
	CAPLOG_OBJECT_REGION, CAPLOG_OBJECT_SHARED_REGION, CAPLOG_OBJECT_FOREIGN_REGION
};

static uint64_t in_pages(uint64_t size)
{
	return (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

uint64_t caplog_object_bytes(const struct caplog_object *o)
{
	return o->kind == CAPLOG_OBJECT_DATASPACE ? o->dataspace.size
	     : o->kind == CAPLOG_OBJECT_LOG_DS    ? o->log_ds.size : 0;
}

uint32_t caplog_region_add(struct caplog_ledger *l, uint32_t map, uint64_t address, uint64_t size,
                           const struct caplog_object *dataspace, uint64_t offset, int executable)
{
	union caplog_words w = { .region = { 0 } };

	w.region.address    = address;
	w.region.size       = in_pages(size);
	w.region.offset     = offset;
	w.region.dataspace  = dataspace ? dataspace->id : 0;
	w.region.map        = (uint16_t)map;
	w.region.executable = (uint16_t)(executable != 0);
	return caplog_ledger_give(l, dataspace ? CAPLOG_OBJECT_REGION : CAPLOG_OBJECT_FOREIGN_REGION,
	                          CAPLOG_PSEUDO_BADGE, &w, dataspace ? "region" : "foreign memory");
}

uint32_t caplog_region_share(struct caplog_ledger *l, uint32_t map, uint64_t address, uint64_t size,
                             const struct caplog_shared *dataspace, uint64_t offset, int executable)
{
	union caplog_words w = { .shared_region = { 0 } };

	w.shared_region.address    = address;
	w.shared_region.size       = in_pages(size);
	w.shared_region.offset     = offset;
	w.shared_region.dataspace  = dataspace->id;
	w.shared_region.owner      = (uint8_t)dataspace->owner;
	w.shared_region.map        = (uint8_t)map;
	w.shared_region.executable = (uint16_t)(executable != 0);
	return caplog_ledger_give(l, CAPLOG_OBJECT_SHARED_REGION, CAPLOG_PSEUDO_BADGE, &w,
	                          "shared region");
}

struct caplog_object *caplog_region_shared(struct caplog_ledger *owner,
                                           const struct caplog_object *region)
{
	return caplog_ledger_of(owner, region->shared_region.dataspace, CAPLOG_OBJECT_DATASPACE);
}

static uint32_t map_of(const struct caplog_object *o)
{
	return o->kind == CAPLOG_OBJECT_SHARED_REGION ? o->shared_region.map : o->region.map;
}

/* Address and size are the same words in all kinds of regions */
struct caplog_object *caplog_region_at(struct caplog_ledger *l, uint32_t map, uint64_t address)
{
	for (unsigned k = 0; k < sizeof region_kinds / sizeof region_kinds[0]; k++)
		for (struct caplog_object *o = caplog_ledger_first(l, region_kinds[k]); o;
		     o = caplog_ledger_next(l, o))
			if (map_of(o) == map && address - o->region.address < o->region.size)
				return o;
	return NULL;
}

int caplog_region_detach(struct caplog_ledger *l, uint32_t map, uint64_t address)
{
	struct caplog_object *region = caplog_region_at(l, map, address);

	if (region)
		caplog_ledger_drop(l, region);
	return region != NULL;
}

void caplog_region_detach_all(struct caplog_ledger *l, const struct caplog_object *dataspace)
{
	struct caplog_object *next;

	for (struct caplog_object *o = caplog_ledger_first(l, CAPLOG_OBJECT_REGION); o; o = next) {
		next = caplog_ledger_next(l, o);
		if (o->region.dataspace == dataspace->id)
			caplog_ledger_drop(l, o);
	}
}

int caplog_region_find(struct caplog_ledger *l, uint64_t address, uint64_t size,
                       struct caplog_place *place)
{
	uint32_t map = CAPLOG_MAP_ADDRESS_SPACE;

	for (unsigned depth = 0; depth < DEPTH; depth++) {
		const struct caplog_object *r = caplog_region_at(l, map, address);

		if (!r || r->kind != CAPLOG_OBJECT_REGION)
			return CAPLOG_ENOENT;

		uint64_t const in = address - r->region.address;
		uint64_t const offset = r->region.offset + in;
		struct caplog_object *ds = caplog_ledger_by_id(l, r->region.dataspace);

		if (!ds || ds->gone || size > r->region.size - in || offset < in)
			return CAPLOG_ENOENT;
		if (ds->kind != CAPLOG_OBJECT_REGION_MAP_DS) {
			uint64_t const bytes = caplog_object_bytes(ds);
			struct caplog_place const found = { ds, offset };

			if (bytes < offset || bytes - offset < size)
				return CAPLOG_ENOENT;
			*place = found;
			return 0;
		}
		/* one of its own region maps, attached as a whole */
		if (ds->region_map_ds.map == CAPLOG_MAP_ADDRESS_SPACE ||
		    ds->region_map_ds.map >= CAPLOG_MAPS)
			return CAPLOG_ENOENT;
		map = (uint32_t)ds->region_map_ds.map;
		address = offset;
	}
	return CAPLOG_EINVAL;
}

int caplog_region_may_nest(uint32_t outer, uint64_t inner)
{
	return outer == CAPLOG_MAP_ADDRESS_SPACE && inner != CAPLOG_MAP_ADDRESS_SPACE &&
	       inner < CAPLOG_MAPS;
}

uint64_t caplog_region_address(struct caplog_ledger *l, const struct caplog_object *dataspace)
{
	for (struct caplog_object *o = caplog_ledger_first(l, CAPLOG_OBJECT_REGION); o;
	     o = caplog_ledger_next(l, o))
		if (o->region.dataspace == dataspace->id && !o->region.offset &&
		    o->region.map == CAPLOG_MAP_ADDRESS_SPACE)
			return o->region.address;
	return 0;
}
