/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Client of a signal source: core triggers an IRQ object of the component when
 * there is a signal to fetch
 */
#include <base/log.h>
#include <base/thread.h>
#include <signal_source/client.h>

#include <base/internal/cap_log.h>
#include <base/internal/capability_data.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>

using namespace Genode;


Signal_source_client::Signal_source_client(Capability<Signal_source> cap)
:
	Rpc_client<Foc_signal_source>(static_cap_cast<Foc_signal_source>(cap))
{
	_sem = call<Rpc_request_semaphore>();

	addr_t const irq  = _sem.data()->kcap();
	addr_t const gate = Thread::myself()->native_thread().kcap;

	/* no checkpoint between the attachment and its record */
	Cap_space::Hold hold;

	long const error = Fiasco::l4_error(Fiasco::l4_irq_attach(irq, 0, gate));
	if (error)
		Genode::raw("caplog: no signals will arrive: attaching the signal semaphore failed with ", error);
	else
		cap_log_irq_attach(irq, gate, 0);
}


Signal_source_client::~Signal_source_client()
{
	addr_t const irq = _sem.data()->kcap();

	Cap_space::Hold hold;

	Fiasco::l4_irq_detach(irq);
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
