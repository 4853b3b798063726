/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine's operations on the hosted node */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "node.h"

static int why(struct caplog_diag *diag, int err, const char *text)
{
	if (diag) {
		diag->error = err;
		snprintf(diag->text, sizeof diag->text, "%s", text);
	}
	return err;
}

static unsigned index_of(uint32_t slot)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	return (slot - f->thread_base) / f->thread_stride;
}


/*
 * Checkpoint
 */

static void set_stopped(struct hm_target *t, int stopped)
{
	for (unsigned i = 0; i < HK_THREADS; i++)
		if (t->task->thread[i])
			t->task->thread[i]->stopped = stopped;
}

static int holds_badges(struct hm_target *t)
{
	const struct hb_env *env = hm_memory(t, HK_BSS, sizeof *env);
	return env && env->holders != 0;
}

static int p_stop(void *ctx, void *const *targets, uint32_t count, struct caplog_diag *diag)
{
	struct hm_node *n = ctx;

	for (unsigned tries = 0; tries < 100000; tries++) {
		int busy = 0;
		for (uint32_t i = 0; i < count; i++) {
			struct hm_target *t = targets[i];
			set_stopped(t, 0);
			if (hk_step_done(t->task))
				busy = 1;
			else if (holds_badges(t))
				busy |= hk_step(n->k, t->task) ? 1 : 2;
		}
		if (busy & 2)
			return why(diag, -EBUSY, "a thread is blocked while it holds a badge");
		if (!busy) {
			for (uint32_t i = 0; i < count; i++)
				set_stopped(targets[i], 1);
			return 0;
		}
	}
	return why(diag, -EBUSY, "the threads never were at rest together");
}

static void p_resume(void *ctx, void *target)
{
	(void)ctx;
	set_stopped(target, 0);
}

static int p_info(void *ctx, void *target, struct caplog_target_info *info)
{
	struct hm_target *t = target;

	(void)ctx;
	memset(info, 0, sizeof *info);
	memcpy(info->name, t->name, sizeof info->name);
	info->log_address = HK_LOG;
	info->log_size = t->log_size;
	return 0;
}

static void *p_memory(void *ctx, void *target, uint64_t address, uint64_t size)
{
	(void)ctx;
	return hm_memory(target, address, size);
}

static int p_region(void *ctx, void *target, uint32_t n, struct caplog_image_memory *region)
{
	struct hm_target *t = target;

	(void)ctx;
	/* not the UTCBs; dataspaces of the component's own travel with their lines */
	for (unsigned i = 1; i < t->task->regions; i++) {
		const struct hk_region *r = &t->task->region[i];
		if (r->address >= HK_HEAP || n--)
			continue;
		region->name    = r->address;
		region->size    = r->size;
		return 0;
	}
	return -ENOENT;
}

static void *p_bytes(void *ctx, void *target, const struct caplog_image_memory *region)
{
	(void)ctx;
	return hm_memory(target, region->name, region->size);
}

static int p_thread(void *ctx, void *target, uint32_t n, struct caplog_image_thread *thread,
                    struct caplog_diag *diag)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	struct hm_target *t = target;

	(void)ctx;
	for (unsigned i = 0; i < HK_THREADS; i++) {
		struct hk_thread *th = t->task->thread[i];
		char text[80];

		if (!th || n--)
			continue;
		thread->slot  = f->thread_base + i * f->thread_stride;
		thread->state = th->state == HK_NEW ? CAPLOG_THREAD_NEW : CAPLOG_THREAD_FRAME;
		thread->frame = th->frame;
		if (th->state != HK_RAW_WAITING)
			return 0;
		snprintf(text, sizeof text, "slot 0x%x: its thread is blocked in a kernel entry that "
		         "cannot be repeated", thread->slot);
		return why(diag, -EBUSY, text);
	}
	return -ENOENT;
}

static int p_valid(void *ctx, void *target, uint32_t slot)
{
	(void)ctx;
	return hk_slot(((struct hm_target *)target)->task, slot) != NULL;
}

static int p_holds(void *ctx, void *target, uint32_t slot, void *owner,
                   const struct caplog_object *object)
{
	struct hm_target *t = target;
	struct hm_object *h = hm_object_by_id(owner, object->id);

	(void)ctx;
	return h && hk_slot(t->task, slot) == h->o;
}

/* Pending signals, what the timer has to do, or that it exited: as 64-bit words */
static uint32_t p_save(void *ctx, void *target, const struct caplog_object *object, void *buf,
                       uint32_t size)
{
	struct hm_target *t = target;
	struct hm_object *h = hm_object_by_id(t, object->id);

	(void)ctx;
	if (!h)
		return 0;
	if (h->kind == HM_SOURCE) {
		uint32_t const bytes = h->pendings * (uint32_t)sizeof h->pending[0];
		assert(bytes <= size);
		memcpy(buf, h->pending, bytes);
		return bytes;
	}
	if (h->kind == HM_DATASPACE) {
		assert(size >= HK_PAGE);
		memcpy(buf, hk_memory(t->node->k, h->memory), HK_PAGE);
		return HK_PAGE;
	}
	if (h->kind == HM_PARENT) {
		uint64_t const exited = (uint64_t)t->exited;
		memcpy(buf, &exited, sizeof exited);
		return sizeof exited;
	}
	if (h->kind == HM_TIMER) {
		uint64_t const state[2] = { h->sigh, h->deadline ? h->deadline - t->node->now + 1 : 0 };
		memcpy(buf, state, sizeof state);
		return sizeof state;
	}
	return 0;
}


/*
 * Restore
 */

static int p_can_make(void *ctx, const struct caplog_object *object, struct caplog_diag *diag)
{
	(void)ctx;
	return object->kind >= HM_PARENT && object->kind < HM_END
	       ? 0 : why(diag, -ENOTSUP, "no service here can make such an object");
}

static int p_create(void *ctx, const struct caplog_target_info *info,
                    struct caplog_ledger *ledger, void **target, struct caplog_diag *diag)
{
	struct hm_node *n = ctx;

	if (info->log_address != HK_LOG)
		return why(diag, -EINVAL, "the log was not where this platform attaches it");
	if (n->targets == HM_TARGETS)
		return why(diag, -ENOMEM, "the node has no room for another component");
	*target = hm_target_create(n, info->name, info->log_size, ledger);
	return 0;
}

static void p_destroy(void *ctx, void *target)
{
	(void)ctx;
	hm_kill(target);
}

static int p_attach(void *ctx, void *target, const struct caplog_image_memory *region,
                    struct caplog_diag *diag)
{
	(void)ctx;
	if (region->size > 64u << 20 || hm_attach(target, region->name, region->size))
		return why(diag, -EINVAL, "a memory region cannot be attached where it was");
	return 0;
}

static int p_make_thread(void *ctx, void *target, uint32_t slot, uint32_t *badge,
                         struct caplog_diag *diag)
{
	uint32_t got;

	(void)ctx;
	if (!hm_thread_create(target, &got, badge))
		return why(diag, -ENOMEM, "no place for another thread");
	return got == slot ? 0 : why(diag, -EINVAL, "the thread came into another slot");
}

static int p_drop_thread(void *ctx, void *target, uint32_t slot)
{
	(void)ctx;
	hm_thread_destroy(target, slot);
	return 0;
}

static int p_make_gate(void *ctx, void *target, uint32_t entrypoint,
                       struct caplog_object *object, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hm_node *n = ctx;
	unsigned const i = index_of(entrypoint);

	if (!caplog_is_thread_slot(caplog_flavours(NULL), entrypoint) || i >= HK_THREADS ||
	    !t->task->thread[i])
		return why(diag, -EINVAL, "its entrypoint's thread is not there");
	uint32_t const badge = hm_badge_alloc(n);
	caplog_ledger_rebadge(t->ledger, object, badge);
	hm_enter(t, object->id, CAPLOG_OBJECT_GATE,
	         &hk_gate_create(n->k, badge, t->task->thread[i])->o, badge);
	return 0;
}

static void load_state(struct hm_object *h, const void *state, uint32_t size)
{
	uint64_t word[2];

	if (!size)
		return;
	if (h->kind == HM_SOURCE && size <= sizeof h->pending) {
		memcpy(h->pending, state, size);
		h->pendings = size / (uint32_t)sizeof h->pending[0];
	}
	if (h->kind == HM_PARENT && size == sizeof word[0]) {
		memcpy(word, state, size);
		h->target->exited = word[0] != 0;
	}
	if (h->kind == HM_TIMER && size == sizeof word) {
		memcpy(word, state, size);
		h->sigh = word[0];
		h->deadline = word[1] ? h->target->node->now + word[1] - 1 : 0;
		if (word[1] && !h->deadline)
			h->deadline = 1;
	}
}

static struct hk_object *make_semaphore(struct hm_target *t, const struct caplog_object *line)
{
	struct hm_object *source = hm_object_by_id(t, line->arg[0]);
	struct hk_irq *irq = hk_irq_create(t->node->k);

	irq->pending = source ? source->pendings : 0;
	return &irq->o;
}

static int p_make(void *ctx, void *target, struct caplog_object *object, const void *state,
                  uint32_t size, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hm_node *n = ctx;

	if (object->kind == HM_ANNOUNCED) {
		caplog_ledger_rebadge(t->ledger, object, 0);
		return 0;
	}
	if (object->kind == HM_THREAD &&
	    (!caplog_is_thread_slot(caplog_flavours(NULL), (uint32_t)object->arg[0]) ||
	     index_of((uint32_t)object->arg[0]) >= HK_THREADS))
		return why(diag, -EINVAL, "a thread's line names no thread slot");

	uint32_t const badge = hm_badge_alloc(n);
	caplog_ledger_rebadge(t->ledger, object, badge);
	struct hm_object *h = hm_enter(t, object->id, object->kind,
	                               object->kind == HM_SEMAPHORE ? make_semaphore(t, object)
	                                                            : NULL, badge);
	load_state(h, state, size);
	if (object->kind == HM_DATASPACE) {
		h->memory = hk_memory_alloc(n->k, HK_PAGE);
		if (size == HK_PAGE)
			memcpy(hk_memory(n->k, h->memory), state, size);
		if (object->arg[0] && hm_attach_dataspace(h))
			return why(diag, -EINVAL, "the dataspace cannot be attached where it was");
	}
	if (object->kind == HM_PARENT) {
		struct hb_env *env = hm_memory(t, HK_BSS, sizeof *env);
		if (!env)
			return why(diag, -EINVAL, "the data segment is missing");
		env->parent_badge = badge;
	}
	return 0;
}

static int fill_slot(struct hm_target *t, uint32_t slot, const struct hm_object *h,
                     struct caplog_diag *diag)
{
	if (!h || hk_slot(t->task, slot))
		return why(diag, -EINVAL, h ? "the slot is occupied" : "the object is not there");
	return hk_map(t->task, slot, h->o);
}

static int p_install(void *ctx, void *target, uint32_t slot, const struct caplog_object *object,
                     struct caplog_diag *diag)
{
	(void)ctx;
	return fill_slot(target, slot, hm_object_by_id(target, object->id), diag);
}

static int p_share(void *ctx, void *target, uint32_t slot, void *from,
                   const struct caplog_object *object, struct caplog_diag *diag)
{
	(void)ctx;
	return fill_slot(target, slot, hm_object_by_id(from, object->id), diag);
}

static int p_attach_irq(void *ctx, void *target, uint32_t irq_slot, uint32_t thread_slot,
                        uint64_t label, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hk_object *irq = hk_slot(t->task, irq_slot);
	unsigned const i = index_of(thread_slot);

	(void)ctx;
	if (!irq || irq->type != HK_IRQ || i >= HK_THREADS || !t->task->thread[i])
		return why(diag, -EINVAL, "no IRQ object, or no thread to attach it to");
	return hk_irq_attach((struct hk_irq *)(void *)irq, t->task->thread[i], label)
	       ? why(diag, -EINVAL, "the IRQ is attached already") : 0;
}

static int p_registers(void *ctx, void *target, const struct caplog_image_thread *thread,
                       uint64_t utcb, uint64_t object, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	unsigned const i = index_of(thread->slot);
	struct hk_thread *th = i < HK_THREADS ? t->task->thread[i] : NULL;

	(void)ctx;
	if (!th || thread->state == CAPLOG_THREAD_RUNNING || (thread->state == CAPLOG_THREAD_FRAME &&
	            (!hm_memory(t, HK_STACKS, HK_THREADS * HK_STACK_SIZE) ||
	             !hk_frame_valid(t->task, thread->frame))))
		return why(diag, -EINVAL, "the thread's frame lies outside its memory");
	if (utcb && utcb != HK_UTCBS + i * (uint64_t)HK_PAGE)
		return why(diag, -EINVAL, "the thread's UTCB is not where it was");
	if (thread->state == CAPLOG_THREAD_FRAME)
		th->frame = thread->frame;
	th->utcb->user[0] = thread->slot;
	if (object)
		th->utcb->user[1] = object;
	return 0;
}

static int p_start(void *ctx, void *target, uint32_t slot, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hk_thread *th = t->task->thread[index_of(slot)];

	(void)ctx;
	if (!th || !th->frame)
		return why(diag, -EINVAL, "no thread to start");
	hk_thread_start(th, 0, 0, th->frame);
	return 0;
}

struct caplog_platform hm_platform(struct hm_node *node)
{
	struct caplog_platform const p = {
		.ctx = node, .stop = p_stop, .resume = p_resume, .info = p_info, .memory = p_memory,
		.region = p_region, .bytes = p_bytes, .thread = p_thread, .valid = p_valid, .holds = p_holds,
		.save = p_save, .can_make = p_can_make, .create = p_create,
		.destroy = p_destroy, .attach = p_attach, .make_thread = p_make_thread,
		.drop_thread = p_drop_thread, .make_gate = p_make_gate, .make = p_make,
		.install = p_install, .share = p_share, .attach_irq = p_attach_irq,
		.registers = p_registers, .start = p_start
	};
	return p;
}
