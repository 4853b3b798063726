/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a stopped thread, as the stub takes them up (caplog/stub.h) */
#ifndef CAPLOG_FRAME_H
#define CAPLOG_FRAME_H

#include <base/thread_state.h>
#include <caplog/stub.h>

namespace Caplog {

	typedef caplog_resume_x86_64 Resume_frame;

	/* Word of the stub's frame that holds its label argument */
	enum { FRAME_LABEL = 4 };

	inline void fill(Resume_frame &f, Genode::Cpu_state const &s)
	{
		f.r15 = s.r15; f.r14 = s.r14; f.r13 = s.r13; f.r12 = s.r12;
		f.r11 = s.r11; f.r10 = s.r10; f.r9  = s.r9;  f.r8  = s.r8;
		f.rdi = s.rdi; f.rsi = s.rsi; f.rbp = s.rbp; f.rbx = s.rbx;
		f.rdx = s.rdx; f.rcx = s.rcx; f.rax = s.rax;
		f.flags = s.eflags & 0xcd5; /* arithmetic flags and direction */
		f.sp    = s.sp;
	}
}

#endif
