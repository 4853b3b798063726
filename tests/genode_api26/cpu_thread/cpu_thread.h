/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CPU_THREAD_CPU_THREAD_H
#define GENODE_API26_CPU_THREAD_CPU_THREAD_H

#include <base/rpc_list.h>
#include <base/stdint.h>

#define CPU_THREAD_RPC(F)                                                   \
	F(Rpc_start,  void, start,  (addr_t ip, addr_t sp), (ip, sp))             \
	F(Rpc_pause,  void, pause,  (), ())                                       \
	F(Rpc_resume, void, resume, (), ())

namespace Genode { struct Cpu_thread { RPC_INTERFACE(CPU_THREAD_RPC); }; }

#endif
