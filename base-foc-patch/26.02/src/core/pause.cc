/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stop a thread, whatever it does
 *
 * The kernel changes where a thread returns to from the kernel, which then raises
 * an exception for it. There is a way out of the kernel that does not look at
 * this: to a thread that waits, and is woken by an IRQ object, the kernel may switch
 * by a shortcut, which ends with sysret. The thread would execute the kernel's
 * address in user mode, without its stack pointer, and fault there for ever: no
 * answer to that fault brings it back.
 *
 * The kernel takes no shortcut to an alien, a thread whose system calls are
 * exceptions. So a thread is an alien from before it is asked to stop until it
 * raised an exception. As it executes no instruction in between, it makes no
 * system call either.
 *
 * With one exception: the kernel ignores the request while the thread is in an
 * exception, and this ends not with the answer, but when the thread runs. Such a
 * thread is stopped at its next system call or page fault, or if asked for again.
 */
#include <pager.h>
#include <platform_thread.h>

#include <foc/syscall.h>

using namespace Core;
using namespace Foc;


static bool set_alien(l4_cap_idx_t thread, bool on)
{
	l4_thread_control_start();
	l4_thread_control_alien(on);
	return !l4_msgtag_has_error(l4_thread_control_commit(thread));
}


bool Pager_object_exception_state::stop(l4_cap_idx_t thread, bool &ready)
{
	addr_t      ip = ~0UL, sp = ~0UL; /* leave them as they are */
	l4_umword_t flags = in_exception ? 0 : L4_THREAD_EX_REGS_TRIGGER_EXCEPTION;

	if (!in_exception && !alien)
		alien = set_alien(thread, true);

	if (l4_error(l4_thread_ex_regs_ret(thread, &ip, &sp, &flags)))
		return false;

	paused = true;
	ready  = flags & 1;
	if (!in_exception) {
		state.cpu.ip = ip;
		state.cpu.sp = sp;
	}
	return true;
}


void Pager_object_exception_state::stopped(l4_cap_idx_t thread)
{
	if (alien)
		alien = !set_alien(thread, false);
}


/*
 * Base-foc's waits for the exception of a thread that is ready, and may do so for
 * ever: a thread that is about to enter the kernel is ready, and blocks there. Here
 * the thread has the processor for a number of times, after which it is stopped as
 * well, as it cannot execute an instruction; only its registers are not known.
 */
void Platform_thread::pause()
{
	enum { TURNS = 1000 };

	/* the kernel would run one that was never started */
	if (!_pager_obj || _state != RUNNING)
		return;

	l4_cap_idx_t const object = _thread.local.data()->kcap();
	bool               ready  = true;

	for (unsigned n = 0; n < TURNS && ready; n++) {
		{
			Mutex::Guard guard(_pager_obj->state.mutex);

			if (!_pager_obj->state.stop(object, ready) || _pager_obj->state.in_exception)
				return;
		}
		if (ready)
			l4_thread_switch(object);
	}
}
