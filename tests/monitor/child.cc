/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/child.h>
#include <base/internal/elf.h>
#include <timer_session/connection.h>

#include "core.h"

namespace Genode {


/*
 * Child: the program is one dataspace, whose first word the parent writes
 */

Service &Child::_parent_service()
{
	static Parent_service service("");
	return service;
}

Child::Child(Dataspace_capability elf, Dataspace_capability, Pd_session_capability,
             Pd_session &pd, Ram_session_capability, Ram_session &ram, Cpu_session_capability,
             Initial_thread_base &main, Region_map &, Region_map &remote, Rpc_entrypoint &ep,
             Child_policy &, Service &, Service &, Service &)
:
	_ep(ep)
{
	enum { TEXT = 0x1000000, DATA = 0x2000000 };

	ep.manage(static_cast<Rpc_object<Parent> *>(this));
	if (!elf.valid())
		return;
	pd.assign_parent(parent_cap());
	remote.attach(elf, 0, 0, true, (addr_t)TEXT, true);
	remote.attach(ram.alloc(16384), 0, 0, true, (addr_t)DATA, false);
	main.start(TEXT);
}

Child::~Child() { _ep.dissolve(static_cast<Rpc_object<Parent> *>(this)); }

void Child::announce(Service_name const &, Root_capability) { }
Session_capability Child::session(Service_name const &, Session_args const &, Affinity const &) {
	throw Service_denied(); }
void Child::upgrade(Session_capability, Upgrade_args const &) { }
void Child::close(Session_capability) { }
void Child::exit(int) { }
Thread_capability Child::main_thread_cap() const { return Thread_capability(); }
void Child::resource_avail_sigh(Signal_context_capability) { }
void Child::resource_request(Resource_args const &) { }
void Child::yield_sigh(Signal_context_capability) { }
Parent::Resource_args Child::yield_request() { return Resource_args(); }
void Child::yield_response() { }


Elf_binary::Elf_binary(addr_t) { }
bool Elf_binary::dynamically_linked() const { return false; }

} /* namespace Genode */


void Timer::Connection::usleep(unsigned us)
{
	Core_model::world.now_ms += us/1000*(1 + Core_model::world.haste);
	Core_model::sleep_us(us);
}
