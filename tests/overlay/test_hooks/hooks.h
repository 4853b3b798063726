/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the overlay's hooks share
 */
#ifndef TEST_HOOKS_H
#define TEST_HOOKS_H

#include "library.h"
#include "t_space.h"
#include "variant.h"

#include <base/internal/cap_log.h>
#include <base/internal/native_thread.h>
#include <foc/native_capability.h>

#include <caplog/reader.h>

using namespace Genode;
using namespace Overlay;
using Foc::L4_CAP_SHIFT;


/* Slots of the first two threads: the main one, and one that a test makes */
enum {
	MAIN_GATE = CAPLOG_OWN(THREAD_BASE),
	GATE      = MAIN_GATE + CAPLOG_OWN(THREAD_STRIDE),
	USER      = CAPLOG_OWN(USER_BASE)
};


/* What the log says, as of the last compare(); its reader */
extern caplog_space  space;
extern caplog_reader reader;

/* By slot: the peer destroyed the object */
extern bool dead[HK_SLOTS];

/* Compare the log with the kernel's object space and with the cap map */
void compare();

/* Begin to read a new log */
void open_log();

/* The main thread has its object: is there a log, as the parent gave it? */
void expect_log();

/* Records in the log; 0 without a log */
::uint64_t records();

/* Kind of a capability's slot by the log, after compare() */
unsigned kind(Native_capability const &);

/* Only where there is a log */
#define check_kind(cap, k) \
	do { unsigned const kind_ = kind(cap); if (logged()) check(kind_ == (k)); } while (0)

static inline bool logged() { return cap_log_writer()->state == CAPLOG_WRITER_ON; }

static inline uint32_t slot(addr_t kcap) { return uint32_t(kcap >> L4_CAP_SHIFT); }

static inline uint32_t slot(Native_capability const &cap) { return slot(cap.data()->kcap()); }

/* Thread of the gate in a slot, or nullptr */
hk_thread *thread_at(uint32_t gate);

/* Does the thread with this index wait for an IRQ? */
static inline bool waits(unsigned i)
{
	return core_thread(i) && core_thread(i)->state == HK_IRQ_WAITING;
}


/* Ask the peer; its answer's first capability */
Native_capability ask(Peer_opcode, unsigned long argument);
Native_capability give(unsigned badge);

/* The peer destroys the object of a badge */
void destroy(unsigned badge);

/* Let other threads run until this is so */
void wait_for(bool (*condition)());

static inline bool fails(void (*call)()) { return Prepared_call(call).fails(); }

struct Worker : Test_thread
{
	void (*work)();

	explicit Worker(void (*f)()) : work(f) { start(); }

	void entry() override { work(); }

	hk_thread *thread() { return thread_at(slot(gate())); }
};


/* Tests, in the order in which they run */
#define HOOK_TESTS(X) \
	X(begin) \
	X(received) X(four) X(stale) X(placed) X(broken) X(exhausted) \
	X(thread) X(lock) X(lock_again) X(lock_queued) X(signal) \
	X(entrypoint) X(forged_badge) X(reply_once) X(busy) X(no_answer) X(tombstone) \
	X(calls) \
	RELEASE_TESTS(X)

#define X(name) void test_##name();
HOOK_TESTS(X)
#undef X

#endif
