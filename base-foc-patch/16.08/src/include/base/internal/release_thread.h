/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads and RPC, as far as Genode 16.08 says it in another way than other releases
 */
#ifndef CAPLOG_RELEASE_THREAD_H
#define CAPLOG_RELEASE_THREAD_H

#include <base/blocking.h>
#include <base/ipc.h>
#include <base/thread.h>

#include <base/internal/crt0.h>
#include <base/internal/native_thread.h>

namespace Genode {

	/* Each thread has one */
	static inline Native_thread *native_thread_of(Thread &thread) { return &thread.native_thread(); }

	static inline unsigned long parent_badge() { return _parent_cap; }

	/* What an RPC that fails does to its caller */
	[[noreturn]] static inline void call_failed()    { throw Ipc_error(); }
	[[noreturn]] static inline void call_cancelled() { throw Blocking_canceled(); }

	/* What a client takes for an error: it throws Ipc_error */
	enum { REFUSED = Rpc_exception_code::INVALID_OBJECT };
}

#endif
