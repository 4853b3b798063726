/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exactly once: what an entrypoint knows of the request that it serves, and
 * replies whose callers ask again (caplog/call.h, caplog/kept.h)
 */
#ifndef CAPLOG_KEPT_REPLIES_H
#define CAPLOG_KEPT_REPLIES_H

#include <base/ipc.h>
#include <foc/syscall.h>

#include <base/internal/cap_space.h>
#include <base/internal/release.h>
#include <caplog/kept.h>

namespace Genode {

	struct Served_request
	{
		unsigned long badge = 0;  /* of the called object                         */
		::uint64_t    call  = 0;  /* 0: the caller is in no group of a monitor    */
		::uint32_t    epoch = 0;  /* of the cap map when the request came         */
		bool          again = false; /* the caller may have sent it before        */

		/* Whoever waits for the reply repeats the call: the kernel forgot that it waits */
		bool caller_lost() const { return epoch != cap_space.map.epoch; }
	};

	/*
	 * Send an answer, wait for the next request; the caller holds before and after
	 *
	 * The thread that it is repeated in after a restore has sent the answer.
	 */
	void ipc_reply_wait(Rpc_exception_code answer, Msgbuf_base &reply, Msgbuf_base &request_msg,
	                    Served_request &request);

	/*
	 * Memory for the replies, which others may write: what is read from it leads
	 * to no other memory
	 */
	struct Kept_memory
	{
		/* no message has more: protocol word and number of capabilities come first */
		enum { WORDS = Foc::L4_UTCB_GENERIC_DATA_SIZE - 2 };

		struct Reply
		{
			long          answer;
			unsigned long caps, words;
			unsigned long word[WORDS];
		};

		caplog_kept table;
		Reply       reply[CAPLOG_KEPT];
	};

	/* Of all entrypoints of the component; the caller of 'keep' and 'take' holds */
	class Kept_replies
	{
		private:

			enum { CAPS = Msgbuf_base::MAX_CAPS_PER_MSG };

			Kept_memory *_memory;                   /* nullptr: no call has a number     */
			uint16_t     _slot[CAPLOG_KEPT][CAPS];  /* of their capabilities; 0: invalid */

			void _fill(uint32_t place, Rpc_exception_code, Msgbuf_base &);
			void _drop_caps(uint32_t place);
			void _drop(uint32_t place);
			bool _take(Served_request const &, Rpc_exception_code &, Msgbuf_base &);

			template <typename FN> uint32_t _locked(FN const &fn)
			{
				Cap_space::Guard guard;
				return fn(_memory->table);
			}

		public:

			/* Keep replies there from now on */
			void begin(Kept_memory &memory)
			{
				memory.table = caplog_kept();
				_memory      = &memory;
			}

			void keep(Served_request const &, Rpc_exception_code answer, Msgbuf_base &);

			/* Is there an answer to the request already? */
			bool take(Served_request const &request, Rpc_exception_code &answer, Msgbuf_base &reply)
			{
				return _memory && (request.again || count()) && _take(request, answer, reply);
			}

			/* Replies that are kept */
			unsigned count() const { return _memory ? _memory->table.used : 0; }

			/* Forget all, after a fork */
			void clear()
			{
				_memory = nullptr;
				zero(_slot, sizeof(_slot));
			}
	};

	extern Kept_replies kept_replies;
}

#endif
