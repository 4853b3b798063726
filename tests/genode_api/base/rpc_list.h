/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPC interfaces from lists of functions
 *
 * A list has a line per function, in the order of opcodes:
 *
 *	#define THING_RPC(F)                                          \
 *		F(Rpc_move, bool, move, (addr_t to, size_t by), (to, by))  \
 *		F(Rpc_stop, void, stop, (),                     ())
 *
 * From it RPC_INTERFACE(THING_RPC) makes the functions of the interface and
 * their RPC types, and RPC_CLIENT(THING_RPC) those of its client.
 */
#ifndef GENODE_API_BASE_RPC_LIST_H
#define GENODE_API_BASE_RPC_LIST_H

#include <base/rpc.h>

#define RPC_ARGUMENTS(...) __VA_ARGS__

#define RPC_FUNCTION(rpc, result, name, arguments, pass) virtual result name arguments = 0;
#define RPC_TYPE(rpc, result, name, arguments, pass) \
	GENODE_RPC(rpc, result, name, RPC_ARGUMENTS arguments)
#define RPC_NEXT(rpc, result, name, arguments, pass) , rpc
#define RPC_STUB(rpc, result, name, arguments, pass) \
	result name arguments override { return call<rpc> pass; }

#define RPC_INTERFACE(LIST) \
	LIST(RPC_FUNCTION) \
	LIST(RPC_TYPE) \
	typedef ::Genode::Meta::Tail<::Genode::Meta::Type_list<void LIST(RPC_NEXT)>>::Type Rpc_functions

#define RPC_CLIENT(LIST) LIST(RPC_STUB)

#endif
