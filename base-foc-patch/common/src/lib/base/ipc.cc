/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Genode's RPC on Fiasco.OC
 *
 * A message is: protocol word (badge of the called object, or exception code
 * of a reply), number of capabilities, a badge for each of them, data. An
 * item for each valid capability follows. The label of a request's tag is the
 * number of the call (caplog/call.h); on 32 bit a part of it is a word after the
 * data. Two rules make a checkpoint safe:
 *
 * - A thread holds (Cap_space) while a badge is outside of the cap map: from
 *   the first word of a message to the kernel, and from the kernel until all
 *   capabilities are in the map and the called object is found.
 *
 * - It blocks in Kernel_entry::enter only, and repeats the operation if that
 *   returns "repeat".
 *
 * System calls use the UTCB, and so do operations on capabilities: a message
 * is put into the UTCB after all of them, and taken out before.
 */
#include <base/ipc.h>
#include <base/log.h>
#include <base/thread.h>
#include <foc/native_capability.h>

#include <base/internal/cap_map.h>
#include <base/internal/ipc_server.h>
#include <base/internal/kept_replies.h>
#include <base/internal/kernel_entry.h>
#include <base/internal/native_thread.h>
#include <base/internal/native_utcb.h>
#include <base/internal/release_thread.h>

using namespace Genode;
using namespace Foc;


namespace {

	enum { MAX_CAPS = Msgbuf_base::MAX_CAPS_PER_MSG };

	/* Stands for an invalid capability in a message */
	unsigned long const NO_BADGE = ~0UL;

	struct Carried_cap
	{
		unsigned long badge = NO_BADGE;
		addr_t        kcap  = 0;

		bool valid() const { return badge != NO_BADGE; }
	};

	bool exists(addr_t kcap)
	{
		return l4_msgtag_label(l4_task_cap_valid(L4_BASE_TASK_CAP, kcap)) != 0;
	}

	enum { NARROW = sizeof(long) == 4 };

	/* The number that a message has in its label, and the word after its data; 0: none */
	struct Number
	{
		::uint64_t call;
		bool       again;

		long label(l4_umword_t *word, bool &has_word) const
		{
			if (!NARROW)
				return (long)caplog_label_64(call, again);

			::uint32_t rest  = 0;
			long const label = (long)caplog_label_32(call, again, has_word ? &rest : nullptr);

			has_word = has_word && label;
			if (has_word)
				*word = rest;
			return label;
		}
	};

	/*
	 * Put a message into the UTCB
	 *
	 * A capability whose object was destroyed is sent as an invalid one.
	 *
	 * \return  tag with an error if the message is too long
	 */
	l4_msgtag_t put_message(Msgbuf_base &msg, unsigned long protocol, Number const number)
	{
		Carried_cap    cap[MAX_CAPS];
		unsigned const caps  = unsigned(msg.used_caps());
		unsigned const words = unsigned(msg.data_size()/sizeof(l4_umword_t));
		unsigned       size  = 2 + caps + words;
		unsigned       items = 0;

		for (unsigned i = 0; i < caps; i++) {
			Native_capability &c = msg.cap(i);
			if (!c.valid())
				continue;
			if (!exists(c.data()->kcap())) {
				c = Native_capability();
				continue;
			}
			cap[i].kcap  = c.data()->kcap();
			cap[i].badge = (unsigned long)c.local_name();
			items++;
		}

		/* an item has two words */
		if (size + 2*items > L4_UTCB_GENERIC_DATA_SIZE) {
			raw("caplog: RPC message has ", size, " words and ", items, " capabilities, more than fit "
			    "a message: not sent");
			return l4_msgtag(0, 0, 0, L4_MSGTAG_ERROR);
		}

		l4_umword_t *to = l4_utcb_mr()->mr;

		bool       has_word = NARROW && size + 1 + 2*items <= L4_UTCB_GENERIC_DATA_SIZE;
		long const label    = number.label(to + size, has_word);
		if (NARROW && has_word)
			size++;

		l4_umword_t *item = to + size;

		*to++ = protocol;
		*to++ = caps;
		for (unsigned i = 0; i < caps; i++) {
			*to++ = cap[i].badge;
			if (!cap[i].valid())
				continue;
			*item++ = L4_ITEM_MAP;
			*item++ = l4_obj_fpage(cap[i].kcap, 0, L4_FPAGE_RWX).raw;
		}
		for (unsigned i = 0; i < words; i++)
			*to++ = msg.word(i);

		return l4_msgtag(label, size, items, 0);
	}

	/* What the caller takes for an error, in the place of a reply */
	l4_msgtag_t put_refusal()
	{
		l4_utcb_mr()->mr[0] = (l4_umword_t)(long)REFUSED;
		l4_utcb_mr()->mr[1] = 0;
		return l4_msgtag(0, 2, 0, 0);
	}

	/* Number of a received request; the word after its data is none of its data */
	caplog_call take_number(l4_msgtag_t &tag)
	{
		if (!NARROW)
			return caplog_call_64((::uint64_t)l4_msgtag_label(tag));

		::uint32_t const label = (::uint32_t)l4_msgtag_label(tag);
		unsigned   const words = l4_msgtag_words(tag);
		bool       const rest  = (label & CAPLOG_CALL_NUMBERED) && (label & CAPLOG_CALL_REST) && words;

		if (rest)
			tag.raw--; /* a word less */
		return caplog_call_32(label, rest ? (::uint32_t)l4_utcb_mr()->mr[words - 1] : 0);
	}

	/*
	 * Take a message out of the UTCB
	 *
	 * \return  protocol word
	 */
	unsigned long take_message(l4_msgtag_t tag, Receive_window &window, Msgbuf_base &msg)
	{
		l4_umword_t const *from = l4_utcb_mr()->mr;
		unsigned           left = l4_msgtag_words(tag);
		unsigned const    items = l4_msgtag_items(tag);

		if (left < 2)
			return 0;

		unsigned long const protocol = *from++;
		unsigned const      caps     = unsigned(min(*from++, (l4_umword_t)MAX_CAPS));
		Carried_cap         cap[MAX_CAPS];

		left -= 2;
		if (left < caps) {
			raw("caplog: RPC message ends before its ", caps, " badges: treated as empty");
			return 0;
		}

		unsigned item = 0;
		for (unsigned i = 0; i < caps; i++) {
			unsigned long const badge = *from++;
			if (badge == NO_BADGE)
				continue;
			if (item == items) {
				raw("caplog: RPC message has ", caps, " badges but ", items, " capabilities: "
				    "the rest arrives as invalid");
				from += caps - i - 1;
				break;
			}
			cap[i].badge = badge;
			cap[i].kcap  = window.rcv_cap_sel(item++);
		}
		left -= caps;

		unsigned const room = unsigned(msg.capacity()/sizeof(l4_umword_t));
		if (left > room) {
			raw("caplog: RPC message has ", left, " words, its receiver's buffer ", room, ": cut");
			left = room;
		}
		for (unsigned i = 0; i < left; i++)
			msg.word(i) = from[i];
		msg.data_size(left*sizeof(l4_umword_t));

		/* the UTCB is not needed any more */
		for (unsigned i = 0; i < caps; i++) {
			if (cap[i].valid())
				msg.insert(the(cap_map()).insert_map(cap[i].badge, cap[i].kcap));
			else
				msg.insert(Native_capability());
		}
		return protocol;
	}

	/* Where the kernel may put received capabilities */
	void open_window(Receive_window &window)
	{
		l4_buf_regs_t &buffers = *l4_utcb_br();
		addr_t const     first = window.rcv_cap_sel(0) | L4_RCV_ITEM_SINGLE_CAP;

		for (unsigned i = 0; i < MAX_CAPS; i++)
			buffers.br[i] = first + Cap_space::kcap_of(i);
		buffers.bdr &= ~L4_BDR_OFFSET_MASK;
	}

	void print_error(l4_msgtag_t tag)
	{
		raw("caplog: RPC failed with IPC error ", Hex(l4_ipc_error(tag, l4_utcb())));
	}
}


/************
 ** Client **
 ************/

Rpc_exception_code Genode::ipc_call(Native_capability dst, Msgbuf_base &snd_msg,
                                    Msgbuf_base &rcv_msg, size_t)
{
	if (!dst.valid())
		call_failed();

	Receive_window window;
	window.init();
	rcv_msg.reset();

	cap_space.pause();

	l4_msgtag_t tag;
	bool        fits;
	{
		Cap_space::Hold hold;
		Number          number { cap_space.next_call(hold.holder), false };

		do {
			tag  = put_message(snd_msg, (unsigned long)dst.local_name(), number);
			fits = !l4_msgtag_has_error(tag);
			if (fits) {
				open_window(window);
				tag = Kernel_entry::enter(hold.holder, dst.data()->kcap() | L4_SYSF_CALL, tag,
				                          L4_IPC_NEVER);
			}
			number.again = true;
		} while (fits && Kernel_entry::again(tag));

		if (!l4_msgtag_has_error(tag))
			return Rpc_exception_code((int)take_message(tag, window, rcv_msg));
	}

	/* the failure may last for ever: a checkpoint does not wait for it */
	if (fits && l4_ipc_error(tag, l4_utcb()) == L4_IPC_RECANCELED)
		call_cancelled();
	if (fits)
		print_error(tag);
	call_failed();
}


/************
 ** Server **
 ************/

void Genode::ipc_reply(Native_capability, Rpc_exception_code exc, Msgbuf_base &snd_msg)
{
	Cap_space::Hold hold;

	l4_msgtag_t tag = put_message(snd_msg, (unsigned long)exc.value, Number());
	if (l4_msgtag_has_error(tag))
		tag = put_refusal();

	/* no stub is needed, as this does not block */
	tag = l4_ipc_send(L4_SYSF_REPLY, l4_utcb(), tag, L4_IPC_SEND_TIMEOUT_0);
	if (l4_msgtag_has_error(tag))
		print_error(tag);
}


/*
 * The caller holds before and after: the badge in the request is outside of the
 * map until the caller has found the object.
 */
void Genode::ipc_reply_wait(Rpc_exception_code exc, Msgbuf_base &reply_msg,
                            Msgbuf_base &request_msg, Served_request &request)
{
	enum { NO_REPLY = Rpc_exception_code::INVALID_OBJECT };

	unsigned long const NOBODY = (unsigned long)L4_INVALID_CAP;

	Receive_window &window = native_thread_of(*Thread::myself())->rcv_window;
	uint32_t       &holder = cap_space.holder();

	/* a reply is sent once, even if it does not arrive */
	enum { NOTHING, REPLY, REFUSAL } send = exc.value == NO_REPLY ? NOTHING : REPLY;

	for (;;) {

		unsigned long label = 0;
		l4_msgtag_t   tag   = l4_msgtag(0, 0, 0, 0);

		request_msg.reset();
		if (send == REPLY)
			tag = put_message(reply_msg, (unsigned long)exc.value, Number());
		if (send == REFUSAL || l4_msgtag_has_error(tag))
			tag = put_refusal();
		open_window(window);

		tag = send  ? Kernel_entry::enter(holder, NOBODY | L4_SYSF_REPLY_AND_WAIT, tag,
		                                  L4_IPC_SEND_TIMEOUT_0, &label)
		            : Kernel_entry::enter(holder, NOBODY | L4_SYSF_WAIT, tag,
		                                  L4_IPC_NEVER, &label);
		send = NOTHING;

		if (Kernel_entry::again(tag) || l4_msgtag_has_error(tag))
			continue;

		caplog_call const number = take_number(tag);

		request.call  = number.call;
		request.again = number.again;
		request.epoch = cap_space.map.epoch;
		request.badge = take_message(tag, window, request_msg);

		/* the kernel sets the label; its low bits are the sender's rights */
		if (request.badge == (label & ~3UL))
			return;

		raw("caplog: RPC request refused: it names badge ", request.badge, ", but came through the gate "
		    "with label ", label & ~3UL);
		send = REFUSAL;
	}
}


Ipc_server::Ipc_server()
:
	Native_capability(cap_of((Cap_index *)l4_utcb_tcr()->user[UTCB_TCR_BADGE]))
{
	/* for requests, as long as the thread exists */
	native_thread_of(*Thread::myself())->rcv_window.init();
}


Ipc_server::~Ipc_server() { }


/********************
 ** Receive_window **
 ********************/

/*
 * A window is slots without entries: what arrives there is moved to a slot of
 * its own
 */

Receive_window::~Receive_window()
{
	if (!_rcv_idx_base)
		return;

	Cap_space::Guard guard;
	caplog_map_free(&cap_space.map, cap_space.slot(_rcv_idx_base), MAX_CAPS_PER_MSG);
}


void Receive_window::init()
{
	static_assert((unsigned)MAX_CAPS_PER_MSG == CAPLOG_WINDOW, "window");

	uint32_t slot;
	{
		Cap_space::Guard guard;
		slot = caplog_map_alloc(&cap_space.map, MAX_CAPS_PER_MSG);
	}
	if (slot == CAPLOG_NONE) {
		raw("caplog: RPC not possible: out of capability slots for a receive window");
		call_failed();
	}
	_rcv_idx_base = (Cap_index *)cap_space.data(slot);
}


/* Where the n-th capability of a message arrives */
addr_t Receive_window::rcv_cap_sel(unsigned n)
{
	return Cap_space::kcap_of(cap_space.slot(_rcv_idx_base) + n);
}
