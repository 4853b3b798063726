/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a stopped thread, as the stub takes them up (caplog/stub.h) */
#ifndef CAPLOG_FRAME_H
#define CAPLOG_FRAME_H

#include <base/thread_state.h>
#include <caplog/stub.h>

namespace Caplog {

	typedef caplog_resume_x86_32 Resume_frame;

	/* Word of the stub's frame that holds its label argument */
	enum { FRAME_LABEL = 11 };

	inline void fill(Resume_frame &f, Genode::Thread_state const &s)
	{
		f.edi = s.edi; f.esi = s.esi; f.ebp = s.ebp; f.ebx = s.ebx;
		f.edx = s.edx; f.ecx = s.ecx; f.eax = s.eax;
		f.flags = s.eflags & 0xcd5; /* arithmetic flags and direction */
		f.sp    = s.sp;
	}
}

#endif
