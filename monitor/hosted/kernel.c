/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's kernel: nodes, memory, objects */
#include "kernel_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

/* What the processor has mapped */
static struct hk_task *mapped;

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

void hk_map_task(struct hk_task *task)
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

void *hk_look(const struct hk_task *task, uint64_t address, uint64_t size)
{
	for (unsigned i = 0; i < task->regions; i++) {
		const struct hk_region *r = &task->region[i];

		if (address >= r->address && size <= r->size && address - r->address <= r->size - size)
			return (uint8_t *)hk_memory(task->o.node, r->offset) + (address - r->address);
	}
	return NULL;
}

void hk_look_into(struct hk_task *task)
{
	hk_map_task(task);
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
	/* a thread that is calling it gets an error */
	for (struct hk_object *t = o->node->objects; t; t = t->next) {
		struct hk_thread *thread = (struct hk_thread *)(void *)t;
		if (t->type == HK_THREAD &&
		    (thread->state == HK_SENDING || thread->state == HK_AWAITING_REPLY) &&
		    (thread->to->o.dead || thread->to->thread->o.dead))
			hk_finish(thread, HK_E_NOENT);
	}
}

uint64_t hk_events(const struct hk_node *node)
{
	return node->events;
}
