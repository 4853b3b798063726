/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of a component: creation at core, start, end; the log begins with the main thread
 */
#include <base/thread.h>
#include <cpu_thread/client.h>
#include <foc/native_capability.h>
#include <foc_native_cpu/client.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/runtime.h>
#include <base/internal/stack.h>
#include <base/internal/utcb_words.h>

using namespace Genode;


void Thread::_init_native_thread(Stack &)
{
	_init_trace_control();
	_thread_cap = _runtime.cpu.create_thread(_runtime.pd.rpc_cap(), name, _affinity, 0);
}


void Thread::_init_native_main_thread(Stack &stack)
{
	_init_trace_control();

	stack.native_thread().kcap = Cap_space::kcap_of(Cap_space::MAIN_THREAD);
	_thread_cap = _runtime.parent.main_thread_cap();
	if (_thread_cap.failed()) {
		error("the parent does not give the main thread's capability");
		return;
	}
	Utcb_words().object = (addr_t)this;
	cap_log_attach(_runtime.pd_rm, _runtime.pd.rpc_cap());
}


void Thread::_deinit_native_thread(Stack &stack)
{
	/* the word can be read as long as the thread exists */
	if (stack.native_thread().kcap)
		cap_map().remove(Utcb_words(*utcb()).entry());

	_thread_cap.with_result(
		[&] (Thread_capability cap) { _runtime.cpu.kill_thread(cap); },
		[&] (Cpu_session::Create_thread_error) { });

	/* it was stopped wherever it was, and may have held */
	cap_space.release_all(stack.base());
}


Thread::Start_result Thread::start()
{
	return _thread_cap.convert<Start_result>([&] (Thread_capability cap) {

		/*
		 * No checkpoint until the thread runs: the badge of the gate comes as plain data, and
		 * the words in the UTCB of a thread that is not started are in no image
		 */
		Cap_space::Hold hold;

		Foc_native_cpu_client  cpu(_runtime.cpu.native_cpu());
		Foc_thread_state const it = cpu.thread_state(cap);

		with_native_thread([&] (Native_thread &nt) { nt.kcap = it.kcap; });
		utcb()->foc_utcb = (Foc::l4_utcb_t *)it.utcb;

		Cap_index const * const gate = cap_map().insert(it.id, it.kcap);

		cap_log_thread(it.kcap, it.utcb, (addr_t)this);
		Utcb_words(*utcb()).set(gate, this);

		return _stack.convert<Start_result>(
			[&] (Stack &stack) {
				Cpu_thread_client(cap).start((addr_t)_thread_start, stack.top());
				return Start_result::OK;
			},
			[&] (Stack_error) { return Start_result::DENIED; });
	},
	[&] (Cpu_session::Create_thread_error) { return Start_result::DENIED; });
}
