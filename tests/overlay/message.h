/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to core and the parent, and who serves them */
#ifndef OVERLAY_MESSAGE_H
#define OVERLAY_MESSAGE_H

#include "platform.h"
#include "rpc.h"

#include <base/internal/native_utcb.h>
#include <foc/syscall.h>
#include <foc/native_capability.h>

#include <caplog/call.h>

using namespace Foc;

enum { MAX_OBJECTS = 8192, DONE = 0, OUT_OF_METADATA = -1000, FAILED = -1001 };

struct Message
{
	hk_message   &m;
	unsigned long arg[HK_WORDS] = { };
	unsigned      args;
	unsigned      caps = 0; /* of the reply */

	Message(hk_message &message, uint64_t label, uint64_t tag) : m(message)
	{
		unsigned const n = m.mr[1];

		/* a word of the number, which is none of the data */
		if (sizeof(long) == 4 && (tag & CAPLOG_CALL_NUMBERED) && (tag & CAPLOG_CALL_REST))
			m.words--;

		/* the base library says whom it calls, as servers check */
		check(m.words >= 2 + n);
		check(m.mr[0] == label);
		args = m.words - 2 - n;
		for (unsigned i = 0; i < args; i++)
			arg[i] = m.mr[2 + n + i];
	}

	hk_object *cap(unsigned i) { return i < m.caps ? m.cap[i] : nullptr; }

	void reply(long code, unsigned words = 0, unsigned long a = 0, unsigned long b = 0,
	           unsigned long c = 0)
	{
		unsigned long const value[] = { a, b, c };

		m.mr[0]  = (unsigned long)code;
		m.mr[1]  = caps;
		m.words  = 2 + caps + words;
		for (unsigned i = 0; i < words; i++)
			m.mr[2 + caps + i] = value[i];
	}

	/* An object under a badge; no object: an invalid capability */
	void add(hk_object *o, unsigned badge)
	{
		m.mr[2 + caps++] = o ? badge : ~0UL;
		if (o)
			m.cap[m.caps++] = o;
	}

	void reply_cap(hk_object *o)
	{
		m.caps = 0;
		add(o, o ? core_badge(o) : 0);
		reply(DONE);
	}
};

typedef void Serve(hk_thread *caller, unsigned arg, Message &m);

struct Service { Serve *serve; unsigned arg; };

/* \return badge of a new object, which `serve` answers for */
unsigned core_service(Serve *serve, unsigned arg = 0, unsigned badge = 0);

/* The lowest badge that is free; an object gets it; the object is gone and its badge free */
unsigned core_new_badge();
unsigned core_enter(unsigned badge, hk_object *);
void     core_destroy(hk_object *);

/* The source's, once it was asked for */
extern hk_irq *core_semaphore;

/*
 * core_threads.cc
 */

Serve core_serve_thread, core_serve_cpu;

/* \return badge of the new thread's object */
unsigned core_make_thread();

/* A thread that blocked in the stub continues in a new one, as after a restore */
void core_remake_thread(unsigned i);

#endif
