/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stopping components where each thread can be made anew (caplog/stub.h)
 */
#include <base/log.h>

#include <caplog/diag.h>
#include "frame.h"
#include "platform.h"

namespace Fiasco {
#include <l4/sys/thread.h>
}

namespace Caplog {

typedef Foc_native_pd::Stopped Stopped;

enum { EBUSY = -16, EINVAL = -22 };

enum {
	TRIES         = 200,  /* to find all components at rest                  */
	PATIENT_TRIES = 50,   /* of them, for servers to have answered           */
	YIELDS        = 8     /* tries after which threads get a millisecond     */
};


void Pinger::entry()
{
	for (;;) {
		_go.down();
		for (unsigned i = 0; i < _count; i++)
			_targets[i]->ping_cap.call<Target::Ping::Rpc_ping>();
		_done = true;
	}
}


void Pinger::go(Target * const *targets, unsigned count)
{
	_targets = targets;
	_count   = count;
	_done    = false;
	_go.up();
}


/* Let threads run a little */
void Platform::_run_on(unsigned tries)
{
	if (tries > YIELDS)
		timer.msleep(1);
	else
		Fiasco::l4_thread_yield();
}


template <typename FN>
static void for_each_thread(Target &t, FN const &fn)
{
	for (unsigned i = 0; i < Target::THREADS; i++)
		if (t.threads[i].state != Thread_info::UNUSED && t.threads[i].state != Thread_info::NEW)
			fn(t.threads[i], t.slot_of(i));
}


/* Call core for each thread that was started, while the component may kill some of them */
template <typename FN>
static void for_each_living(Target &t, FN const &fn)
{
	for (unsigned i = 0; i < Target::THREADS; i++) {
		Thread_capability cap;
		bool paused = false;
		{
			Lock::Guard guard(t.threads_lock);
			if (t.threads[i].state != Thread_info::UNUSED
			 && t.threads[i].state != Thread_info::NEW)
			{
				cap    = t.threads[i].cap;
				paused = t.threads[i].server->paused();
			}
		}
		/* core may have destroyed it meanwhile */
		try {
			if (cap.valid())
				fn(cap, paused);
		} catch (...) { }
	}
}


void Platform::_continue(Target &t)
{
	for_each_living(t, [] (Thread_capability thread, bool paused) {
		if (!paused)
			Cpu_thread_client(thread).resume(); });
}


void Platform::resume(Target &t)
{
	t.frozen = false;
	timers.flush(t);
	_continue(t);
}


void Platform::quiesce(Target &t)
{
	Target *target = &t;

	for_each_living(t, [&] (Thread_capability thread, bool) { t.native_pd.pause(thread); });
	pinger.go(&target, 1);
	for (unsigned tries = 0; !pinger.done(); tries++)
		_run_on(tries);
}


/* Does a thread's entrypoint serve siblings? */
static bool serves(Target &t, uint32_t slot)
{
	bool found = false;

	t.for_each([&] (Object &, caplog_object &line) {
		found |= line.kind == CAPLOG_OBJECT_GATE && line.arg[0] == slot; });
	return found && t.services.first();
}


/* All that was sent to core's pager so far has arrived there */
void Platform::_ping_pager()
{
	Cpu_thread_client(pinger.thread()).resume();
}


/*
 * Look at the stopped threads of a target; those that have to go on do so
 *
 * \param patient  wait for entrypoints to be idle, so that no request of a
 *                 sibling is served twice
 */
bool Platform::_quiet(Target &t, bool patient, caplog_diag *diag)
{
	uint64_t const ready = t.stub[CAPLOG_STUB_READY], kernel = t.stub[CAPLOG_STUB_KERNEL],
	               held  = t.stub[CAPLOG_STUB_HELD];
	bool quiet = true;

	auto busy = [&] (uint32_t slot, addr_t ip, char const *why) {
		caplog_say(diag, EBUSY, "%s: slot %x: its thread %s, at %n", t.config.name.string(), slot,
		           why, (uint64_t)ip);
		quiet = false;
	};

	/* all replies are there, so nobody is about to go into an exception */
	for_each_thread(t, [&] (Thread_info &thread, uint32_t slot) {
		Stopped const stopped = t.native_pd.pause(thread.cap);
		if (stopped.state == Stopped::LEAVING)
			busy(slot, stopped.ip, "runs"); });
	if (!quiet)
		return false;

	_ping_pager();

	for_each_thread(t, [&] (Thread_info &thread, uint32_t slot) {

		Stopped const stopped = t.native_pd.pause(thread.cap);

		uint64_t const ip = stopped.ip;
		bool const blocked = stopped.state == Stopped::BLOCKED;

		auto go_on = [&] (char const *why) {
			busy(slot, ip, why);
			Cpu_thread_client(thread.cap).resume();
		};

		thread.frame = stopped.sp;

		if (stopped.state == Stopped::LEAVING || stopped.state == Stopped::UNKNOWN) {
			busy(slot, ip, "runs");
		} else if ((ip >= ready && ip < kernel) || (blocked && ip == kernel)) {
			thread.state = Thread_info::BLOCKED;
			addr_t const *frame = (addr_t *)t.memory(thread.frame, 16*sizeof(addr_t));
			if (!frame)
				go_on("has no stack");
			else if (patient && !frame[FRAME_LABEL] && serves(t, slot))
				go_on("serves a request");
		} else if (blocked) {
			go_on("is in the kernel, but not by the base library's entry");
		} else if (ip >= kernel && ip < held) {
			go_on("has a message");
		} else {
			thread.state = Thread_info::RUNNING;
			if (patient && serves(t, slot))
				go_on("serves a request");
			else
				thread.regs = Cpu_thread_client(thread.cap).state();
		}
	});

	uint64_t const log_address = t.log_ds ? t.address_of(*t.log_ds) : 0;
	caplog_header const *header = (caplog_header *)t.memory(log_address, sizeof(*header));
	uint32_t const count = header ? min(header->holders_count, CAPLOG_HOLDERS_MAX) : 0;
	uint32_t const *words = (uint32_t *)t.memory(header ? header->holders_address : 0, 4*count);
	uint32_t const holding = words ? caplog_holders(words, count) : 0;

	if (quiet && holding) {
		caplog_say(diag, EBUSY, "%s: %u threads hold badges outside the cap map",
		           t.config.name.string(), holding);
		for_each_thread(t, [&] (Thread_info &thread, uint32_t) {
			if (thread.state == Thread_info::RUNNING)
				Cpu_thread_client(thread.cap).resume(); });
		quiet = false;
	}
	return quiet;
}


/* Registers of running threads into frames on their stacks */
int Platform::_keep_registers(Target &t, caplog_diag *diag)
{
	int err = 0;

	for_each_thread(t, [&] (Thread_info &thread, uint32_t slot) {

		if (err || thread.state != Thread_info::RUNNING)
			return;

		Cpu_thread_client client(thread.cap);
		Thread_state const &regs = thread.regs;

		addr_t const at = (regs.sp - CAPLOG_RESUME_IP - sizeof(Resume_frame)) & ~15UL;
		Resume_frame *frame = (Resume_frame *)t.memory(at, regs.sp - at);
		if (!frame) {
			err = caplog_say(diag, EINVAL, "%s: slot %x: its thread has no stack at %n",
			                 t.config.name.string(), slot, (uint64_t)regs.sp);
			return;
		}

		/* the thread itself stores what only it can read */
		Thread_state save = regs;
		save.ip = t.stub[CAPLOG_STUB_SAVE];
		save.sp = at;
		client.state(save);
		client.resume();

		Thread_state now;
		for (unsigned tries = 0; now = client.state(), now.exceptions == regs.exceptions; tries++) {
			if (tries == TRIES)
				break;
			_run_on(tries);
		}
		client.state(regs);

		if (now.ip != t.stub[CAPLOG_STUB_SAVED]) {
			err = caplog_say(diag, EBUSY, "%s: slot %x: its thread did not store its state, "
			                 "but stands at %n", t.config.name.string(), slot, (uint64_t)now.ip);
			return;
		}
		fill(*frame, regs);
		memcpy((char *)frame + (regs.sp - CAPLOG_RESUME_IP - at), &regs.ip, sizeof(regs.ip));
		thread.frame = at;
	});
	return err;
}


int Platform::stop(Target * const *targets, unsigned count, caplog_diag *diag)
{
	/* what lives on timers comes to rest */
	for (unsigned i = 0; i < count; i++)
		targets[i]->frozen = true;

	int err = EBUSY;
	for (stopped_after = 0; stopped_after < TRIES && err == EBUSY; stopped_after++) {

		if (_stopped(targets, count, diag)) {
			err = 0;
			for (unsigned i = 0; i < count && !err; i++) {
				targets[i]->update_peers();
				err = _keep_registers(*targets[i], diag);
			}
			break;
		}
		/* those that are to go on do so alone, and now and then together */
		if (stopped_after % 4 == 3)
			for (unsigned i = 0; i < count; i++)
				_continue(*targets[i]);
		_run_on(stopped_after);
	}
	for (unsigned i = 0; i < count && err; i++)
		resume(*targets[i]);
	return err;
}


/* Stop all threads; false if not all of them stand where they have to */
bool Platform::_stopped(Target * const *targets, unsigned count, caplog_diag *diag)
{
	bool const patient = count > 1 && stopped_after < PATIENT_TRIES;
	bool quiet = true;

	for (unsigned i = 0; i < count; i++)
		for_each_living(*targets[i], [&] (Thread_capability thread, bool) {
			targets[i]->native_pd.pause(thread); });

	/* a request that is under way may need one of the stopped threads */
	pinger.go(targets, count);
	for (unsigned tries = 0; !pinger.done() && tries < YIELDS + 4; tries++)
		_run_on(tries);
	while (!pinger.done()) {
		quiet = false;
		for (unsigned i = 0; i < count; i++)
			_continue(*targets[i]);
		timer.msleep(1);
	}
	for (unsigned i = 0; i < count; i++)
		if (targets[i]->busy) {
			caplog_say(diag, EBUSY, "%s: it waits for a service",
			           targets[i]->config.name.string());
			quiet = false;
		}
	if (!quiet)
		return false;

	for (unsigned i = 0; i < count; i++)
		quiet &= _quiet(*targets[i], patient, diag);
	return quiet;
}

} /* namespace Caplog */
