/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies that wait for their callers, in static memory
 */
#include <base/log.h>
#include <foc/syscall.h>
#include <util/construct_at.h>

#include <base/internal/cap_space.h>
#include <base/internal/capability_data.h>
#include <base/internal/kept_replies.h>


using namespace Genode;

Kept_replies Genode::kept_replies { };


namespace {

	struct Reply
	{
		/* no message has more: protocol word and number of capabilities come first */
		enum { CAPS = Msgbuf_base::MAX_CAPS_PER_MSG, WORDS = Foc::L4_UTCB_GENERIC_DATA_SIZE - 2 };

		Native_capability  cap[CAPS] { };
		Rpc_exception_code answer;
		unsigned           caps, words;
		unsigned long      word[WORDS];

		Reply(Rpc_exception_code answer, Msgbuf_base &from)
		:
			answer(answer), caps(unsigned(from.used_caps())),
			words(unsigned(min(from.data_size()/sizeof(word[0]), (size_t)WORDS))), word()
		{
			for (unsigned i = 0; i < caps; i++)
				cap[i] = from.cap(i);
			for (unsigned i = 0; i < words; i++)
				word[i] = from.word(i);
		}

		void put(Msgbuf_base &to) const
		{
			to.reset();
			for (unsigned i = 0; i < words; i++)
				to.word(i) = word[i];
			to.data_size(words*sizeof(word[0]));
			for (unsigned i = 0; i < caps; i++)
				to.insert(cap[i]);
		}
	};

	/* Constructed while a reply is kept there */
	alignas(Reply) unsigned char place_of[CAPLOG_KEPT][sizeof(Reply)];

	Reply &reply_at(uint32_t place) { return *(Reply *)place_of[place]; }

	template <typename FN>
	uint32_t locked(FN const &fn)
	{
		Cap_space::Guard guard;
		return fn(kept_replies.table);
	}

	void drop(uint32_t place)
	{
		reply_at(place).~Reply();
		locked([&] (caplog_kept &k) { caplog_kept_free(&k, place); return 0; });
	}
}


void Kept_replies::keep(Served_request const &request, Rpc_exception_code answer,
                        Msgbuf_base &reply)
{
	if (!request.call)
		return;

	caplog_kept_was was = CAPLOG_KEPT_FREE;
	uint32_t const place = locked([&] (caplog_kept &k) {
		return caplog_kept_place(&k, request.call, &was); });

	if (place == CAPLOG_NONE || was == CAPLOG_KEPT_UNASKED)
		raw("caplog: more than ", (unsigned)CAPLOG_KEPT, " replies wait for callers that were "
		    "restored: the oldest is lost, and its call is served again");
	if (place == CAPLOG_NONE)
		return;

	if (was != CAPLOG_KEPT_FREE)
		reply_at(place).~Reply();
	construct_at<Reply>(place_of[place], answer, reply);
	locked([&] (caplog_kept &k) { caplog_kept_put(&k, place); return 0; });
}


bool Kept_replies::_take(Served_request const &request, Rpc_exception_code &answer,
                         Msgbuf_base &reply)
{
	if (!request.call)
		return false;

	/* who makes a new call does not wait for the reply to an earlier one */
	uint32_t const stale = locked([&] (caplog_kept &k) {
		return caplog_kept_stale(&k, request.call); });
	if (stale != CAPLOG_NONE)
		drop(stale);

	uint32_t const place = !request.again ? CAPLOG_NONE : locked([&] (caplog_kept &k) {
		return caplog_kept_take(&k, request.call); });
	if (place == CAPLOG_NONE)
		return false;

	reply_at(place).put(reply);
	answer = reply_at(place).answer;
	drop(place);
	return true;
}
