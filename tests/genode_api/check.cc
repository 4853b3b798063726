/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has to hold between the overlay and the interfaces it grows
 *
 * UTCB_ENTRY, UTCB_THREAD: offsets that the assembly stub of this machine has.
 */
#include <foc_native_pd/client.h>
#include <pd_session/client.h>

#include <foc/syscall.h>

#include <base/internal/kernel_entry.h>
#include <base/internal/native_utcb.h>

using namespace Genode;

template <typename IF, typename RPC>
constexpr int opcode() { return Meta::Index_of<typename IF::Rpc_functions, RPC>::Value; }

typedef Foc_native_pd Native;

#include <check_opcodes.inc>
static_assert(opcode<Native, Native::Rpc_task_cap>() == 0, "opcode");

/* a kernel's tag has an error flag or a protocol that is not -1 */
static_assert(Kernel_entry::AGAIN == ~0UL, "again");

static constexpr unsigned long user(unsigned i)
{
	return Foc::L4_UTCB_THREAD_REGS_OFFSET
	     + __builtin_offsetof(Foc::l4_thread_regs_t, user) + i*sizeof(long);
}

static_assert(user(Foc::UTCB_TCR_BADGE)      == UTCB_ENTRY,  "the stub saves another word");
static_assert(user(Foc::UTCB_TCR_THREAD_OBJ) == UTCB_THREAD, "the stub saves another word");
