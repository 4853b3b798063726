/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads and RPC, as far as Genode 26.02 says it in another way than other releases
 */
#ifndef CAPLOG_RELEASE_THREAD_H
#define CAPLOG_RELEASE_THREAD_H

#include <base/ipc.h>
#include <base/log.h>
#include <base/sleep.h>
#include <base/thread.h>

#include <base/internal/crt0.h>
#include <base/internal/native_thread.h>

namespace Genode {

	/* nullptr: the thread has no stack */
	static inline Native_thread *native_thread_of(Thread &thread)
	{
		Native_thread *native = nullptr;
		thread.with_native_thread([&] (Native_thread &nt) { native = &nt; });
		return native;
	}

	static inline unsigned long parent_badge() { return (unsigned)_parent_cap[0]; }

	/* What an RPC that fails does to its caller, as there are no exceptions */
	[[noreturn]] static inline void call_failed()
	{
		raw("caplog: an RPC failed for good, its thread sleeps from now on");
		sleep_forever();
	}

	/* Nobody does that: it failed */
	static inline void call_cancelled() { }

	/* What a client takes for an error; at INVALID_OBJECT it would sleep for ever */
	enum { REFUSED = Rpc_exception_code::INVALID_OPCODE };
}

#endif
