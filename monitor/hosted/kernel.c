/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

struct hk_node {
	uint64_t          random;
	int               memory_fd;
	uint8_t          *memory;
	uint64_t          memory_size, memory_used;
	struct hk_object *objects;
	struct hk_thread *last;     /* ran last: mostly goes on */
	uint64_t          events, arrivals;
};

/* A stopped thread, on its own stack */
struct frame {
	ucontext_t     uc;
	struct hk_sys *sys;
	uint64_t       user[2]; /* UTCB words, which a restored thread has lost */
	uint64_t       waits;   /* for requests; component memory has 64-bit words here */
};

/* The machine has one processor: what runs on it, and what is mapped */
static struct hk_thread *current;
static struct hk_task   *mapped;
static ucontext_t        kernel_context;


/*
 * Component side
 */

__attribute__((noinline)) static void trap(struct frame *f)
{
	current->frame = (uint64_t)(uintptr_t)f;
	swapcontext(&f->uc, &kernel_context);
}

long hk_enter(struct hk_sys *sys)
{
	struct frame f;

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
	hk_enter(&sleep_forever); /* a thread ends when somebody kills it */
}


/*
 * Nodes, memory, objects
 */

uint32_t hk_random(struct hk_node *node, uint32_t below)
{
	node->random ^= node->random << 13;
	node->random ^= node->random >> 7;
	node->random ^= node->random << 17;
	return (uint32_t)((node->random >> 16) % below);
}

struct hk_node *hk_node_create(uint64_t seed, uint64_t memory)
{
	struct hk_node *n = calloc(1, sizeof *n);

	assert(n);
	n->random = seed * 0x9e3779b97f4a7c15ull + 88172645463325252ull;
	n->memory_size = memory;
	n->memory_fd = memfd_create("node", 0);
	assert(n->memory_fd >= 0 && ftruncate(n->memory_fd, (off_t)memory) == 0);
	n->memory = mmap(NULL, memory, PROT_READ | PROT_WRITE, MAP_SHARED, n->memory_fd, 0);
	assert(n->memory != MAP_FAILED);
	return n;
}

static void *address_of(const struct hk_region *r) { return (void *)(uintptr_t)r->address; }

static void unmap_current(void)
{
	for (unsigned i = 0; mapped && i < mapped->regions; i++) {
		void *p = mmap(address_of(&mapped->region[i]), mapped->region[i].size, PROT_NONE,
		               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
		assert(p != MAP_FAILED);
	}
	mapped = NULL;
}

static void map_task(struct hk_task *task)
{
	if (mapped == task)
		return;
	unmap_current();
	for (unsigned i = 0; i < task->regions; i++) {
		struct hk_region *r = &task->region[i];
		void *p = mmap(address_of(r), r->size, PROT_READ | PROT_WRITE,
		               MAP_SHARED | MAP_FIXED, task->o.node->memory_fd, (off_t)r->offset);
		assert(p != MAP_FAILED);
		UNPOISON(p, r->size); /* marks of another copy's stack frames */
	}
	mapped = task;
}

void hk_look_into(struct hk_task *task)
{
	map_task(task);
}

void hk_node_destroy(struct hk_node *node)
{
	struct hk_object *next;

	if (mapped && mapped->o.node == node)
		unmap_current();
	for (struct hk_object *o = node->objects; o; o = next) {
		next = o->next;
		free(o);
	}
	munmap(node->memory, node->memory_size);
	close(node->memory_fd);
	free(node);
}

uint64_t hk_memory_alloc(struct hk_node *node, uint64_t size)
{
	uint64_t const at = node->memory_used;

	node->memory_used += (size + HK_PAGE - 1) & ~(uint64_t)(HK_PAGE - 1);
	assert(node->memory_used <= node->memory_size);
	return at;
}

uint64_t hk_memory_left(const struct hk_node *node)
{
	return node->memory_size - node->memory_used;
}

void *hk_memory(struct hk_node *node, uint64_t offset)
{
	return node->memory + offset;
}

int hk_attach_region(struct hk_task *task, uint64_t address, uint64_t size, uint64_t offset)
{
	struct hk_region const r = { address, size, offset };

	if (task->regions == HK_REGIONS || address % HK_PAGE || size % HK_PAGE)
		return HK_E_INVAL;
	for (unsigned i = 0; i < task->regions; i++)
		if (address < task->region[i].address + task->region[i].size &&
		    task->region[i].address < address + size)
			return HK_E_INVAL;
	if (mapped == task)
		unmap_current();
	task->region[task->regions++] = r;
	return 0;
}

void hk_detach_region(struct hk_task *task, uint64_t address)
{
	for (unsigned i = 0; i < task->regions; i++)
		if (task->region[i].address == address) {
			if (mapped == task)
				unmap_current();
			memmove(&task->region[i], &task->region[i + 1],
			        (--task->regions - i) * sizeof task->region[0]);
			return;
		}
}

static void *object(struct hk_node *node, enum hk_type type, size_t size)
{
	struct hk_object *o = calloc(1, size);

	assert(o);
	o->type = type;
	o->node = node;
	o->next = node->objects;
	node->objects = o;
	return o;
}

struct hk_task *hk_task_create(struct hk_node *node)
{
	struct hk_task *t = object(node, HK_TASK, sizeof *t);
	uint64_t const utcbs = hk_memory_alloc(node, (uint64_t)HK_THREADS * HK_PAGE);

	hk_attach_region(t, HK_UTCBS, (uint64_t)HK_THREADS * HK_PAGE, utcbs);
	return t;
}

/* First free place wins */
struct hk_thread *hk_thread_create(struct hk_task *task)
{
	unsigned i = 0;

	while (i < HK_THREADS && task->thread[i])
		i++;
	if (i == HK_THREADS)
		return NULL;

	struct hk_thread *t = object(task->o.node, HK_THREAD, sizeof *t);
	uint8_t *utcbs = hk_memory(task->o.node, task->region[0].offset);

	t->task  = task;
	t->index = i;
	t->utcb  = (struct hk_utcb *)(void *)(utcbs + (size_t)i * HK_PAGE);
	memset(t->utcb, 0, HK_PAGE);
	task->thread[i] = t;
	return t;
}

struct hk_gate *hk_gate_create(struct hk_node *node, uint64_t label, struct hk_thread *thread)
{
	struct hk_gate *g = object(node, HK_GATE, sizeof *g);

	g->label  = label;
	g->thread = thread;
	return g;
}

struct hk_gate *hk_service_create(struct hk_node *node, uint64_t label, hk_service fn, void *ctx)
{
	struct hk_gate *g = hk_gate_create(node, label, NULL);

	g->service = fn;
	g->ctx     = ctx;
	return g;
}

struct hk_irq *hk_irq_create(struct hk_node *node)
{
	return object(node, HK_IRQ, sizeof(struct hk_irq));
}

struct hk_object *hk_slot(const struct hk_task *task, uint32_t slot)
{
	struct hk_object *o = slot < HK_SLOTS ? task->cap[slot] : NULL;
	return o && !o->dead ? o : NULL;
}

int hk_map(struct hk_task *task, uint32_t slot, struct hk_object *o)
{
	if (slot >= HK_SLOTS)
		return HK_E_INVAL;
	task->cap[slot] = o;
	return 0;
}

static void finish(struct hk_thread *t, long ret);

static void thread_gone(struct hk_thread *t)
{
	t->state = HK_GONE;
	t->o.dead = 1;
	if (t->task->thread[t->index] == t)
		t->task->thread[t->index] = NULL;
	for (struct hk_object *o = t->o.node->objects; o; o = o->next) {
		struct hk_irq *irq = (struct hk_irq *)(void *)o;
		if (o->type == HK_IRQ && irq->thread == t)
			irq->thread = NULL;
	}
}

void hk_destroy(struct hk_object *o)
{
	o->dead = 1;
	if (o->type == HK_THREAD)
		thread_gone((struct hk_thread *)(void *)o);
	if (o->type == HK_TASK)
		for (unsigned i = 0; i < HK_THREADS; i++)
			if (((struct hk_task *)(void *)o)->thread[i])
				thread_gone(((struct hk_task *)(void *)o)->thread[i]);
	/* whoever is inside a call to it gets an error */
	for (struct hk_object *t = o->node->objects; t; t = t->next) {
		struct hk_thread *thread = (struct hk_thread *)(void *)t;
		if (t->type == HK_THREAD &&
		    (thread->state == HK_SENDING || thread->state == HK_AWAITING_REPLY) &&
		    (thread->to->o.dead || thread->to->thread->o.dead))
			finish(thread, HK_E_NOENT);
	}
}

int hk_irq_attach(struct hk_irq *irq, struct hk_thread *thread, uint64_t label)
{
	if (irq->thread)
		return HK_E_INVAL;
	irq->thread = thread;
	irq->label  = label;
	return 0;
}

void hk_irq_trigger(struct hk_irq *irq)
{
	if (irq->thread && irq->thread->state == HK_IRQ_WAITING && irq->thread->irq == irq)
		finish(irq->thread, 0);
	else
		irq->pending++;
}

uint64_t hk_events(const struct hk_node *node)
{
	return node->events;
}


/*
 * IPC
 */

/* The result stands in the thread's own memory, as a register would */
static void finish(struct hk_thread *t, long ret)
{
	map_task(t->task);
	((struct frame *)(uintptr_t)t->frame)->sys->ret = ret;
	t->state = HK_DONE;
}

static struct hk_object *typed(const struct hk_task *task, long slot, enum hk_type type)
{
	struct hk_object *o = hk_slot(task, (uint32_t)slot);
	return o && o->type == type ? o : NULL;
}

static void transfer(struct hk_thread *from, struct hk_thread *to)
{
	const struct hk_utcb *s = from->utcb;
	struct hk_utcb *d = to->utcb;

	d->words = s->words <= HK_WORDS ? s->words : HK_WORDS;
	d->items = s->items <= HK_CAPS ? s->items : HK_CAPS;
	memcpy(d->mr, s->mr, d->words * sizeof d->mr[0]);
	for (uint32_t i = 0; i < d->items; i++)
		hk_map(to->task, d->window + i, hk_slot(from->task, s->item[i]));
	d->from_token    = s->token;
	d->from_sequence = s->sequence;
}

static void deliver_request(struct hk_thread *client, struct hk_thread *server)
{
	transfer(client, server);
	server->utcb->label = client->to->label;
	server->caller = client;
	client->state = HK_AWAITING_REPLY;
}

static void call_service(struct hk_thread *t, struct hk_gate *g)
{
	struct hk_message m = { t->utcb->words, t->utcb->items, { 0 }, { NULL } };

	if (m.words > HK_WORDS || m.caps > HK_CAPS) {
		finish(t, HK_E_INVAL);
		return;
	}
	memcpy(m.mr, t->utcb->mr, m.words * sizeof m.mr[0]);
	for (uint32_t i = 0; i < m.caps; i++)
		m.cap[i] = hk_slot(t->task, t->utcb->item[i]);

	g->service(g->ctx, t, g->label, &m);

	t->utcb->words = m.words;
	t->utcb->items = m.caps;
	memcpy(t->utcb->mr, m.mr, m.words * sizeof m.mr[0]);
	for (uint32_t i = 0; i < m.caps; i++)
		hk_map(t->task, t->utcb->window + i, m.cap[i]);
	if (t->state == HK_ENTERED)
		finish(t, 0);
}

static void do_call(struct hk_thread *t, long slot)
{
	struct hk_gate *g = (struct hk_gate *)(void *)typed(t->task, slot, HK_GATE);

	if (!g || (g->thread && g->thread->o.dead)) {
		finish(t, HK_E_NOENT);
		return;
	}
	if (!g->thread) {
		call_service(t, g);
		return;
	}
	t->to = g;
	if (g->thread->state == HK_WAITING) {
		deliver_request(t, g->thread);
		finish(g->thread, 0);
	} else {
		t->state = HK_SENDING;
		t->since = t->o.node->arrivals++;
	}
}

static struct hk_thread *first_sender(struct hk_thread *server)
{
	struct hk_thread *first = NULL;

	for (struct hk_object *o = server->o.node->objects; o; o = o->next) {
		struct hk_thread *t = (struct hk_thread *)(void *)o;
		if (o->type == HK_THREAD && t->state == HK_SENDING && t->to->thread == server &&
		    (!first || t->since < first->since))
			first = t;
	}
	return first;
}

static void do_reply_wait(struct hk_thread *t, long reply, long only)
{
	struct hk_thread *client = t->caller;

	t->caller = NULL;
	if (reply) {
		if (!client || client->state != HK_AWAITING_REPLY || client->to->thread != t) {
			finish(t, HK_E_NOREPLY);
			return;
		}
		transfer(t, client);
		finish(client, 0);
	}
	if (only) {
		finish(t, 0);
		return;
	}
	client = first_sender(t);
	if (client) {
		deliver_request(client, t);
		finish(t, 0);
	} else {
		t->state = HK_WAITING;
	}
}

static void do_irq_receive(struct hk_thread *t, long slot)
{
	struct hk_irq *irq = (struct hk_irq *)(void *)typed(t->task, slot, HK_IRQ);

	if (!irq || irq->thread != t) {
		finish(t, HK_E_INVAL);
	} else if (irq->pending) {
		irq->pending--;
		finish(t, 0);
	} else {
		t->irq = irq;
		t->state = HK_IRQ_WAITING;
	}
}

static long do_irq(struct hk_thread *t, const struct hk_sys *s)
{
	struct hk_irq *irq = (struct hk_irq *)(void *)typed(t->task, s->a, HK_IRQ);

	if (!irq)
		return HK_E_NOENT;
	if (s->op == HK_IRQ_TRIGGER) {
		hk_irq_trigger(irq);
		return 0;
	}
	if (s->op == HK_IRQ_DETACH) {
		irq->thread = NULL;
		return 0;
	}
	struct hk_gate *g = (struct hk_gate *)(void *)typed(t->task, s->b, HK_GATE);
	return g && g->thread ? hk_irq_attach(irq, g->thread, (uint64_t)s->c) : HK_E_NOENT;
}

static long do_grant(struct hk_task *task, long from, long to)
{
	if (!hk_slot(task, (uint32_t)from))
		return 0;
	hk_map(task, (uint32_t)to, hk_slot(task, (uint32_t)from));
	hk_map(task, (uint32_t)from, NULL);
	return 0;
}

static void execute(struct hk_thread *t)
{
	map_task(t->task);

	struct hk_sys *s = ((struct frame *)(uintptr_t)t->frame)->sys;
	struct hk_object *a = hk_slot(t->task, (uint32_t)s->a);

	switch (s->op) {
	case HK_CALL:        do_call(t, s->a); return;
	case HK_REPLY_WAIT:  do_reply_wait(t, s->a, s->b); return;
	case HK_IRQ_RECEIVE: do_irq_receive(t, s->a); return;
	case HK_SLEEP:       t->state = HK_SLEEPING; return;
	case HK_RAW_WAIT:    t->state = HK_RAW_WAITING; return;
	case HK_IRQ_TRIGGER:
	case HK_IRQ_ATTACH:
	case HK_IRQ_DETACH:  finish(t, do_irq(t, s)); return;
	case HK_EQUAL:       finish(t, a && a == hk_slot(t->task, (uint32_t)s->b)); return;
	case HK_VALID:       finish(t, a != NULL); return;
	case HK_GRANT:       finish(t, do_grant(t->task, s->a, s->b)); return;
	case HK_UNMAP:       finish(t, hk_map(t->task, (uint32_t)s->a, NULL)); return;
	default:             finish(t, 0); return;
	}
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
		finish(t, HK_AGAIN);
}

static void make_frame(struct hk_thread *t)
{
	uint64_t const bottom = HK_STACKS + t->index * HK_STACK_SIZE;
	struct frame *f = (struct frame *)(uintptr_t)(bottom + HK_STACK_SIZE - 2048);

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
	map_task(t->task);
	if (!t->frame)
		make_frame(t);
	current = t;
	t->state = HK_ENTERED; /* what it will be in when we get here again */
	swapcontext(&kernel_context, &((struct frame *)(uintptr_t)t->frame)->uc);
	current = NULL;

	struct hk_sys *s = ((struct frame *)(uintptr_t)t->frame)->sys;
	if (s->op == HK_EVENT)
		t->o.node->events++;
}

static int can_run(const struct hk_thread *t, const struct hk_task *task)
{
	return !t->o.dead && !t->stopped && (!task || t->task == task) && !t->task->o.dead &&
	       (t->state == HK_ENTERED || t->state == HK_DONE);
}

static void step(struct hk_thread *t)
{
	t->o.node->last = t;
	if (t->state == HK_ENTERED)
		execute(t);
	if (t->state == HK_DONE)
		run(t);
}

int hk_step(struct hk_node *node, struct hk_task *task)
{
	struct hk_thread *chosen = NULL;
	uint32_t candidates = 0;

	if (node->last && can_run(node->last, task) && hk_random(node, 4)) {
		step(node->last);
		return 1;
	}
	for (struct hk_object *o = node->objects; o; o = o->next) {
		struct hk_thread *t = (struct hk_thread *)(void *)o;
		if (o->type == HK_THREAD && can_run(t, task) && hk_random(node, ++candidates) == 0)
			chosen = t;
	}
	if (!chosen)
		return 0;
	step(chosen);
	return 1;
}

int hk_frame_valid(struct hk_task *task, uint64_t frame)
{
	uint64_t const end = HK_STACKS + HK_THREADS * HK_STACK_SIZE;

	if (frame % _Alignof(struct frame) || frame < HK_STACKS || frame > end - sizeof(struct frame))
		return 0;
	map_task(task);
	uint64_t const sys = (uint64_t)(uintptr_t)((struct frame *)(uintptr_t)frame)->sys;
	return sys % 8 == 0 && sys >= HK_STACKS && sys <= end - sizeof(struct hk_sys);
}

int hk_step_thread(struct hk_thread *t)
{
	if (!can_run(t, NULL))
		return 0;
	step(t);
	return 1;
}


/*
 * Stopped threads
 */

uint32_t hk_frame_bytes(void) { return sizeof(struct frame); }
uint32_t hk_frame_waits(void) { return offsetof(struct frame, waits); }

/* The kernel's own mapping of task memory: no need to map the task for a look */
static const void *look(const struct hk_task *task, uint64_t address, uint64_t size)
{
	for (unsigned i = 0; i < task->regions; i++) {
		const struct hk_region *r = &task->region[i];
		if (address >= r->address && size <= r->size && address - r->address <= r->size - size)
			return (uint8_t *)hk_memory(task->o.node, r->offset) + (address - r->address);
	}
	return NULL;
}

static int in_restartable_entry(const struct hk_thread *t)
{
	const struct frame *f = look(t->task, t->frame, sizeof *f);
	const struct hk_sys *s = f ? look(t->task, (uint64_t)(uintptr_t)f->sys, sizeof *s) : NULL;

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
