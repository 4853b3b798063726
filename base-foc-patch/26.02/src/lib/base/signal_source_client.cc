/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Client of a signal source: core triggers an IRQ object of the component when
 * there is a signal to fetch
 */
#include <base/log.h>
#include <base/thread.h>
#include <foc_native_cpu/client.h>
#include <signal_source/client.h>

#include <base/internal/cap_log.h>
#include <base/internal/capability_data.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>

using namespace Genode;


Signal_source_client::Signal_source_client(Cpu_session &cpu, Capability<Signal_source> cap)
:
	Rpc_client<Foc_signal_source>(static_cap_cast<Foc_signal_source>(cap)),
	_sem(call<Rpc_request_semaphore>())
{
	/* the kernel binds to a thread only, the log names its gate */
	Native_capability const thread =
		Foc_native_cpu_client(cpu.native_cpu()).native_cap(Thread::myself()->cap());

	addr_t const irq = _sem.data()->kcap();
	addr_t gate = 0;
	Thread::myself()->with_native_thread([&] (Native_thread &nt) { gate = nt.kcap; });

	/* no checkpoint between the attachment and its record */
	Cap_space::Hold hold;

	long const error = Foc::l4_error(Foc::l4_rcv_ep_bind_thread(irq, thread.data()->kcap(), 0));
	if (error)
		Genode::raw("caplog: no signals will arrive: attaching the signal semaphore failed with ", error);
	else
		cap_log_irq_attach(irq, gate, 0);
}


Signal_source_client::~Signal_source_client()
{
	addr_t const irq = _sem.data()->kcap();

	Cap_space::Hold hold;

	Foc::l4_irq_detach(irq);
	cap_log_irq_detach(irq);
}


/* With frame pointer, so that debuggers can walk the stack of a waiting thread */
__attribute__((optimize("-fno-omit-frame-pointer"), noinline))
Signal_source_client::Signal Signal_source_client::wait_for_signal()
{
	for (;;) {

		{
			Cap_space::Hold hold;

			/* repeat if the thread was recreated: its monitor submits pending signals again */
			while (!Kernel_entry::wait_for_irq(_sem.data()->kcap()));
		}

		/* invalid if its context was destroyed meanwhile */
		Signal signal = call<Rpc_wait_for_signal>();
		if (signal.imprint())
			return signal;
	}
}
