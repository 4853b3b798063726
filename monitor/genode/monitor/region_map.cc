/* SPDX-License-Identifier: BSD-2-Clause */
#include <dataspace/client.h>

#include "region_map.h"
#include "target.h"

namespace Caplog {


/* Of a dataspace that core attached, and somebody else may have freed since */
static size_t size_of(Dataspace_capability ds)
{
	try { return Dataspace_client(ds).size(); }
	catch (...) { return 0; }
}


void Rm::_made(Object &ds)
{
	own_ds = &ds;
	__atomic_store_n(&ds_badge, (uint32_t)ds.cap.local_name(), __ATOMIC_RELAXED);
}


/* A region map of its own or of a sibling may lead back here */
bool Rm::_may_attach(uint32_t badge)
{
	Group &group = target.group();

	for (unsigned i = 0; badge && i < group.count; i++)
		for (uint32_t map = 0; map < CAPLOG_MAPS; map++)
			if (__atomic_load_n(&group.target[i]->rm(map).ds_badge, __ATOMIC_RELAXED) == badge)
				return group.target[i] == &target && caplog_region_may_nest(which, map);
	return true;
}


Region_map::Local_addr Rm::attach(Dataspace_capability ds, size_t size, off_t offset,
                                  bool use_local_addr, Local_addr local_addr, bool exec)
{
	if (!target.objects().room(CAPLOG_OBJECT_REGION))
		throw Out_of_metadata();

	uint32_t       const badge  = ds.valid() ? (uint32_t)ds.local_name() : 0;
	if (!_may_attach(badge))
		throw Invalid_dataspace();

	Dataspaces::Found const shared = target.group().dataspaces.find(badge);

	Local_addr at = at_core.attach(ds, size, offset, use_local_addr, local_addr, exec);

	caplog_ledger &ledger = target.objects().ledger();
	caplog_object *line   = ds.valid() ? caplog_ledger_by_badge(&ledger, badge) : nullptr;
	addr_t const  address = at;

	if (line && line->kind == CAPLOG_OBJECT_UNKNOWN)
		line = nullptr;
	if (!size) {
		size_t const bytes = line && caplog_object_bytes(line) ? caplog_object_bytes(line)
		                   : shared.size ? shared.size : size_of(ds);
		size = bytes > (size_t)offset ? bytes - offset : 1;
	}

	if (line)
		caplog_region_add(&ledger, which, address, size, line, offset, exec);
	else if (shared.size)
		caplog_region_share(&ledger, which, address, size, &shared.shared, offset, exec);
	else if (uint32_t const id = caplog_region_add(&ledger, which, address, size, nullptr, offset, exec))
		caplog_ledger_by_id(&ledger, id)->foreign_region.badge = badge;
	return at;
}


void Rm::detach(Local_addr at)
{
	addr_t const address = at;

	caplog_region_detach(&target.objects().ledger(), which, address);
	at_core.detach(at);
}


void Rm::fault_handler(Signal_context_capability cap)
{
	saved.handler[0] = target.objects().context_id(cap);
	at_core.fault_handler(cap);
}


void Rm::restored()
{
	if (saved.handler[0])
		at_core.fault_handler(target.objects().context(saved.handler[0]));
}


Dataspace_capability Rm::dataspace()
{
	if (!own_ds && !target.objects().room(CAPLOG_OBJECT_REGION_MAP_DS))
		return Dataspace_capability();
	if (!own_ds) {
		caplog_words words = caplog_words();
		words.region_map_ds.map = which;
		_made(target.objects().give(CAPLOG_OBJECT_REGION_MAP_DS, at_core.dataspace(), nullptr, words));
	}
	return reinterpret_cap_cast<Dataspace>(own_ds->cap);
}


static int no_such_map(uint64_t map, caplog_diag *diag) {
	return caplog_say(diag, CAPLOG_EINVAL, "the image names region map %n, which does not exist",
	                  map); }


int Rm::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	uint64_t const map = line.region_map.map;

	return map < CAPLOG_MAPS ? t.enter_own(line, t.rm(map), saved) : no_such_map(map, diag);
}


int Rm::make_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	uint64_t const map = line.region_map_ds.map;

	if (map >= CAPLOG_MAPS)
		return no_such_map(map, diag);
	t.rm(map)._made(t.objects().enter(line, t.rm(map).at_core.dataspace()));
	return 0;
}


int Rm::make_region(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	caplog_words_REGION const &region = line.region;
	Object * const ds = t.objects().by_id(region.dataspace);

	if (region.map >= CAPLOG_MAPS)
		return no_such_map(region.map, diag);
	if (!ds || region.address != (addr_t)region.address)
		return caplog_say(diag, CAPLOG_EINVAL, "the image attaches something else than a dataspace "
		                  "at %n", region.address);
	if (!t.rm(region.map)._may_attach((uint32_t)ds->cap.local_name()))
		return caplog_say(diag, CAPLOG_EINVAL, "the image attaches a region map in itself at %n",
		                  region.address);

	t.rm(region.map)._again(*ds, line, region.executable);
	return 0;
}


int Rm::share(Target &t, caplog_object &line, Object *ds, caplog_diag *diag)
{
	caplog_words_SHARED_REGION const &region = line.shared_region;

	if (!ds || region.address != (addr_t)region.address)
		return caplog_say(diag, CAPLOG_EINVAL, "the image attaches something else than a dataspace "
		                  "at %n", region.address);

	t.rm(region.map)._again(*ds, line, region.executable);
	return 0;
}


/* Address, size and offset are the same words of all regions */
void Rm::_again(Object &ds, caplog_object &line, bool executable)
{
	Core &core = target.core();

	core.with_quota<Region_map::Out_of_metadata>(core.pd.cap(), [&] () {
		return at_core.attach(reinterpret_cap_cast<Dataspace>(ds.cap), line.region.size,
		                      line.region.offset, true, (addr_t)line.region.address, executable); });
	caplog_ledger_rebadge(&target.objects().ledger(), &line, CAPLOG_PSEUDO_BADGE);
}

} /* namespace Caplog */
