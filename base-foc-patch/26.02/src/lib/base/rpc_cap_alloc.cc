/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities of an entrypoint's RPC objects
 */
#include <base/env.h>
#include <base/rpc_server.h>
#include <base/sleep.h>
#include <pd_session/client.h>

#include <base/internal/cap_log.h>
#include <base/internal/globals.h>
#include <base/internal/runtime.h>

using namespace Genode;


static Parent *parent;

void Genode::init_rpc_cap_alloc(Parent &p) { parent = &p; }


/* Pay for more RPC objects with the component's own quota */
static void upgrade(Alloc_error why)
{
	switch (why) {
	case Alloc_error::OUT_OF_RAM:
		parent->upgrade(Parent::Env::pd(), String<32>("ram_quota=", 2048*sizeof(long)).string());
		return;
	case Alloc_error::OUT_OF_CAPS:
		parent->upgrade(Parent::Env::pd(), "cap_quota=4");
		return;
	case Alloc_error::DENIED:
		error("the PD session denies an RPC object");
		sleep_forever();
	}
}


Rpc_entrypoint::Alloc_rpc_cap_result
Rpc_entrypoint::_alloc_rpc_cap(Runtime &runtime, Native_capability, addr_t)
{
	for (;;) {
		Native_capability made { };

		runtime.pd.alloc_rpc_cap(_cap).with_result(
			[&] (Native_capability cap) { made = cap; },
			[&] (Alloc_error e)         { upgrade(e); });

		if (made.valid()) {
			cap_log_rpc_alloc(made, _cap);
			return made;
		}
	}
}


void Rpc_entrypoint::_free_rpc_cap(Runtime &runtime, Native_capability object)
{
	/* before core destroys the object: the log never names one that is gone */
	cap_log_rpc_free(object);
	runtime.pd.free_rpc_cap(object);
}
