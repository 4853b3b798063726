/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's kernel: threads, and the component side of a kernel entry */
#include "kernel_internal.h"

#include <stddef.h>

/* What runs on the processor */
static struct hk_thread *current;
static ucontext_t        kernel_context;


/*
 * Component side
 */

__attribute__((noinline)) static void trap(struct hk_frame *f)
{
	current->frame = (uint64_t)(uintptr_t)f;
	swapcontext(&f->uc, &kernel_context);
}

long hk_enter(struct hk_sys *sys)
{
	struct hk_frame f;

	f.sys = sys;
	do {
		sys->ret = 0;
		f.user[0] = hk_utcb()->user[0];
		f.user[1] = hk_utcb()->user[1];
		f.waits = sys->op == HK_REPLY_WAIT;
		trap(&f);
		if (sys->ret == HK_AGAIN) {
			hk_utcb()->user[0] = f.user[0];
			hk_utcb()->user[1] = f.user[1];
		}
	} while (sys->ret == HK_AGAIN && sys->op > HK_IRQ_RECEIVE);
	return sys->ret;
}

struct hk_utcb *hk_utcb(void)
{
	return (struct hk_utcb *)(uintptr_t)(HK_UTCBS + current->index * (uint64_t)HK_PAGE);
}

int hk_running(void) { return current != NULL; }

static void start(void)
{
	struct hk_sys sleep_forever = { HK_SLEEP, 0, 0, 0, 0 };
	void (*entry)(uint64_t) = (void (*)(uint64_t))(uintptr_t)current->entry;

	entry(current->argument);
	hk_enter(&sleep_forever); /* a thread ends when it is killed */
}


/*
 * Scheduling
 */

void hk_thread_start(struct hk_thread *t, uint64_t entry, uint64_t argument, uint64_t frame)
{
	t->entry    = entry;
	t->argument = argument;
	t->frame    = frame;
	t->state    = HK_DONE;
	if (frame)
		hk_finish(t, HK_AGAIN);
}

static void make_frame(struct hk_thread *t)
{
	uint64_t const bottom = HK_STACKS + t->index * HK_STACK_SIZE;
	struct hk_frame *f = (struct hk_frame *)(uintptr_t)(bottom + HK_STACK_SIZE - 2048);

	getcontext(&f->uc);
	f->uc.uc_stack.ss_sp = (void *)(uintptr_t)bottom;
	f->uc.uc_stack.ss_size = HK_STACK_SIZE - 2048;
	f->uc.uc_link = NULL;
	makecontext(&f->uc, start, 0);
	t->frame = (uint64_t)(uintptr_t)f;
}

/* Run a thread with a result until its next kernel entry */
static void run(struct hk_thread *t)
{
	hk_map_task(t->task);
	if (!t->frame)
		make_frame(t);
	current = t;
	t->state = HK_ENTERED; /* its state at the next kernel entry */
	swapcontext(&kernel_context, &((struct hk_frame *)(uintptr_t)t->frame)->uc);
	current = NULL;

	struct hk_sys *s = ((struct hk_frame *)(uintptr_t)t->frame)->sys;
	if (s->op == HK_EVENT)
		t->o.node->events++;
}

static int can_run(const struct hk_thread *t)
{
	return !t->o.dead && !t->stopped && !t->task->o.dead &&
	       (t->state == HK_ENTERED || t->state == HK_DONE);
}

static void step(struct hk_thread *t)
{
	t->o.node->last = t;
	if (t->state == HK_ENTERED)
		hk_execute(t);
	if (t->state == HK_DONE)
		run(t);
}

int hk_step(struct hk_node *node)
{
	struct hk_thread *chosen = NULL;
	uint32_t candidates = 0;

	if (node->last && can_run(node->last) && hk_random(node, 4)) {
		step(node->last);
		return 1;
	}
	for (struct hk_object *o = node->objects; o; o = o->next) {
		struct hk_thread *t = (struct hk_thread *)(void *)o;
		if (o->type == HK_THREAD && can_run(t) && hk_random(node, ++candidates) == 0)
			chosen = t;
	}
	if (!chosen)
		return 0;
	step(chosen);
	return 1;
}

int hk_step_thread(struct hk_thread *t)
{
	if (!can_run(t))
		return 0;
	step(t);
	return 1;
}


/*
 * Stopped threads
 */

uint32_t hk_frame_bytes(void) { return sizeof(struct hk_frame); }
uint32_t hk_frame_waits(void) { return offsetof(struct hk_frame, waits); }

int hk_frame_valid(struct hk_task *task, uint64_t frame)
{
	uint64_t const end = HK_STACKS + HK_THREADS * HK_STACK_SIZE;
	const struct hk_frame *f;

	if (frame % _Alignof(struct hk_frame) || frame < HK_STACKS ||
	    frame > end - sizeof(struct hk_frame) || !(f = hk_look(task, frame, sizeof *f)))
		return 0;
	uint64_t const sys = (uint64_t)(uintptr_t)f->sys;
	return sys % 8 == 0 && sys >= HK_STACKS && sys <= end - sizeof(struct hk_sys);
}

static int in_restartable_entry(const struct hk_thread *t)
{
	const struct hk_frame *f = hk_look(t->task, t->frame, sizeof *f);
	const struct hk_sys *s = f ? hk_look(t->task, (uint64_t)(uintptr_t)f->sys, sizeof *s) : NULL;

	return s && s->op <= HK_IRQ_RECEIVE;
}

uint64_t hk_thread_ip(const struct hk_thread *t)
{
	if (t->state == HK_RAW_WAITING)
		return HK_OUT_OF_STUB;
	if (t->state == HK_ENTERED)
		return in_restartable_entry(t) ? HK_STUB_READY : HK_OUT_OF_STUB;
	return HK_STUB_KERNEL;
}
