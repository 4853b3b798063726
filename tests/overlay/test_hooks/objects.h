/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An entrypoint with one object, for tests of requests
 */
#ifndef TEST_HOOKS_OBJECTS_H
#define TEST_HOOKS_OBJECTS_H

#include "hooks.h"


struct Object : Rpc_object_base
{
	unsigned served = 0;

	Rpc_exception_code (*work)(Object &, Msgbuf_base &out) = nullptr;

	Rpc_exception_code dispatch(Rpc_opcode opcode, Ipc_unmarshaller &, Msgbuf_base &out) override
	{
		check(opcode.value == 42);
		served++;
		out.word(0) = served;
		out.data_size(sizeof(long));
		return work ? work(*this, out) : Rpc_exception_code(Rpc_exception_code::SUCCESS);
	}
};

struct Entrypoint : Test_entrypoint
{
	using Test_entrypoint::Test_entrypoint;

	Native_capability manage(Object &o)   { return _manage(&o); }
	void              dissolve(Object &o) { _dissolve(&o); }
};

/* Call the object; its reply's code */
long invoke(Native_capability const &cap, unsigned long *result = nullptr);

/* Between the tests that make and dissolve them */
extern Entrypoint       *ep;
extern Object           *object;
extern Native_capability object_cap;
extern unsigned long     answer;

/* The threads with these indexes: one waits for a reply, the other for requests */
static inline bool has_no_answer()
{
	return core_thread(2)->state == HK_AWAITING_REPLY && core_thread(1)->state == HK_WAITING;
}

#endif
