/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What core knows of a thread that was stopped or raised an exception
 *
 * Takes the place of base-foc's header of this name, and has one more member:
 * the registers of the thread's last exception. The answer to an exception
 * carries all of them, those too that Thread_state does not have, of which one
 * leads to the thread's UTCB. See pause.cc for how a thread is stopped.
 */
#ifndef CAPLOG_PAGER_OBJECT_EXCEPTION_STATE_H
#define CAPLOG_PAGER_OBJECT_EXCEPTION_STATE_H

#include <base/mutex.h>
#include <foc/syscall.h>
#include <foc/thread_state.h>

namespace Core { struct Pager_object_exception_state; }


struct Core::Pager_object_exception_state
{
	Mutex mutex { };

	unsigned exceptions   = 0;     /* how many there were                     */
	bool     paused       = false; /* asked to stop, and not to resume since  */
	bool     in_exception = false; /* waits for the answer to an exception    */
	bool     alien        = false; /* its system calls are exceptions         */

	Foc_thread_state   state     { }; /* what others may read and write */
	Foc::l4_exc_regs_t registers { }; /* all, as the kernel had them    */

	/*
	 * Have the kernel stop the thread before it executes one more instruction;
	 * with the mutex
	 *
	 * It may be asked for again. Stores where the thread is, unless that is known
	 * from an exception.
	 *
	 * \return  false if the kernel refuses
	 */
	bool stop(Foc::l4_cap_idx_t thread, bool &ready);

	/* It raised an exception: it is an alien no more; with the mutex */
	void stopped(Foc::l4_cap_idx_t thread);
};

#endif
