/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies that wait for their callers
 */
#include <base/log.h>

#include <base/internal/cap_map.h>
#include <base/internal/kept_replies.h>

using namespace Genode;

Kept_replies Genode::kept_replies { };


static Cap_index &entry_of(unsigned slot) { return *(Cap_index *)cap_space.data(slot); }


void Kept_replies::_fill(uint32_t place, Rpc_exception_code answer, Msgbuf_base &from)
{
	Kept_memory::Reply &reply = _memory->reply[place];

	/* of the one before */
	_drop_caps(place);

	reply.answer = answer.value;
	reply.caps   = min(from.used_caps(), (size_t)CAPS);
	for (unsigned i = 0; i < reply.caps && i < CAPS; i++) {
		Native_capability const &cap = from.cap(i);
		if (!cap.data())
			continue;
		_slot[place][i] = uint16_t(cap_space.slot(cap.data()));
		entry_of(_slot[place][i]).inc();
	}

	unsigned const words = unsigned(min(from.data_size()/sizeof(long), (size_t)Kept_memory::WORDS));
	for (unsigned i = 0; i < words; i++)
		reply.word[i] = from.word(i);
	reply.words = words;
}


void Kept_replies::_drop_caps(uint32_t place)
{
	for (unsigned i = 0; i < CAPS; i++) {
		if (_slot[place][i])
			entry_of(_slot[place][i]).dec();
		_slot[place][i] = 0;
	}
}


void Kept_replies::_drop(uint32_t place)
{
	_drop_caps(place);
	_locked([&] (caplog_kept &k) { caplog_kept_free(&k, place); return 0; });
}


void Kept_replies::keep(Served_request const &request, Rpc_exception_code answer,
                        Msgbuf_base &reply)
{
	if (!request.call || !_memory)
		return;

	caplog_kept_was was = CAPLOG_KEPT_FREE;
	uint32_t const place = _locked([&] (caplog_kept &k) {
		return caplog_kept_place(&k, request.call, &was); });

	if (place == CAPLOG_NONE || was == CAPLOG_KEPT_UNASKED)
		raw("caplog: more than ", (unsigned)CAPLOG_KEPT, " replies wait for callers that were "
		    "restored: the oldest is lost, and its call is served again");
	if (place == CAPLOG_NONE)
		return;

	_fill(place, answer, reply);
	_locked([&] (caplog_kept &k) { caplog_kept_put(&k, place); return 0; });
}


bool Kept_replies::_take(Served_request const &request, Rpc_exception_code &answer,
                         Msgbuf_base &to)
{
	if (!request.call)
		return false;

	/* who makes a new call does not wait for the reply to an earlier one */
	uint32_t const stale = _locked([&] (caplog_kept &k) {
		return caplog_kept_stale(&k, request.call); });
	if (stale != CAPLOG_NONE)
		_drop(stale);

	uint32_t const place = !request.again ? CAPLOG_NONE : _locked([&] (caplog_kept &k) {
		return caplog_kept_take(&k, request.call); });
	if (place == CAPLOG_NONE)
		return false;

	/* the numbers once, since others may write them */
	Kept_memory::Reply const &reply = _memory->reply[place];
	size_t const words = min(*(unsigned long const volatile *)&reply.words,
	                         (unsigned long)Kept_memory::WORDS);
	size_t const caps  = min(*(unsigned long const volatile *)&reply.caps, (unsigned long)CAPS);

	to.reset();
	for (unsigned i = 0; i < words; i++)
		to.word(i) = reply.word[i];
	to.data_size(words*sizeof(long));
	for (unsigned i = 0; i < caps; i++)
		to.insert(_slot[place][i] ? cap_of(&entry_of(_slot[place][i]))
		                          : Native_capability());
	answer = Rpc_exception_code(int(reply.answer));
	_drop(place);
	return true;
}
