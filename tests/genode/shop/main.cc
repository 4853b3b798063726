/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Serves RPC objects to another component
 */
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <root/component.h>

#include "shop.h"

namespace Shop {

	using namespace Genode;

	struct Receipt_object;
	struct Session_object;
	struct Root;
	struct Main;
}


struct Shop::Receipt_object : Rpc_object<Receipt, Receipt_object>
{
	unsigned long const value;

	Receipt_object(unsigned long value) : value(value) { }

	unsigned long number() { return value; }
};


struct Shop::Session_object : Rpc_object<Session, Session_object>
{
	Rpc_entrypoint &ep;
	Allocator      &alloc;
	unsigned long   sales = 0;

	Session_object(Rpc_entrypoint &ep, Allocator &alloc) : ep(ep), alloc(alloc) { }

	unsigned long buy() { return ++sales; }

	Capability<Receipt> receipt() { return ep.manage(new (alloc) Receipt_object(sales)); }

	void give_back(Capability<Receipt> cap)
	{
		Receipt_object *receipt = nullptr;
		ep.apply(cap, [&] (Receipt_object *r) { receipt = r; });
		if (!receipt) {
			error("FAILED: this receipt is not ours");
			return;
		}
		ep.dissolve(receipt);
		destroy(alloc, receipt);
	}
};


struct Shop::Root : Root_component<Session_object>
{
	Rpc_entrypoint &_ep;

	Session_object *_create_session(char const *) override {
		return new (md_alloc()) Session_object(_ep, *md_alloc()); }

	Root(Rpc_entrypoint &ep, Allocator &alloc) : Root_component<Session_object>(&ep, &alloc), _ep(ep) { }
};


struct Shop::Main
{
	Heap heap;
	Root root;

	Main(Env &env) : heap(env.ram(), env.rm()), root(env.ep().rpc_ep(), heap) {
		env.parent().announce("Shop", env.ep().manage(root)); }
};


namespace Component {

	Genode::size_t stack_size() { return 8*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Shop::Main main(env); }
}
