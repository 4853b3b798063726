/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two words of a thread's UTCB that belong to the base library
 *
 * A restored thread lacks them until the stub has put them back (caplog/stub.h).
 */
#ifndef CAPLOG_UTCB_WORDS_H
#define CAPLOG_UTCB_WORDS_H

#include <base/thread.h>
#include <foc/native_capability.h>

#include <base/internal/cap_map.h>
#include <base/internal/native_utcb.h>

namespace Genode {

	struct Utcb_words
	{
		Foc::l4_umword_t &gate, &object;

		explicit Utcb_words(Foc::l4_thread_regs_t *of)
		:
			gate  (of->user[Foc::UTCB_TCR_BADGE]),
			object(of->user[Foc::UTCB_TCR_THREAD_OBJ])
		{ }

		/* Of the calling thread */
		Utcb_words() : Utcb_words(Foc::l4_utcb_tcr()) { }

		/* Of another thread of this component */
		explicit Utcb_words(Native_utcb const &utcb)
		: Utcb_words(Foc::l4_utcb_tcr_u(utcb.foc_utcb)) { }

		Cap_index *entry() const { return (Cap_index *)gate; }

		void set(Cap_index const *entry, Thread const *thread)
		{
			gate   = (addr_t)entry;
			object = (addr_t)thread;
		}
	};
}

#endif
