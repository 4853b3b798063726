/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Genode's RPC framework does for a client: arguments to a message, a
 * message to the result. Arguments that no test looks at are left out.
 */
#ifndef OVERLAY_RPC_H
#define OVERLAY_RPC_H

#include "variant.h"

#include <base/ipc.h>
#include <cpu_session/cpu_session.h>
#include <cpu_thread/cpu_thread.h>
#include <dataspace/client.h>
#include <region_map/region_map.h>
#include <signal_source/client.h>

#include <type_traits>

/* Opcodes as the interfaces have them */
#define OPCODE(IF, RPC) Genode::Meta::Index_of<Genode::IF::Rpc_functions, Genode::IF::RPC>::Value

enum {
	PD_ALLOC_SOURCE  = OPCODE(Pd_session, Rpc_alloc_signal_source),
	PD_ALLOC_RPC_CAP = OPCODE(Pd_session, Rpc_alloc_rpc_cap),
	PD_FREE_RPC_CAP  = OPCODE(Pd_session, Rpc_free_rpc_cap),
	PD_CAP_SPACE     = OPCODE(Pd_session, Rpc_cap_space_dataspace)
};
enum { THREAD_START = OPCODE(Cpu_thread, Rpc_start) };
enum { DS_SIZE      = OPCODE(Dataspace, Rpc_size) };
enum {
	SOURCE_WAIT      = OPCODE(Foc_signal_source, Rpc_wait_for_signal),
	SOURCE_SEMAPHORE = OPCODE(Foc_signal_source, Rpc_request_semaphore)
};

#undef OPCODE

/* Own ones, where there is no stand-in of the interface's RPC functions */
enum { CPU_CREATE_THREAD, CPU_KILL_THREAD, CPU_NATIVE };
enum { NATIVE_CAP, NATIVE_STATE }; /* those of Foc_native_cpu */
enum { PARENT_UPGRADE, PARENT_MAIN_THREAD, PARENT_SESSION };
enum { RM_ATTACH, RM_DETACH };


namespace Overlay {

	using namespace Genode;

	struct Request
	{
		Msgbuf<256> snd { }, rcv { };
		long        code = 0; /* of the reply */

		void word(unsigned long w)
		{
			unsigned const i = (unsigned)(snd.data_size()/sizeof(w));
			snd.word(i) = w;
			snd.data_size((i + 1)*sizeof(w));
		}

		void put(Native_capability const &c)    { snd.insert(c); }
		void put(Cpu_session::Name const &)     { }
		void put(Affinity::Location const &)    { }
		void put(Parent::Upgrade_args const &)  { }

		template <typename T>
		typename std::enable_if<std::is_integral<T>::value>::type put(T v) { word(v); }

		void put_all() { }

		template <typename HEAD, typename... TAIL>
		void put_all(HEAD const &head, TAIL const &... tail) { put(head); put_all(tail...); }

		void call(Native_capability const &dst)
		{
			code = ipc_call(dst, snd, rcv, 0).value;
			if (code)
				call_failed(code);
		}
	};

	template <typename T> struct Result { static T of(Request &r) { return (T)r.rcv.word(0); } };

	template <> struct Result<void> { static void of(Request &) { } };

	template <> struct Result<Native_capability> {
		static Native_capability of(Request &r) { return r.rcv.cap(0); } };

	template <typename IF> struct Result<Capability<IF>> {
		static Capability<IF> of(Request &r) { return reinterpret_cap_cast<IF>(r.rcv.cap(0)); } };

	/* What core says of a thread */
	template <typename STATE> STATE state_of(Request &r)
	{
		STATE s;
		s.kcap = r.rcv.word(0);
		s.id   = (decltype(s.id))r.rcv.word(1);
		s.utcb = r.rcv.word(2);
		return s;
	}

	template <> struct Result<Signal_source::Signal> {
		static Signal_source::Signal of(Request &r) {
			return Signal_source::Signal((long)r.rcv.word(0), (int)r.rcv.word(1)); } };
}

#include "results.h"


template <typename RET, typename... ARGS>
RET Genode::Rpc_signature<RET (ARGS...)>::call(Native_capability const &dst, long opcode,
                                               ARGS... args)
{
	Overlay::Request r;

	r.word((unsigned long)opcode);
	r.put_all(args...);
	r.call(dst);
	return Overlay::Result<RET>::of(r);
}

#endif
