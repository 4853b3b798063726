/* SPDX-License-Identifier: BSD-2-Clause */
#include <dataspace/client.h>

#include "region_map.h"
#include "target.h"

namespace Caplog {


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


Region_map::Attach_result Rm::attach(Dataspace_capability ds, Attr const &attr)
{
	if (target.loading())
		return target.loaded().attach(ds, attr);
	if (!target.objects().room(CAPLOG_OBJECT_REGION))
		return Attach_error::OUT_OF_RAM;

	uint32_t const badge = ds.valid() ? (uint32_t)ds.local_name() : 0;
	if (!_may_attach(badge))
		return Attach_error::INVALID_DATASPACE;

	Dataspaces::Found const shared = target.group().dataspaces.find(badge);
	Attach_result const result = at_core.attach(ds, attr);

	result.with_result([&] (Range const &range) {

		caplog_ledger &ledger = target.objects().ledger();
		caplog_object *line   = ds.valid() ? caplog_ledger_by_badge(&ledger, badge) : nullptr;

		/* before it runs only the sandbox attaches: the program */
		if (!line && !shared.size && !target.running())
			line = target.give_program(ds);
		if (line && line->kind == CAPLOG_OBJECT_UNKNOWN)
			line = nullptr;

		int const executable = attr.executable;
		if (line)
			caplog_region_add(&ledger, which, range.start, range.num_bytes, line, attr.offset, executable);
		else if (shared.size)
			caplog_region_share(&ledger, which, range.start, range.num_bytes, &shared.shared,
			                    attr.offset, executable);
		else if (uint32_t const id = caplog_region_add(&ledger, which, range.start, range.num_bytes,
		                                               nullptr, attr.offset, executable))
			caplog_ledger_by_id(&ledger, id)->foreign_region.badge = badge;
	}, [] (Attach_error) { });
	return result;
}


void Rm::detach(addr_t at)
{
	caplog_region_detach(&target.objects().ledger(), which, at);
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

	return map < CAPLOG_MAPS ? t.enter_own(line, t.rm((uint32_t)map), saved) : no_such_map(map, diag);
}


int Rm::make_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	uint64_t const map = line.region_map_ds.map;

	if (map >= CAPLOG_MAPS)
		return no_such_map(map, diag);
	Rm &rm = t.rm((uint32_t)map);
	rm._made(t.objects().enter(line, rm.at_core.dataspace()));
	return 0;
}


int Rm::make_region(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	caplog_words_REGION const &region = line.region;
	Object * const ds = t.objects().by_id(region.dataspace);

	if (region.map >= CAPLOG_MAPS)
		return no_such_map(region.map, diag);
	if (!ds)
		return caplog_say(diag, CAPLOG_EINVAL, "the image attaches something else than a dataspace "
		                  "at %n", region.address);
	if (!t.rm(region.map)._may_attach((uint32_t)ds->cap.local_name()))
		return caplog_say(diag, CAPLOG_EINVAL, "the image attaches a region map in itself at %n",
		                  region.address);

	return t.rm(region.map)._again(*ds, line, region.executable, diag);
}


int Rm::share(Target &t, caplog_object &line, Object *ds, caplog_diag *diag)
{
	caplog_words_SHARED_REGION const &region = line.shared_region;

	if (!ds)
		return caplog_say(diag, CAPLOG_EINVAL, "the image attaches something else than a dataspace "
		                  "at %n", region.address);

	return t.rm(region.map)._again(*ds, line, region.executable, diag);
}


/* Address, size and offset are the same words of all regions */
int Rm::_again(Object &ds, caplog_object &line, bool executable, caplog_diag *diag)
{
	Attr const attr { .size       = (size_t)line.region.size,
	                  .offset     = (addr_t)line.region.offset,
	                  .use_at     = true,
	                  .at         = (addr_t)line.region.address,
	                  .executable = executable,
	                  .writeable  = true };

	Attach_result const result = target.core().with_quota([&] {
		return at_core.attach(reinterpret_cap_cast<Dataspace>(ds.cap), attr); });

	if (result.failed())
		return caplog_say(diag, CAPLOG_EINVAL, "its address range is in use, or the monitor's memory "
		                  "does not suffice, at %n", line.region.address);
	caplog_ledger_rebadge(&target.objects().ledger(), &line, CAPLOG_PSEUDO_BADGE);
	return 0;
}

} /* namespace Caplog */
