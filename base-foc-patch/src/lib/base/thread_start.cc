/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of a component
 */
#include <base/env.h>
#include <base/thread.h>
#include <cpu_thread/client.h>
#include <foc/native_capability.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/native_utcb.h>
#include <base/internal/stack.h>

namespace Fiasco {
#include <l4/sys/utcb.h>
}

using namespace Genode;
using namespace Fiasco;

typedef Cpu_session::Thread_creation_failed Failed;


/* Core tells where it put the gate and the UTCB of a thread */
static Thread_state places_of(Cpu_thread_client &thread)
{
	try {
		return thread.state();
	} catch (...) {
		throw Failed();
	}
}


void Thread::_init_platform_thread(size_t weight, Type type)
{
	Env_deprecated &e       = *env();
	bool      const is_main = type != NORMAL;

	_cpu_session = _cpu_session ? _cpu_session : e.cpu_session();

	/* the main thread runs already; core put its gate at this place */
	if (is_main)
		native_thread().kcap = MAIN_THREAD_CAP;

	_thread_cap = is_main ? e.parent()->main_thread_cap()
	                      : _cpu_session->create_thread(e.pd_session_cap(), name(), Location(),
	                                                    Weight(weight));
	if (!_thread_cap.valid())
		throw Failed();

	if (!is_main)
		return;

	l4_utcb_tcr()->user[UTCB_TCR_THREAD_OBJ] = (addr_t)this;

	/* the first moment at which there is an environment */
	cap_log_attach(*e.rm_session(), e.pd_session_cap());
}


void Thread::_deinit_platform_thread()
{
	bool const started = native_thread().kcap && _thread_cap.valid();
	if (!started)
		return;

	l4_thread_regs_t const &words = *l4_utcb_tcr_u(utcb()->foc_utcb);

	/* the entry of the gate, while the words can still be read */
	cap_map()->remove((Cap_index *)words.user[UTCB_TCR_BADGE]);
	_cpu_session->kill_thread(_thread_cap);

	/* it may have been on its way to rest, in the midst of something */
	cap_space.release_all(_stack->base());
}


void Thread::start()
{
	Cpu_thread_client thread(_thread_cap);
	{
		/* the badge comes as plain data */
		Cap_space::Hold hold;

		Thread_state const at = places_of(thread);

		utcb()->foc_utcb = (l4_utcb_t *)at.utcb;
		native_thread()  = Native_thread(at.kcap);

		Cap_index * const gate = cap_map()->insert(at.id, at.kcap);

		cap_log_thread(at.kcap, at.utcb, (addr_t)this);

		l4_thread_regs_t &words = *l4_utcb_tcr_u(utcb()->foc_utcb);
		words.user[UTCB_TCR_BADGE]      = (addr_t)gate;
		words.user[UTCB_TCR_THREAD_OBJ] = (addr_t)this;
	}
	thread.start((addr_t)_thread_start, _stack->top());
}


void Thread::cancel_blocking()
{
	Cpu_thread_client thread(_thread_cap);
	thread.cancel_blocking();
}
