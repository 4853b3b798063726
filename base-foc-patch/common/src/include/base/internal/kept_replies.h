/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exactly once: what an entrypoint knows of the request that it serves, and
 * replies whose callers ask again (caplog/call.h, caplog/kept.h)
 */
#ifndef CAPLOG_KEPT_REPLIES_H
#define CAPLOG_KEPT_REPLIES_H

#include <base/ipc.h>

#include <base/internal/cap_space.h>
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

	/* Of all entrypoints of the component; the caller of both functions holds */
	struct Kept_replies
	{
		caplog_kept table { };

		void keep(Served_request const &, Rpc_exception_code answer, Msgbuf_base &);

		/* Is there an answer to the request already? */
		bool take(Served_request const &request, Rpc_exception_code &answer, Msgbuf_base &reply)
		{
			return (request.again || table.used) && _take(request, answer, reply);
		}

		/* Forget all, after a fork */
		void clear() { table = caplog_kept(); }

		private:

			bool _take(Served_request const &, Rpc_exception_code &, Msgbuf_base &);
	};

	extern Kept_replies kept_replies;
}

#endif
