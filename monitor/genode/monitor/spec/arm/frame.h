/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a stopped thread, as the stub takes them up (caplog/stub.h) */
#ifndef CAPLOG_FRAME_H
#define CAPLOG_FRAME_H

#include <base/thread_state.h>
#include <caplog/stub.h>

namespace Caplog {

	typedef caplog_resume_arm Resume_frame;

	/* Word of the stub's frame that holds its label argument */
	enum { FRAME_LABEL = 1 };

	inline void fill(Resume_frame &f, Genode::Thread_state const &s)
	{
		Genode::addr_t const r[13] = { s.r0, s.r1, s.r2, s.r3, s.r4, s.r5, s.r6, s.r7,
		                               s.r8, s.r9, s.r10, s.r11, s.r12 };
		for (unsigned i = 0; i < 13; i++)
			f.r[i] = r[i];
		f.lr   = s.lr;
		f.sp   = s.sp;
		f.cpsr = s.cpsr;
	}
}

#endif
