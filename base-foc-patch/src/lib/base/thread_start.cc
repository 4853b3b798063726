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


void Thread::_init_platform_thread(size_t weight, Type type)
{
	if (!_cpu_session)
		_cpu_session = env()->cpu_session();

	if (type == NORMAL) {
		_thread_cap = _cpu_session->create_thread(env()->pd_session_cap(), name(),
		                                          Location(), Weight(weight));
	} else {
		/* the main thread runs already; core put its gate at this place */
		native_thread().kcap = MAIN_THREAD_CAP;
		_thread_cap = env()->parent()->main_thread_cap();
	}
	if (!_thread_cap.valid())
		throw Cpu_session::Thread_creation_failed();

	if (type == NORMAL)
		return;

	l4_utcb_tcr()->user[UTCB_TCR_THREAD_OBJ] = (addr_t)this;

	/* the first moment at which there is an environment */
	cap_log_attach(*env()->rm_session(), env()->pd_session_cap());
}


void Thread::_deinit_platform_thread()
{
	if (!native_thread().kcap || !_thread_cap.valid())
		return;

	cap_map()->remove((Cap_index *)l4_utcb_tcr_u(utcb()->foc_utcb)->user[UTCB_TCR_BADGE]);
	_cpu_session->kill_thread(_thread_cap);
}


void Thread::start()
{
	Cpu_thread_client thread(_thread_cap);
	{
		/* the badge comes as plain data */
		Cap_space::Hold hold;

		/* core tells where it put the gate and the UTCB */
		Thread_state state;
		try { state = thread.state(); }
		catch (...) { throw Cpu_session::Thread_creation_failed(); }

		native_thread() = Native_thread(state.kcap);
		utcb()->foc_utcb = (l4_utcb_t *)state.utcb;

		Cap_index * const gate = cap_map()->insert(state.id, state.kcap);

		cap_log_thread(state.kcap, state.utcb, (addr_t)this);

		l4_thread_regs_t &words = *l4_utcb_tcr_u(utcb()->foc_utcb);
		words.user[UTCB_TCR_BADGE]      = (addr_t)gate;
		words.user[UTCB_TCR_THREAD_OBJ] = (addr_t)this;
	}
	thread.start((addr_t)_thread_start, _stack->top());
}


void Thread::cancel_blocking()
{
	Cpu_thread_client(_thread_cap).cancel_blocking();
}
