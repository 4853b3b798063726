/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/component.h>
#include <base/heap.h>
#include <root/component.h>
#include <rpc_ticks_session.h>

using namespace Genode;


struct Object : Rpc_object<Rpc_ticks::Session>
{
	void nop() override { }
	Native_capability object(unsigned) override { return Native_capability(); }
};


struct Main
{
	struct Session : Rpc_object<Rpc_ticks::Session>
	{
		Main &main;

		explicit Session(Main &main) : main(main) { }

		void nop() override { }
		Native_capability object(unsigned i) override {
			return main.cap[i % Rpc_ticks::OBJECTS]; }
	};

	struct Root : Root_component<Session>
	{
		Main &main;

		Create_result _create_session(char const *) override { return _alloc_obj(main); }

		explicit Root(Main &main) : Root_component<Session>(main.env.ep(), main.heap), main(main) { }
	};

	Env              &env;
	Heap              heap { env.ram(), env.rm() };
	Object            object[Rpc_ticks::OBJECTS];
	Native_capability cap[Rpc_ticks::OBJECTS];
	Root              root { *this };

	explicit Main(Env &env) : env(env)
	{
		for (unsigned i = 0; i < Rpc_ticks::OBJECTS; i++)
			cap[i] = env.ep().manage(object[i]);
		env.parent().announce(env.ep().manage(root));
	}
};


void Component::construct(Env &env) { static Main main(env); }
