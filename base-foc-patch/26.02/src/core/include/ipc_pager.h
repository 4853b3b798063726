/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The message that core's pager thread received last, and its answer
 *
 * Takes the place of base-foc's header of this name, whose sources remain in use.
 * The registers in it are those of the last exception of any thread, so the
 * pager keeps them with the thread, and puts them back before it answers.
 */
#ifndef CAPLOG_IPC_PAGER_H
#define CAPLOG_IPC_PAGER_H

#include <foc/native_capability.h>
#include <foc/thread_state.h>

#include <mapping.h>

namespace Core { class Ipc_pager; }


class Core::Ipc_pager : public Native_capability
{
	public:

		/* PAUSE: an exception that core asked for */
		enum Msg_type { PAGEFAULT, WAKE_UP, PAUSE, EXCEPTION };

	private:

		enum { SYSTEM_CALL = 253 }; /* number of an exception, on x86 */

		struct Last { Foc::l4_cap_idx_t kcap; };

		unsigned long      _badge;           /* of the gate that it came through  */
		Msg_type           _type { PAGEFAULT };
		Foc::l4_msgtag_t   _tag  { };
		Foc::l4_exc_regs_t _regs { };        /* received, or to be sent           */
		addr_t             _pf_addr { 0 };   /* with the kind of access, low bits */
		addr_t             _pf_ip   { 0 };
		Mapping            _reply_mapping { };
		Last               _last { };        /* to whom the answer goes           */

		void _parse(unsigned long label);
		void _parse_msg_type();
		void _parse_exception();
		void _parse_pagefault();

	public:

		Ipc_pager();

		void wait_for_fault();
		void reply_and_wait_for_fault();

		/* Answers without a mapping */
		void acknowledge_wakeup();
		void acknowledge_exception();

		unsigned long badge()     { return _badge; }
		Msg_type      msg_type()  { return _type; }
		bool          exception() const { return _type == EXCEPTION; }

		addr_t fault_ip()         { return _pf_ip; }
		addr_t fault_addr()       { return _pf_addr & ~7UL; }
		bool   write_fault() const { return _pf_addr & 2; }
		bool   exec_fault()  const;

		void set_reply_mapping(Mapping mapping) { _reply_mapping = mapping; }

		Last last() const              { return _last; }
		void set_reply_dst(Last to)    { _last = to; }

		/* From and to the last exception's registers, those that Thread_state has */
		void get_regs(Foc_thread_state &) const;
		void set_regs(Foc_thread_state const &);

		/*
		 * Correct what Genode's parser takes for a wake-up: an exception by a page
		 * fault, which is one that the kernel does not report as a page fault. To be
		 * called before anything else uses the UTCB.
		 */
		void complete()
		{
			if (_type != WAKE_UP || !Foc::l4_msgtag_is_exception(_tag))
				return;
			_regs = *Foc::l4_utcb_exc();
			_type = EXCEPTION;
		}

		/* Exceptions of an alien: by a page fault, and by a system call before it is executed */
		bool by_page_fault()  const { return Foc::l4_utcb_exc_is_pf(&_regs); }
		bool by_system_call() const { return Foc::l4_utcb_exc_typeval(&_regs) == SYSTEM_CALL; }

		/* All of them */
		Foc::l4_exc_regs_t const &registers() const              { return _regs; }
		void                      registers(Foc::l4_exc_regs_t const &all) { _regs = all; }
};

#endif
