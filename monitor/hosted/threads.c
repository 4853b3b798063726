/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine's operations on the hosted node: stopping threads */
#include "platform.h"

#include <caplog/diag.h>
#include <caplog/stub.h>

static void set_stopped(struct hm_target *t, int stopped)
{
	for (unsigned i = 0; i < HK_THREADS; i++)
		if (t->task->thread[i])
			t->task->thread[i]->stopped = stopped;
}

static void p_pause(void *ctx, void *target)
{
	struct hm_target *t = target;

	(void)ctx;
	t->paused = 1;
	set_stopped(t, 1);
}

/* Services run inside the kernel entry of the thread that calls: none is ever under way,
 * and a stopped thread sends none */
static void p_close(void *ctx, void *target)
{
	(void)ctx;
	(void)target;
}

static int p_closed(void *ctx, void *target)
{
	(void)ctx;
	(void)target;
	return 1;
}

/* The model has code at no other addresses */
static int p_entry(void *ctx, void *target, const uint64_t *stub, struct caplog_diag *diag)
{
	static const uint64_t own[CAPLOG_STUB_LABELS] = {
#define X(number, id, name) [number] = HK_STUB_##id,
		CAPLOG_STUBS(X)
#undef X
	};

	(void)ctx;
	(void)target;
	for (unsigned i = 0; i < CAPLOG_STUB_LABELS; i++)
		if (stub[i] != own[i])
			return caplog_say(diag, CAPLOG_EINVAL, "its log says that the kernel entry is at %n, "
			                  "where no code of its program is", stub[i]);
	return 0;
}

/* There are no exceptions */
static void p_settle(void *ctx) { (void)ctx; }

static enum caplog_stopped_state state_of(const struct hk_thread *t)
{
	switch (t->state) {
	case HK_NEW:     return CAPLOG_STOPPED_NEW;
	case HK_GONE:    return CAPLOG_STOPPED_UNKNOWN;
	case HK_ENTERED:
	case HK_DONE:    return CAPLOG_STOPPED_EXCEPTION;
	default:         return CAPLOG_STOPPED_BLOCKED;
	}
}

static uint32_t p_stopped(void *ctx, void *target, uint32_t first, struct caplog_stopped *stopped)
{
	const struct hm_target *t = target;
	uint32_t exist = 0, n = 0;

	(void)ctx;
	for (unsigned i = 0; i < HK_THREADS && n < CAPLOG_STOPS; i++) {
		struct hk_thread *th = t->task->thread[i];

		if (!th || exist++ < first)
			continue;
		th->stopped      = 1;
		stopped[n].slot  = hm_thread_slot(i);
		stopped[n].state = state_of(th);
		stopped[n].ip    = hk_thread_ip(th);
		stopped[n].sp    = th->frame;
		n++;
	}
	return n;
}

static struct hk_thread *thread_in(const struct hm_target *t, uint32_t slot)
{
	uint32_t const i = hm_thread_index(slot);
	return i < HK_THREADS ? t->task->thread[i] : NULL;
}

static void p_go(void *ctx, void *target, uint32_t slot)
{
	struct hk_thread *th = thread_in(target, slot);

	(void)ctx;
	if (th)
		th->stopped = 0;
}

static void p_go_all(void *ctx, void *target)
{
	(void)ctx;
	set_stopped(target, 0);
}

/* Those that were let go while their component is being stopped get one step each */
static void p_wait(void *ctx, uint32_t ms)
{
	struct hm_node *n = ctx;

	n->waited += ms;
	for (uint32_t i = 0; i < n->targets; i++)
		for (unsigned th = 0; n->target[i]->paused && th < HK_THREADS; th++)
			if (n->target[i]->task->thread[th])
				hk_step_thread(n->target[i]->task->thread[th]);
}

static uint64_t p_now(void *ctx)
{
	const struct hm_node *n = ctx;
	return n->waited;
}

/* A stopped thread's frame holds all of its state already */
static int p_keep(void *ctx, void *target, uint32_t slot, const uint64_t *stub, uint64_t *frame,
                  struct caplog_diag *diag)
{
	const struct hk_thread *th = thread_in(target, slot);

	(void)ctx;
	(void)stub;
	if (!th || !th->frame)
		return caplog_say(diag, CAPLOG_EINVAL, "its thread has no frame");
	*frame = th->frame;
	return 0;
}

static void p_resume(void *ctx, void *target)
{
	struct hm_target *t = target;

	(void)ctx;
	t->paused = 0;
	set_stopped(t, 0);
}

void hm_stop_operations(struct caplog_platform *p)
{
	p->close   = p_close;
	p->open    = p_close;
	p->closed  = p_closed;
	p->cancel  = p_close;
	p->pause   = p_pause;
	p->entry   = p_entry;
	p->settle  = p_settle;
	p->stopped = p_stopped;
	p->go      = p_go;
	p->go_all  = p_go_all;
	p->wait    = p_wait;
	p->now     = p_now;
	p->keep    = p_keep;
	p->resume  = p_resume;
}
