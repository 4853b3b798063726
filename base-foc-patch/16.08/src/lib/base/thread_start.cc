/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of a component: core creates them, the base library records them
 */
#include <base/env.h>
#include <base/thread.h>
#include <cpu_thread/client.h>
#include <foc/native_capability.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/stack.h>
#include <base/internal/utcb_words.h>

using namespace Genode;

typedef Cpu_session::Thread_creation_failed Failed;


/*
 * The main thread runs already. It takes its Thread object, and with it there
 * is an environment for the first time: the log can begin.
 */
static void adopt_main_thread(Thread &main, Env_deprecated &env)
{
	main.native_thread().kcap = Cap_space::kcap_of(Cap_space::MAIN_THREAD);

	Utcb_words().object = (addr_t)&main;
	cap_log_attach(*env.rm_session(), env.pd_session_cap());
}


void Thread::_init_platform_thread(size_t weight, Type type)
{
	Env_deprecated &component = *env();

	if (!_cpu_session)
		_cpu_session = component.cpu_session();

	switch (type) {
	case NORMAL:
		_thread_cap = _cpu_session->create_thread(component.pd_session_cap(), name(), Location(),
		                                          Weight(weight));
		break;
	case MAIN:
	case REINITIALIZED_MAIN:
		_thread_cap = component.parent()->main_thread_cap();
		break;
	}
	if (!_thread_cap.valid())
		throw Failed();

	if (type != NORMAL)
		adopt_main_thread(*this, component);
}


void Thread::_deinit_platform_thread()
{
	bool const started = native_thread().kcap && _thread_cap.valid();
	if (!started)
		return;

	/* the word can be read as long as the thread exists */
	cap_map()->remove(Utcb_words(*utcb()).entry());
	_cpu_session->kill_thread(_thread_cap);

	/* it was stopped wherever it was, and may have held */
	cap_space.release_all(_stack->base());
}


/* What core says of a thread that it created; see Cpu_thread::state */
static Thread_state created(Cpu_thread_client &thread)
{
	try { return thread.state(); }
	/* whatever the reason, the caller of start() expects this one */
	catch (...) { throw Failed(); }
}


void Thread::start()
{
	Cpu_thread_client thread(_thread_cap);

	/*
	 * No checkpoint until the thread runs: the badge of the gate comes as plain data, and
	 * the words in the UTCB of a thread that is not started are in no image
	 */
	Cap_space::Hold hold;

	Thread_state const it = created(thread);

	native_thread()  = Native_thread(it.kcap);
	utcb()->foc_utcb = (Fiasco::l4_utcb_t *)it.utcb;

	Cap_index const * const gate = cap_map()->insert(it.id, it.kcap);

	cap_log_thread(it.kcap, it.utcb, (addr_t)this);
	Utcb_words(*utcb()).set(gate, this);
	thread.start((addr_t)_thread_start, _stack->top());
}


void Thread::cancel_blocking()
{
	Cpu_thread_client thread(_thread_cap);

	thread.cancel_blocking();
}
