/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine's operations on the hosted node: checkpoint and restore */
#include "platform.h"

#include <caplog/diag.h>

#include <stdio.h>
#include <string.h>

#include "base/base.h"

static int why(struct caplog_diag *diag, int err, const char *text)
{
	return caplog_say(diag, err, "%s", text);
}

static const char *p_name(void *ctx, void *target)
{
	(void)ctx;
	return ((struct hm_target *)target)->name;
}

static void *p_bytes(void *ctx, void *target, const struct caplog_object *dataspace)
{
	const struct hm_object *h = hm_object_by_id(target, dataspace->id);
	struct hm_node *n = ctx;

	return h && caplog_object_bytes(dataspace) ? hk_memory(n->k, h->memory) : NULL;
}


/*
 * Checkpoint
 */

/* An object that a target was given; NULL: none */
static struct hk_object *object_of(const struct caplog_owned *what)
{
	const struct hm_object *h = what->object ? hm_object_by_id(what->owner, what->object->id)
	                                         : NULL;

	return h ? h->o : NULL;
}

static uint64_t p_look(void *ctx, void *target, uint32_t first, uint64_t ask,
                       const struct caplog_owned *what, uint64_t *same)
{
	const struct hm_target *t = target;
	uint64_t used = 0;

	(void)ctx;
	*same = 0;
	for (uint64_t left = ask; left; left &= left - 1) {
		unsigned const n = (unsigned)__builtin_ctzll(left);
		const struct hk_object *held = hk_slot(t->task, first + n);

		used  |= (uint64_t)(held != NULL) << n;
		*same |= (uint64_t)(held && held == object_of(&what[n])) << n;
	}
	return used;
}

static uint64_t pending_of(struct hm_target *t, const struct caplog_object *context)
{
	const struct hm_object *source = hm_object_by_id(t, context->context.source);

	for (uint32_t i = 0; source && i < source->pendings; i++)
		if (source->pending[i].context == context->id)
			return source->pending[i].number;
	return 0;
}

static int p_save(void *ctx, void *target, const struct caplog_object *object,
                  struct caplog_state *session, uint64_t *pending)
{
	struct hm_target *t = target;
	struct hm_object *h = hm_object_by_id(t, object->id);

	(void)ctx;
	if (object->kind == CAPLOG_OBJECT_CONTEXT)
		return (*pending = pending_of(t, object)) != 0;
	if (object->kind == CAPLOG_OBJECT_PARENT) {
		session->parent.exited = (uint64_t)t->exited;
		return 1;
	}
	if (object->kind == CAPLOG_OBJECT_PD) {
		session->ram.limit = t->quota;
		return 1;
	}
	if (!h || (object->kind != CAPLOG_OBJECT_TIMER && object->kind != CAPLOG_OBJECT_LOG))
		return 0;
	session->quota = h->quota;
	if (object->kind == CAPLOG_OBJECT_LOG)
		return 1;
	session->handler[0] = h->sigh;
	session->timer.mode = h->deadline ? CAPLOG_TIMER_ONCE : CAPLOG_TIMER_IDLE;
	session->timer.left = h->deadline > t->node->now ? (uint32_t)(h->deadline - t->node->now) : 0;
	return 1;
}


/*
 * Restore
 */

static int p_accepts(void *ctx, const char *name, const struct caplog_ledger *ledger,
                     struct caplog_diag *diag)
{
	const struct hm_node *n = ctx;

	(void)name;
	/* its objects are in an array by id */
	if (ledger->count && ledger->line[ledger->count - 1].id > HM_IDS)
		return why(diag, CAPLOG_ENOMEM, "its ledger has larger ids than the node takes");
	return n->targets < HM_TARGETS
	       ? 0 : why(diag, CAPLOG_ENOMEM, "the node has no room for another component");
}

static int p_create(void *ctx, const char *name, struct caplog_ledger *ledger, void **target,
                    struct caplog_diag *diag)
{
	const struct caplog_object *log = caplog_ledger_first(ledger, CAPLOG_OBJECT_LOG_DS);
	struct hm_node *n = ctx;

	if (n->targets == HM_TARGETS)
		return why(diag, CAPLOG_ENOMEM, "the node has no room for another component");
	*target = hm_target_create(n, name, log ? log->log_ds.size : 0, ledger);
	return 0;
}

static void p_destroy(void *ctx, void *target)
{
	(void)ctx;
	hm_kill(target);
}

static int no_badge(struct caplog_diag *diag)
{
	return why(diag, CAPLOG_ENOMEM, "the node has no badge left");
}

static int p_make_memory(void *ctx, void *target, struct caplog_object *line,
                         struct caplog_diag *diag)
{
	uint64_t const size = caplog_object_bytes(line);
	struct hm_target *t = target;
	struct hm_node *n = ctx;

	if (size % HK_PAGE || size > hk_memory_left(n->k))
		return why(diag, CAPLOG_ENOMEM, "the node has no memory of this size");
	if (!hm_badge_left(n))
		return no_badge(diag);
	uint32_t const badge = hm_badge_alloc(n);
	caplog_ledger_rebadge(t->ledger, line, badge);
	hm_enter(t, line->id, line->kind, NULL, badge)->memory = hk_memory_alloc(n->k, size);
	return 0;
}

static int p_make_thread(void *ctx, void *target, uint32_t slot, uint32_t *badge,
                         struct caplog_diag *diag)
{
	uint32_t got;

	if (!hm_badge_left(ctx))
		return no_badge(diag);
	if (!hm_thread_create(target, &got, badge))
		return why(diag, CAPLOG_ENOMEM, "no place for another thread");
	return got == slot ? 0 : why(diag, CAPLOG_EINVAL, "the thread came into another slot");
}

static int p_drop_thread(void *ctx, void *target, uint32_t slot)
{
	(void)ctx;
	hm_thread_destroy(target, slot);
	return 0;
}

static struct hk_thread *thread_in(const struct hm_target *t, uint32_t slot)
{
	uint32_t const i = hm_thread_index(slot);
	return i < HK_THREADS ? t->task->thread[i] : NULL;
}

static int p_make_gates(void *ctx, void *target, uint32_t entrypoint,
                        struct caplog_object *const *lines, uint32_t count,
                        struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hm_node *n = ctx;
	struct hk_thread *thread = thread_in(t, entrypoint);

	if (!thread)
		return why(diag, CAPLOG_EINVAL, "its entrypoint's thread does not exist");
	for (uint32_t i = 0; i < count; i++) {
		if (!hm_badge_left(n))
			return no_badge(diag);
		uint32_t const badge = hm_badge_alloc(n);
		caplog_ledger_rebadge(t->ledger, lines[i], badge);
		hm_enter(t, lines[i]->id, CAPLOG_OBJECT_GATE,
		         &hk_gate_create(n->k, badge, thread)->o, badge);
	}
	return 0;
}

static int place_region(struct hm_target *t, struct caplog_object *line, uint32_t map,
                        const struct hm_object *ds, struct caplog_diag *diag)
{
	uint64_t const address = line->region.address, size = line->region.size;
	uint64_t const offset = line->region.offset, bytes = ds ? caplog_object_bytes(hm_line(ds)) : 0;

	if (!size || address < HK_BSS || address > HK_END || size > HK_END - address ||
	    map != CAPLOG_MAP_ADDRESS_SPACE || offset % HK_PAGE || offset > bytes ||
	    size > bytes - offset || hk_attach_region(t->task, address, size, ds->memory + offset))
		return why(diag, CAPLOG_EINVAL, "memory cannot be attached where it was");
	caplog_ledger_rebadge(t->ledger, line, CAPLOG_PSEUDO_BADGE);
	return 0;
}

static int make_region(struct hm_target *t, struct caplog_object *line, struct caplog_diag *diag)
{
	return place_region(t, line, line->region.map, hm_object_by_id(t, line->region.dataspace), diag);
}

/* Address, size and offset are the same words */
static int p_share(void *ctx, void *target, struct caplog_object *region,
                   const struct caplog_owned *dataspace, struct caplog_diag *diag)
{
	(void)ctx;
	return place_region(target, region, region->shared_region.map,
	                    hm_object_by_id(dataspace->owner, dataspace->object->id), diag);
}

static struct hk_object *make_semaphore(struct hm_target *t, const struct caplog_object *line)
{
	struct hm_object *source = hm_object_by_id(t, line->semaphore.source);
	struct hk_irq *irq = hk_irq_create(t->node->k);

	irq->pending = source ? source->pendings : 0;
	return &irq->o;
}

static void load_session(struct hm_object *h, const struct caplog_state *s)
{
	if (s && h->kind == CAPLOG_OBJECT_PARENT)
		h->target->exited = s->parent.exited != 0;
	if (s && h->kind == CAPLOG_OBJECT_PD)
		h->target->quota = s->ram.limit;
	if (s)
		h->quota = s->quota;
	if (!s || h->kind != CAPLOG_OBJECT_TIMER)
		return;
	h->sigh = s->handler[0];
	if (s->timer.mode == CAPLOG_TIMER_ONCE)
		h->deadline = h->target->node->now + s->timer.left;
	if (s->timer.mode == CAPLOG_TIMER_ONCE && !h->deadline)
		h->deadline = 1;
}

static int p_make(void *ctx, void *target, struct caplog_object *object,
                  const struct caplog_state *session, uint64_t pending, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hm_node *n = ctx;

	if (object->kind == CAPLOG_OBJECT_REGION)
		return make_region(t, object, diag);
	if (object->kind == CAPLOG_OBJECT_SERVICE) {
		caplog_ledger_rebadge(t->ledger, object, CAPLOG_PSEUDO_BADGE);
		return 0;
	}
	if (object->kind == CAPLOG_OBJECT_THREAD &&
	    hm_thread_index((uint32_t)object->thread.slot) >= HK_THREADS)
		return why(diag, CAPLOG_EINVAL, "no thread can be in its slot");

	if (!hm_badge_left(n))
		return no_badge(diag);
	uint32_t const badge = hm_badge_alloc(n);
	caplog_ledger_rebadge(t->ledger, object, badge);
	struct hm_object *h = hm_enter(t, object->id, object->kind,
	                               object->kind == CAPLOG_OBJECT_SEMAPHORE
	                               ? make_semaphore(t, object) : NULL, badge);
	load_session(h, session);
	if (pending)
		hm_submit(t, object->id, pending);
	if (object->kind == CAPLOG_OBJECT_PARENT) {
		struct hb_env *env = hm_memory(t, HK_BSS, sizeof *env);
		if (!env)
			return why(diag, CAPLOG_EINVAL, "the data segment is missing");
		env->parent_badge = badge;
	}
	return 0;
}

static int p_install(void *ctx, void *target, uint32_t first, uint64_t ask,
                     const struct caplog_owned *what, uint64_t *done, struct caplog_diag *diag)
{
	struct hm_target *t = target;

	(void)ctx;
	*done = 0;
	for (uint64_t left = ask; left; left &= left - 1) {
		unsigned const n = (unsigned)__builtin_ctzll(left);
		const struct hm_object *h = hm_object_by_id(what[n].owner, what[n].object->id);

		if (!h || hk_slot(t->task, first + n))
			return why(diag, CAPLOG_EINVAL, h ? "the slot is occupied" : "the object does not exist");
		int const err = hk_map(t->task, first + n, h->o);
		if (err)
			return err;
		*done |= 1ull << n;
	}
	return 0;
}

static int p_attach_irq(void *ctx, void *target, uint32_t irq_slot, uint32_t thread_slot,
                        uint64_t label, struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hk_object *irq = hk_slot(t->task, irq_slot);
	struct hk_thread *thread = thread_in(t, thread_slot);

	(void)ctx;
	if (!irq || irq->type != HK_IRQ || !thread)
		return why(diag, CAPLOG_EINVAL, "no IRQ object, or no thread to attach it to");
	return hk_irq_attach((struct hk_irq *)(void *)irq, thread, label)
	       ? why(diag, CAPLOG_EINVAL, "the IRQ is attached already") : 0;
}

/* A frame says all of a thread, wherever it stands */
static int p_registers(void *ctx, void *target, const struct caplog_image_thread *thread,
                       const uint64_t *stub, uint64_t utcb, uint64_t object,
                       struct caplog_diag *diag)
{
	struct hm_target *t = target;
	struct hk_thread *th = thread_in(t, thread->slot);
	int const started = thread->state != CAPLOG_THREAD_NEW;

	(void)ctx;
	if (!th || stub[CAPLOG_STUB_RESTART] != HK_STUB_RESTART)
		return why(diag, CAPLOG_EINVAL, "there is no such thread, or no kernel entry to start it "
		           "at");
	if (started && (!hm_memory(t, HK_STACKS, HK_THREADS * HK_STACK_SIZE) ||
	                !hk_frame_valid(t->task, thread->frame)))
		return why(diag, CAPLOG_EINVAL, "the thread's frame lies outside its stack");
	if (utcb && utcb != HK_UTCBS + th->index * (uint64_t)HK_PAGE)
		return why(diag, CAPLOG_EINVAL, "the thread's UTCB is not where it was");
	if (started)
		th->frame = thread->frame;
	th->utcb->user[0] = thread->slot;
	if (object)
		th->utcb->user[1] = object;
	return 0;
}

static int p_start(void *ctx, void *target, uint32_t slot, struct caplog_diag *diag)
{
	struct hk_thread *th = thread_in(target, slot);

	(void)ctx;
	if (!th || !th->frame)
		return why(diag, CAPLOG_EINVAL, "no thread to start");
	hk_thread_start(th, 0, 0, th->frame);
	return 0;
}

struct caplog_platform hm_platform(struct hm_node *node)
{
	struct caplog_platform p = {
		.ctx = node, .number = CAPLOG_PLATFORM_HOSTED,
		.frame_bytes = hk_frame_bytes(), .frame_waits = hk_frame_waits(),
		.name = p_name, .bytes = p_bytes, .look = p_look, .save = p_save,
		.accepts = p_accepts, .create = p_create, .destroy = p_destroy,
		.make_memory = p_make_memory, .make_thread = p_make_thread,
		.drop_thread = p_drop_thread, .make_gates = p_make_gates, .make = p_make,
		.share = p_share,
		.install = p_install, .attach_irq = p_attach_irq, .registers = p_registers,
		.start = p_start
	};
	hm_stop_operations(&p);
	hm_written_operations(&p);
	return p;
}
