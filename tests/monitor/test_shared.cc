/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of one component that another one attaches */
#include "test.h"

enum { ADDRESS_SPACE = CAPLOG_MAP_ADDRESS_SPACE };


/* What a component calls to attach memory */
struct Attaching
{
	Target                 &t;
	Component               c { t };
	Capability<Ram_session> ram { c.own<Ram_session>("Env::ram_session") };
	Capability<Pd_session>  pd  { c.own<Pd_session>("Env::pd_session") };
	Capability<Region_map>  rm  { pd.call<Pd_session::Rpc_address_space>() };

	Attaching(Target &t) : t(t) { }

	caplog_ledger &ledger() { return t.objects().ledger(); }

	void attach(Capability<Region_map> map, Dataspace_capability ds, addr_t at, size_t size = 0,
	            off_t offset = 0)
	{
		map.call<Region_map::Rpc_attach>(ds, size, offset, true, Region_map::Local_addr(at), false);
	}

	void detach(addr_t at) { rm.call<Region_map::Rpc_detach>(Region_map::Local_addr(at)); }

	unsigned shared() { return lines(t, CAPLOG_OBJECT_SHARED_REGION); }
};


/* A number that is used again names the newer one, and a removal of the older one changes nothing */
static void test_numbers()
{
	Dataspaces        all;
	Dataspaces::Entry one, two, other;

	one.badge = two.badge = 8;
	other.badge = 12;
	one.owner = 1, one.id = 11, one.size = 4096;
	two.owner = 2, two.id = 22, two.size = 8192;
	other.owner = 3, other.id = 33, other.size = 4096;

	EQUAL(all.find(8).size, 0);
	all.enter(one);
	all.enter(other);
	EQUAL(all.find(8).shared.id, 11);
	all.enter(two);
	EQUAL(all.find(8).shared.id, 22);
	EQUAL(all.find(8).shared.owner, 2);
	EQUAL(all.find(8).size, 8192);
	all.remove(one);
	EQUAL(all.find(8).shared.id, 22);
	all.remove(two);
	EQUAL(all.find(8).size, 0);
	all.remove(two);
	EQUAL(all.find(12).shared.id, 33);
	all.remove(other);
	EQUAL(all.find(12).size, 0);
}


/* A line of the image again, in the component that has attached it, once it is not attached any more */
static void test_restored(Attaching &user, Attaching &owner, addr_t at)
{
	Monitor &m = monitor();
	caplog_diag diag = caplog_diag();
	caplog_object &line = *caplog_region_at(&user.ledger(), ADDRESS_SPACE, at);
	caplog_object *ds = caplog_region_shared(&owner.ledger(), &line);
	unsigned const before = attached(user.t.core().pd.address_space());

	CHECK(ds);
	caplog_owned dataspace = { &owner.t, ds };
	EQUAL(m.ops.share(m.ops.ctx, &user.t, &line, &dataspace, &diag), CAPLOG_EINVAL);
	Region_map_client(user.t.core().pd.address_space()).detach((addr_t)at);
	caplog_ledger_rebadge(&user.ledger(), &line, CAPLOG_NO_BADGE);
	EQUAL(m.ops.share(m.ops.ctx, &user.t, &line, &dataspace, &diag), 0);
	EQUAL(line.badge, CAPLOG_PSEUDO_BADGE);
	EQUAL(attached(user.t.core().pd.address_space()), before);

	/* not a dataspace that lives */
	caplog_object none = *ds;
	none.id = 0;
	dataspace.object = &none;
	EQUAL(m.ops.share(m.ops.ctx, &user.t, &line, &dataspace, &diag), CAPLOG_EINVAL);
}


void test_shared()
{
	enum { AT = 0x7000000, AGAIN = 0x7100000, OTHER = 0x7200000, SIZE = 10000 };

	Monitor  &m = monitor();
	Attaching owner(m[0]), user(m[1]);
	unsigned const own = lines(m[0], CAPLOG_OBJECT_DATASPACE), used = lines(m[1], CAPLOG_OBJECT_DATASPACE);
	unsigned const regions = lines(m[1], CAPLOG_OBJECT_REGION);
	size_t   const paid = m[1].core().ram.used();

	test_numbers();

	Ram_dataspace_capability const ds = owner.ram.call<Ram_session::Rpc_alloc>((size_t)SIZE, CACHED);

	/* as a whole, a part of it once more, and in a nested region map */
	user.attach(user.rm, ds, AT);
	user.attach(user.rm, ds, AGAIN, 0, 4096);
	user.attach(user.pd.call<Pd_session::Rpc_stack_area>(), ds, OTHER, 4096, 8192);
	EQUAL(user.shared(), 3);
	EQUAL(lines(m[1], CAPLOG_OBJECT_FOREIGN_REGION), 0);
	EQUAL(lines(m[1], CAPLOG_OBJECT_REGION), regions);
	EQUAL(lines(m[1], CAPLOG_OBJECT_DATASPACE), used);
	EQUAL(m[1].core().ram.used(), paid);

	uint32_t const id = m[0].objects().by_cap(ds)->id;
	caplog_object const *line = caplog_region_at(&user.ledger(), ADDRESS_SPACE, AT + SIZE);
	CHECK(line);
	EQUAL(line->kind, CAPLOG_OBJECT_SHARED_REGION);
	EQUAL(line->shared_region.owner, 0);
	EQUAL(line->shared_region.dataspace, id);
	EQUAL(line->shared_region.size, 12288);
	EQUAL(line->shared_region.offset, 0);
	line = caplog_region_at(&user.ledger(), ADDRESS_SPACE, AGAIN);
	CHECK(line);
	EQUAL(line->shared_region.size, 8192);
	EQUAL(line->shared_region.offset, 4096);
	line = caplog_region_at(&user.ledger(), CAPLOG_MAP_STACK_AREA, OTHER);
	CHECK(line);
	EQUAL(line->shared_region.size, 4096);
	EQUAL(line->shared_region.offset, 8192);
	EQUAL(line->shared_region.map, CAPLOG_MAP_STACK_AREA);

	/* it is not where a stack or a cap map may be */
	CHECK(!m[1].objects().memory(AT, 1));

	test_restored(user, owner, AT);

	/* one attachment ends, the others stay */
	user.detach(AGAIN + 4096);
	EQUAL(user.shared(), 2);
	CHECK(caplog_region_at(&user.ledger(), ADDRESS_SPACE, AT));

	/* its owner frees it: the line names what does not exist any more, and nothing else */
	owner.ram.call<Ram_session::Rpc_free>(ds);
	EQUAL(lines(m[0], CAPLOG_OBJECT_DATASPACE), own);
	line = caplog_region_at(&user.ledger(), ADDRESS_SPACE, AT);
	CHECK(line);
	CHECK(!caplog_region_shared(&owner.ledger(), line));

	/* in both directions, with a session's memory of the other's */
	Ram_dataspace_capability const back = user.ram.call<Ram_session::Rpc_alloc>(4096ul, CACHED);
	owner.attach(owner.rm, back, OTHER);
	EQUAL(owner.shared(), 1);
	EQUAL(caplog_region_at(&owner.ledger(), ADDRESS_SPACE, OTHER)->shared_region.owner, 1);
	owner.detach(OTHER);
	EQUAL(owner.shared(), 0);
	user.ram.call<Ram_session::Rpc_free>(back);

	user.detach(AT);
	user.pd.call<Pd_session::Rpc_stack_area>().call<Region_map::Rpc_detach>(Region_map::Local_addr((addr_t)OTHER));
	EQUAL(user.shared(), 0);

	/* memory of nobody in the group, attached as a whole, is found when it is detached */
	Dataspace_capability const strange = reinterpret_cap_cast<Dataspace>(m.env.ram().alloc(8192));
	user.attach(user.rm, strange, AT);
	line = caplog_ledger_first(&user.ledger(), CAPLOG_OBJECT_FOREIGN_REGION);
	CHECK(line);
	EQUAL(line->foreign_region.size, 8192);
	EQUAL(line->foreign_region.badge, strange.local_name());
	user.detach(AT);
	EQUAL(lines(m[1], CAPLOG_OBJECT_FOREIGN_REGION), 0);
	m.env.ram().free(reinterpret_cap_cast<Ram_dataspace>(strange));

	/* a ROM module is detached with its session */
	Capability<Rom_session> const rom = user.c.open<Rom_session>("ram_quota=4K, label=\"other\"");
	user.attach(user.rm, rom.call<Rom_session::Rpc_dataspace>(), AT);
	EQUAL(lines(m[1], CAPLOG_OBJECT_REGION), regions + 1);
	user.c.close(rom);
	EQUAL(lines(m[1], CAPLOG_OBJECT_REGION), regions);
}
