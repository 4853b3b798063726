/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regions: which memory a component has at an address
 *
 * All of it comes from the ledger: lines of regions, of dataspaces, and of
 * region maps that are attached as a whole in another one. A region of a
 * sibling's dataspace is recorded here, and the memory there: it is the owner's.
 */
#ifndef CAPLOG_REGIONS_H
#define CAPLOG_REGIONS_H

#include "ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A component's region maps; numbers are part of the image format */
enum caplog_map_number {
	CAPLOG_MAP_ADDRESS_SPACE = 0,
	CAPLOG_MAP_STACK_AREA    = 1,
	CAPLOG_MAP_LINKER_AREA   = 2,
	CAPLOG_MAPS              = 3
};

/*
 * Record that memory was attached
 *
 * \param dataspace  its line; NULL: not one of the component's own, so that it
 *                   cannot be recreated (kind FOREIGN_REGION)
 * \param size       rounded up to whole pages
 * \return           id of the line; 0 if the ledger is full
 */
uint32_t caplog_region_add(struct caplog_ledger *ledger, uint32_t map, uint64_t address,
                           uint64_t size, const struct caplog_object *dataspace,
                           uint64_t offset, int executable);

/* A RAM dataspace of a component of the group, by what never names another one */
struct caplog_shared {
	uint32_t owner; /* index of the component */
	uint32_t id;    /* of the line in its ledger */
};

/* Record that memory of a sibling was attached. \return as caplog_region_add */
uint32_t caplog_region_share(struct caplog_ledger *ledger, uint32_t map, uint64_t address,
                             uint64_t size, const struct caplog_shared *dataspace,
                             uint64_t offset, int executable);

/*
 * The dataspace of a shared region
 *
 * \param owner  ledger of the sibling
 * \return       NULL: the sibling freed it, so that core has detached it
 */
struct caplog_object *caplog_region_shared(struct caplog_ledger *owner,
                                           const struct caplog_object *region);

/* The region that holds the address in a region map, shared and foreign memory too; NULL: none */
struct caplog_object *caplog_region_at(struct caplog_ledger *ledger, uint32_t map,
                                       uint64_t address);

/*
 * May the dataspace of region map 'inner' be attached in region map 'outer'?
 *
 * Only where no lookup can come back to a map: core's pager would wait for itself.
 * So in the address space, where nothing else of this kind is of use.
 */
int caplog_region_may_nest(uint32_t outer, uint64_t inner);

/* Nothing is attached there any more. \return 1; 0: nothing was */
int caplog_region_detach(struct caplog_ledger *ledger, uint32_t map, uint64_t address);

/* The dataspace is gone, and core has detached it everywhere: drop all its regions */
void caplog_region_detach_all(struct caplog_ledger *ledger, const struct caplog_object *dataspace);

/* The dataspace at an address of the component, and the offset in it */
struct caplog_place {
	struct caplog_object *dataspace; /* a line that carries memory */
	uint64_t              offset;
};

/*
 * Find the memory at an address of the component's address space
 *
 * \return 0; -ENOENT: not all of [address, address + size) lies in one
 *         dataspace with memory that is attached there, be it by way of nested
 *         region maps; -EINVAL: region maps are attached in each other
 */
int caplog_region_find(struct caplog_ledger *ledger, uint64_t address, uint64_t size,
                       struct caplog_place *place);

/* Where the first byte of a dataspace is attached in the address space; 0: nowhere */
uint64_t caplog_region_address(struct caplog_ledger *ledger, const struct caplog_object *dataspace);

/* Bytes of a line that carries memory; 0 for others */
uint64_t caplog_object_bytes(const struct caplog_object *object);

#ifdef __cplusplus
}
#endif

#endif
