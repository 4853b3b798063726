/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * left and right: each sends packets to the other through memory of its own
 * that both have attached, and both signal each other. The sender of a stream
 * owns its memory: a page with the ring, a page with the packets. A receiver
 * that got all packets of a stream asks for the next one. Its sender frees the
 * memory of the one before, which the receiver still has attached at a place.
 */
#include "scenario.h"

enum { PACKETS = 5, STREAMS = 3, ROOM = 2, WORDS = 2, CONTEXT_IN = 0, CONTEXT_OUT = 1 };

/* Places of streams: out by turns, in, its packets once more, and those that are never detached */
enum { PAGES = 2, OUT = 0, IN = 4, IN_PACKETS = 7, LEFT_BEHIND = 9 };

static uint64_t place(uint64_t page) { return HK_HEAP + page * HK_PAGE; }

/* Offsets in the stream's memory only, and numbers that grow */
struct stream {
	uint64_t sent, received, acknowledged; /* packets */
	uint64_t offset[ROOM];
};

struct ring {
	hb_cap           log, root_at_sibling;
	const char      *sibling;
	struct hb_ep     root_ep;
	struct hb_object root;
	struct hb_thread worker;

	/* what it sends */
	hb_cap   out, next_out, acknowledged, packet_at_sibling;
	uint64_t sent, acks, streams_out;
	int      has_next;

	/* what it receives */
	hb_cap   in, packet, acknowledged_at_sibling;
	uint64_t received, sum, wrong, streams_in;
	int      is_open;
	struct hb_semaphore all_received;
	struct hb_semaphore done;
};

static void yield(void)
{
	struct hk_sys sys = { HK_YIELD, 0, 0, 0, 0 };

	hk_enter(&sys);
}

static void call_pd(uint64_t opcode, uint64_t a, hb_cap cap)
{
	struct hb_msg const m = { 2, cap != HB_NO_CAP, { opcode, a }, { cap } };

	hb_call(HB->pd, &m, NULL);
}

static long attach(hb_cap ds, uint64_t page, uint64_t offset, uint64_t size)
{
	struct hb_msg const m = { 4, 1, { HS_ATTACH, place(page), offset, size }, { ds } };
	struct hb_msg rcv;

	return hb_call(HB->pd, &m, &rcv) || !rcv.words ? -1 : (long)rcv.w[0];
}

static void detach(uint64_t page) { call_pd(HS_DETACH, place(page), HB_NO_CAP); }

static struct stream *stream(uint64_t page) { return (struct stream *)(uintptr_t)place(page); }

/* Where the packets of a stream lie, which has its second page at this place */
static uint64_t *packet(const struct stream *s, uint64_t n, uint64_t page)
{
	return (uint64_t *)(uintptr_t)(place(page) + s->offset[n % ROOM] - HK_PAGE);
}

static uint64_t word_of(uint64_t n, uint64_t w) { return (n + 1) * 1000 + w; }


/*
 * Sender
 */

static uint64_t place_out(const struct ring *c) { return OUT + c->streams_out % 2 * PAGES; }

static void send_one(struct ring *c, struct stream *s)
{
	uint64_t const n = s->sent;
	uint64_t *to;

	s->offset[n % ROOM] = HK_PAGE + n % ROOM * WORDS * sizeof *to;
	to = packet(s, n, place_out(c) + 1);
	for (uint64_t w = 0; w < WORDS; w++) {
		to[w] = word_of(c->sent, w);
		yield();
	}
	c->sent++;
	s->sent = n + 1;
	yield();
	hs_submit(c->packet_at_sibling);
}

/* The receiver asked for one, and has got all of the one before */
static void next_stream(struct ring *c)
{
	if (c->streams_out) {
		detach(place_out(c));
		call_pd(HS_RAM_FREE, 0, c->out);
		hb_drop(c->out);
	}
	c->streams_out++;
	c->out = c->next_out;
	c->has_next = 0;
	c->wrong += attach(c->out, place_out(c), 0, 0) != 0;
}

static void handle_acknowledged(uint64_t number)
{
	struct ring *c = APP(ring);

	(void)number;
	for (int again = 1; again;) {
		struct stream *s = stream(place_out(c));

		while (c->streams_out && s->acknowledged < s->received) {
			s->acknowledged++;
			c->acks++;
		}
		while (c->streams_out && s->sent < PACKETS && s->sent - s->acknowledged < ROOM)
			send_one(c, s);
		again = c->has_next && (!c->streams_out || s->acknowledged == PACKETS);
		if (again)
			next_stream(c);
	}
	if (c->acks == PACKETS * STREAMS)
		hb_up(&c->done);
}

static void serve_root(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out)
{
	struct ring *c = o->ctx;

	if (!c->streams_out)
		c->packet_at_sibling = hb_copy(in->cap[0]);
	c->next_out = hb_invoke_cap(HB->pd, HS_RAM_ALLOC, PAGES, 0, HB_NO_CAP);
	c->has_next = 1;
	out->words = 1;
	out->w[0] = 0;
	out->caps = 2;
	out->cap[0] = hb_copy(c->next_out);
	out->cap[1] = hb_copy(c->acknowledged);
}


/*
 * Receiver
 */

static void receive_one(struct ring *c, struct stream *s)
{
	static const uint64_t places[] = { IN + 1, IN_PACKETS, LEFT_BEHIND };
	const uint64_t *from;

	/* the sender freed what was there before it sent anything, so the place is free */
	if (!s->received)
		c->wrong += attach(c->in, LEFT_BEHIND, HK_PAGE, HK_PAGE) != 0;
	from = packet(s, s->received, places[c->received % 3]);
	for (uint64_t w = 0; w < WORDS; w++) {
		c->wrong += from[w] != word_of(c->received, w);
		c->sum += from[w];
		yield();
	}
	c->received++;
	s->received++;
	yield();
	hs_submit(c->acknowledged_at_sibling);
}

static void handle_packet(uint64_t number)
{
	struct ring *c = APP(ring);
	struct stream *s = stream(IN);

	(void)number;
	while (c->is_open && s->received < s->sent) {
		receive_one(c, s);
		if (s->received == PACKETS) {
			c->is_open = 0;
			hb_up(&c->all_received);
			return; /* the stream is not there any more */
		}
	}
}

static void open_stream(struct ring *c)
{
	struct hb_msg const snd = { 1, 1, { OPEN }, { c->packet } };
	struct hb_msg rcv;

	c->wrong += hb_call(c->root_at_sibling, &snd, &rcv) || rcv.caps != 2;
	c->in = rcv.cap[0];
	if (c->streams_in++)
		hb_drop(rcv.cap[1]);
	else
		c->acknowledged_at_sibling = rcv.cap[1];
	c->wrong += attach(c->in, IN_PACKETS, HK_PAGE, 0) != 0;
	c->wrong += attach(c->in, IN, 0, 0) != 0;
	c->wrong += attach(c->in, IN + 1, 0, 0) == 0; /* there is something */
	c->wrong += attach(c->in, 20, 0, (PAGES + 1) * HK_PAGE) == 0; /* more than there is */
	c->is_open = 1;
	hs_submit(c->packet);
	hs_submit(c->acknowledged_at_sibling);
}

/* An attachment stays, and so does the capability in one case */
static void close_stream(struct ring *c)
{
	detach(IN_PACKETS);
	detach(IN);
	if (c->streams_in != STREAMS)
		hb_drop(c->in);
}

static void ring_work(void *arg)
{
	struct ring *c = arg;

	while ((c->root_at_sibling = hb_session(c->sibling)) == HB_NO_CAP)
		;
	for (int i = 0; i < STREAMS; i++) {
		open_stream(c);
		hb_down(&c->all_received);
		close_stream(c);
	}
	hb_down(&c->done);
	hb_log(c->log, "sent %d, acknowledged %d, received %d, sum %d, wrong %d", (int)c->sent,
	       (int)c->acks, (int)c->received, (int)c->sum, (int)c->wrong);
	hs_leave((int)c->wrong);
}

static void construct(const char *name, const char *sibling)
{
	struct ring *c = APP(ring);

	c->sibling = sibling;
	c->log = hb_session("LOG");
	c->packet = hb_signal(CONTEXT_IN, handle_packet);
	c->acknowledged = hb_signal(CONTEXT_OUT, handle_acknowledged);
	hb_ep_start(&c->root_ep);
	hb_manage(&c->root_ep, &c->root, serve_root, c);
	hb_announce(name, c->root.cap);
	hb_thread_start(&c->worker, ring_work, c);
}

static void left_construct(void)  { construct("left", "right"); }
static void right_construct(void) { construct("right", "left"); }

HOSTED_SCENARIO(ring, 0, { "left", left_construct }, { "right", right_construct });
