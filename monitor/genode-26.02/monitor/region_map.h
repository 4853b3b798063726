/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Region maps of a component, and what is attached there
 */
#ifndef CAPLOG_REGION_MAP_H
#define CAPLOG_REGION_MAP_H

#include <region_map/client.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


struct Caplog::Rm : Served<Region_map>, Session_base
{
	Target           &target;
	uint32_t const    which; /* enum caplog_map_number */
	Region_map_client at_core;
	Object           *own_ds = nullptr; /* of the map, handed out before */
	uint32_t          ds_badge = 0;     /* its badge, which other targets' requests look at */

	int  _again(Object &ds, caplog_object &line, bool executable, caplog_diag *);
	void _made(Object &ds);
	bool _may_attach(uint32_t badge);

	Rm(Target &target, Gate &gate, uint32_t which, Capability<Region_map> at_core)
	: Served(gate), target(target), which(which), at_core(at_core) { }

	Attach_result attach(Dataspace_capability, Attr const &) override;
	void          detach(addr_t) override;
	void          fault_handler(Signal_context_capability) override;
	Fault         fault() override { return at_core.fault(); }
	Dataspace_capability dataspace() override;

	Native_capability given() const override { return cap(); }
	void restored() override;

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_ds(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int make_region(Target &, caplog_object &, Saved const &, caplog_diag *);

	/* Attach a sibling's dataspace where the line says */
	static int share(Target &, caplog_object &, Object *ds, caplog_diag *);
};

#endif
