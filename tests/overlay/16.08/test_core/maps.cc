/* SPDX-License-Identifier: BSD-2-Clause */
/* Region maps within region maps, and none within itself */
#include "core.h"

#include <rm_session_component.h>

struct Map : Region_map_component
{
	Dataspace_capability const ds;

	Map(Rpc_entrypoint &ep) : Region_map_component(&ep), ds(ep.manage(&_ds)) {
		_ds.map = ep.manage(static_cast<Region_map_component *>(this)); }

	bool attaches(Dataspace_capability what)
	{
		try { attach(what, 4096, 0, true, (addr_t)0x1000, false); }
		catch (Region_conflict) { return false; }
		return true;
	}

	unsigned regions()
	{
		unsigned n = 0;
		for (Rm_region_ref *r = _regions.first(); r; r = r->next())
			n++;
		return n;
	}
};


void test_maps()
{
	Rpc_entrypoint &ep = new_entrypoint();
	Map *map[8];

	for (Map *&m : map)
		m = new Map(ep);

	Dataspace_component &ram = *new Dataspace_component(0x10000, 4096, CACHED);
	Dataspace_capability const memory = ep.manage(&ram);

	/* memory as often as it likes, and what is no dataspace is base's to refuse */
	check(map[0]->attaches(memory));
	check(map[0]->attaches(memory));
	bool invalid = false;
	try { map[0]->attaches(reinterpret_cap_cast<Dataspace>(map[0]->_ds.map)); }
	catch (Region_map::Invalid_dataspace) { invalid = true; }
	check(invalid);

	/* not in itself, at once or by way of others */
	check(!map[0]->attaches(map[0]->ds));
	check(map[0]->attaches(map[1]->ds));
	check(!map[1]->attaches(map[0]->ds));
	check(map[1]->attaches(map[2]->ds));
	check(map[1]->attaches(memory));
	check(!map[2]->attaches(map[0]->ds));
	check(!map[2]->attaches(map[1]->ds));

	/* twice in the same, and by two ways, leads not back */
	check(map[0]->attaches(map[1]->ds));
	check(map[0]->attaches(map[2]->ds));
	check(map[0]->regions() == 5);
	check(map[1]->regions() == 2);
	check(map[2]->regions() == 0);

	/* deeper than base looks: five within another */
	for (unsigned i = 2; i < 6; i++)
		check(map[i]->attaches(map[i + 1]->ds));
	check(map[7]->attaches(map[2]->ds));
	check(!map[7]->attaches(map[1]->ds));

	/* more regions than core looks at while all wait */
	Map &wide = *new Map(ep), &outer = *new Map(ep);
	while (wide.regions() < 10000 && wide.attaches(memory));
	check(outer.attaches(wide.ds));
	check(wide.attaches(memory));
	check(!outer.attaches(wide.ds));

	/* a session destroys its own, once, and none of a PD or of another session */
	Rm_session_component &session = *new Rm_session_component(ep);
	auto destroy = [&] (Map &m) {
		session.destroy(reinterpret_cap_cast<Region_map>(m._ds.map));
		return session.destroyed;
	};
	session.add(outer);
	session.add(wide);
	check(destroy(*map[0]) == 0);
	check(destroy(outer) == 1);
	check(destroy(outer) == 1);
	check(destroy(wide) == 2);
}
