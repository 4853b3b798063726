/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parent that prints the capability logs of all components below it
 *
 * It starts one child, init as a rule, and serves the PD and CPU sessions of
 * the whole tree below: each PD session hands out a dataspace for the log,
 * the rest is forwarded to the parent. New events go to the kernel's console
 * in the text form of caplog(1), marked with the badge of the component's
 * parent capability. It restores nothing.
 *
 *   <config child="init" ram="40M" rom="inner.config" log="256K" poll_ms="200">
 *     <policy label="some component" dataspace="small"/>
 *   </config>
 *
 * dataspace: good (default), none, small (one page), odd (a size that is no
 * multiple of anything), rom (read-only), revoke (taken away at the second poll)
 */
#include <base/child.h>
#include <base/component.h>
#include <base/heap.h>
#include <base/snprintf.h>
#include <ram_session/connection.h>
#include <region_map/client.h>
#include <rom_session/connection.h>
#include <timer_session/connection.h>

#include "cpu.h"
#include "pd.h"
#include "policy.h"

namespace Log_parent { struct Main; }


struct Log_parent::Main
{
	enum { STACK_SIZE = 8*1024*sizeof(long) };

	Env     &env;
	Heap     heap { env.ram(), env.rm() };
	Xml_node config { Genode::config()->xml_node() };

	String<64> const name { config.attribute_value("child", String<64>("init")) };

	Registry       registry;
	Rpc_entrypoint ep { &env.pd(), STACK_SIZE, "sessions", false };
	Pd_root        pd_root  { ep, heap, registry };
	Cpu_root       cpu_root { ep, heap };
	Policy         policy { name, config.attribute_value("rom", String<64>("inner.config")),
	                        pd_root, cpu_root };

	Rom_connection binary { name.string() };
	Ram_connection ram;

	/* the child's own sessions */
	struct Args
	{
		char string[128];

		Args(char const *label) {
			snprintf(string, sizeof(string), "ram_quota=64K, label=\"%s\"", label); }
	};

	Args const args { name.string() };

	Pd  pd  { registry, args.string };
	Cpu cpu { ep, args.string, Affinity() };

	Region_map_client     address_space { pd.address_space() };
	Cpu_session_capability cpu_cap { ep.manage(&cpu) };
	Pd_session_capability  pd_cap  { ep.manage(&pd) };

	Cpu_session_client    real_cpu { cpu.real() };
	Child::Initial_thread initial_thread { real_cpu, pd.real(), name.string() };

	Ram_session_capability donate()
	{
		ram.ref_account(env.ram_session_cap());
		env.ram().transfer_quota(ram.cap(), config.attribute_value("ram", Number_of_bytes(32*1024*1024)));
		return ram.cap();
	}

	Child child { binary.dataspace(), ldso(), pd_cap, pd, donate(), ram, cpu_cap,
	              initial_thread, env.rm(), address_space, ep, policy,
	              policy.pd(), *policy.resolve_session_request("RAM", ""), policy.cpu() };

	Timer::Connection    timer { env };
	Signal_handler<Main> poll_handler { env.ep(), *this, &Main::poll };
	unsigned             polls = 0;

	static Dataspace_capability ldso()
	{
		try {
			static Rom_connection rom("ld.lib.so");
			return rom.dataspace();
		}
		/* there is none: only programs that are linked statically can run */
		catch (Parent::Exception) { return Dataspace_capability(); }
	}

	void poll()
	{
		Lock::Guard guard(registry.lock);

		polls++;
		for (Log *log = registry.logs.first(); log; log = log->next()) {
			log->poll();
			if (polls == 50)
				log->print_stat();
		}
		if (polls == 50)
			Line::write("log_parent: end of statistics");
	}

	Main(Env &env) : env(env)
	{
		timer.sigh(poll_handler);
		timer.trigger_periodic(1000*config.attribute_value("poll_ms", 200UL));
		ep.activate();
	}
};


namespace Component {

	Genode::size_t stack_size() { return 16*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Log_parent::Main main(env); }
}
