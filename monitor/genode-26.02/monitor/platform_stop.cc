/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operations that stop components; the engine decides where their threads stand
 */
#include "frame.h"
#include "platform.h"

namespace Caplog {

enum { SAVE_TRIES = 200 }; /* to see that a thread stored its state */


static void p_close(void *, void *handle) { Platform::target_of(handle).close(); }
static void p_open(void *, void *handle)  { Platform::target_of(handle).open(); }


static int p_closed(void *, void *handle) { return Platform::target_of(handle).closed(); }


/* A request waits for the sandbox or a server outside only */
static void p_cancel(void *, void *) { }


static void freeze(Target &t, bool frozen)
{
	t.objects().for_each(CAPLOG_OBJECT_TIMER, [&] (Object &o, caplog_object &) {
		if (o.session)
			o.session->freeze(frozen); });
}


static void p_pause(void *, void *handle)
{
	Target &t = Platform::target_of(handle);

	freeze(t, true);
	t.threads().stop_living();
}


/* Threads are sent there: it must be code of the program, which they cannot change */
static int p_entry(void *, void *handle, uint64_t const *stub, caplog_diag *diag)
{
	Target &t = Platform::target_of(handle);
	uint64_t const at = stub[CAPLOG_STUB_READY];

	caplog_object const *line = caplog_region_at(&t.objects().ledger(), CAPLOG_MAP_ADDRESS_SPACE, at);

	if (line && line->kind == CAPLOG_OBJECT_REGION && line->region.executable
	 && t.objects().of(line->region.dataspace, CAPLOG_OBJECT_BINARY_DS))
		return 0;
	return caplog_say(diag, CAPLOG_EINVAL, "its log says that the kernel entry is at %n, where no "
	                  "code of its program is", at);
}


/* Core's pager answers in turn, and resume asks it */
static void p_settle(void *ctx) {
	Cpu_thread_client(Platform::of(ctx).idle.cap()).resume(); }


static uint32_t state_of(Foc_native_pd::Stopped const &stopped)
{
	switch (stopped.state) {
	case Foc_native_pd::Stopped::UNKNOWN:   return CAPLOG_STOPPED_UNKNOWN;
	case Foc_native_pd::Stopped::BLOCKED:   return CAPLOG_STOPPED_BLOCKED;
	case Foc_native_pd::Stopped::LEAVING:   return CAPLOG_STOPPED_LEAVING;
	case Foc_native_pd::Stopped::EXCEPTION: return CAPLOG_STOPPED_EXCEPTION;
	}
	return CAPLOG_STOPPED_UNKNOWN;
}


static uint32_t p_stopped(void *, void *handle, uint32_t first, caplog_stopped *stopped)
{
	static_assert(CAPLOG_STOPS <= (unsigned)Foc_native_pd::THREADS, "one request to core");

	Target                &t = Platform::target_of(handle);
	Foc_native_pd::Threads started = Foc_native_pd::Threads();

	uint32_t const count = t.threads().each_from(first, CAPLOG_STOPS,
		[&] (uint32_t n, Thread_info &thread) {
			stopped[n]       = caplog_stopped();
			stopped[n].slot  = t.threads().slot_of(thread);
			stopped[n].state = CAPLOG_STOPPED_NEW;
			if (thread.started())
				started.badge[n] = (caplog_badge)thread.cap.local_name();
		});
	if (!count)
		return 0;

	Foc_native_pd::Stops const stops = t.core().native_pd.pause(started);

	for (uint32_t n = 0; n < count; n++) {
		if (!started.badge[n])
			continue;

		Foc_native_pd::Stopped const now = stops.at(n);
		stopped[n].state = state_of(now);
		stopped[n].ip    = now.ip;
		stopped[n].sp    = now.sp;
	}
	return count;
}


static void p_go(void *, void *handle, uint32_t slot)
{
	Thread_info *thread = Platform::target_of(handle).threads().existing(slot);

	if (thread && thread->started())
		Cpu_thread_client(thread->cap).resume();
}


static void p_go_all(void *, void *handle)
{
	Platform::target_of(handle).threads().for_each_living(
		[] (Thread_capability thread, bool paused) {
			if (!paused)
				Cpu_thread_client(thread).resume(); });
}


static void p_wait(void *ctx, uint32_t ms)
{
	if (ms)
		Platform::of(ctx).clock.sleep_ms(ms);
	else
		Foc::l4_thread_yield();
}


static uint64_t p_now(void *ctx) { return Platform::of(ctx).clock.ms(); }


static void p_resume(void *ctx, void *handle)
{
	Target &t = Platform::target_of(handle);

	freeze(t, false);
	p_go_all(ctx, handle);
	t.open();
}


/*
 * Send a thread through the stub's SAVE label, where it stores what only it can
 * read, and give it its registers back
 *
 * \return  where it stands after that
 */
static addr_t store_state(void *ctx, Cpu_thread_client &client, Thread_state const &regs,
                          addr_t save_ip, addr_t save_sp)
{
	Thread_state save = regs;
	addr_t       ip   = save_ip;

	save.cpu.ip = save_ip;
	save.cpu.sp = save_sp;
	client.state(save);
	client.resume();

	for (unsigned tries = 0; ip == save_ip && tries < SAVE_TRIES; tries++) {
		p_wait(ctx, tries > 8);
		ip = client.state().cpu.ip;
	}
	client.state(regs);
	return ip;
}


static int p_keep(void *ctx, void *handle, uint32_t slot, uint64_t const *stub,
                  uint64_t *kept, caplog_diag *diag)
{
	Target      &t = Platform::target_of(handle);
	Thread_info *thread = t.threads().existing(slot);

	if (!thread)
		return caplog_say(diag, CAPLOG_EINVAL, "there is no thread");

	Cpu_thread_client client(thread->cap);
	Thread_state const regs = client.state();

	addr_t const sp = regs.cpu.sp;
	addr_t const at = (sp - CAPLOG_RESUME_IP - sizeof(Resume_frame)) & ~15UL;
	addr_t const low = at - CAPLOG_RESUME_BELOW;
	char * const stack = (char *)t.objects().memory(low, sp - low);
	if (!stack)
		return caplog_say(diag, CAPLOG_EINVAL, "its thread has no stack at %n", (uint64_t)sp);

	Resume_frame * const frame = (Resume_frame *)(stack + CAPLOG_RESUME_BELOW);

	addr_t const ip = store_state(ctx, client, regs, stub[CAPLOG_STUB_SAVE], at);
	if (ip != stub[CAPLOG_STUB_SAVED])
		return caplog_say(diag, CAPLOG_EBUSY, "its thread did not store its state, but stands at "
		                  "%n", (uint64_t)ip);

	fill(*frame, regs.cpu);
	memcpy((char *)frame + (sp - CAPLOG_RESUME_IP - at), &regs.cpu.ip, sizeof(regs.cpu.ip));
	*kept = at;
	return 0;
}


void Platform::stop_ops(caplog_platform &p)
{
	p.close   = p_close;
	p.open    = p_open;
	p.closed  = p_closed;
	p.cancel  = p_cancel;
	p.pause   = p_pause;
	p.entry   = p_entry;
	p.settle  = p_settle;
	p.stopped = p_stopped;
	p.go      = p_go;
	p.go_all  = p_go_all;
	p.wait    = p_wait;
	p.now     = p_now;
	p.keep    = p_keep;
	p.resume  = p_resume;
}

} /* namespace Caplog */
