/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The four capabilities that everybody asks about
 *
 * Genode's startup code makes them in one order, in every release that was
 * recorded. For the initial entrypoint, whose thread is the second of the
 * component:
 *
 *   rpc_alloc   exit handler   the first object of this entrypoint
 *   rpc_alloc   signal proxy   the second
 *   irq_attach  semaphore      of the signal source, at the signal thread
 *   rpc_alloc   constructor    the third; freed when construct() returns
 *
 * Any other entrypoint begins with an exit handler as well. If it is an
 * Entrypoint and not only an Rpc_entrypoint, its signal proxy follows at once,
 * and so does the thread of this proxy: nothing else in a log distinguishes
 * the two, so that this name is a belief.
 *
 * Without the events, the slots are what remains: they were taken in this
 * order while the space was nearly empty. All names but the semaphore's, which
 * has an event of its own kind, are beliefs then.
 */
#include <stdio.h>
#include <string.h>

#include "names.h"

const char *name_text(enum slot_name name)
{
	switch (name) {
	case NAME_EXIT:        return "exit handler";
	case NAME_PROXY:       return "signal proxy";
	case NAME_SEMAPHORE:   return "signal semaphore";
	case NAME_CONSTRUCTOR: return "constructor";
	default:               return NULL;
	}
}

const char *name_suffix(const struct slot_names *n, uint32_t slot)
{
	static char text[48];
	const char *const name = name_text((enum slot_name)n->name[slot]);

	*text = 0;
	if (name)
		snprintf(text, sizeof text, "  %s%s", n->believed[slot] ? "believed to be " : "", name);
	return text;
}

static void set(struct slot_names *n, uint32_t slot, enum slot_name name, int believed)
{
	n->name[slot] = (uint8_t)name;
	n->believed[slot] = (uint8_t)believed;
}

/* Gate of the initial entrypoint's thread: the first that the component starts */
static uint32_t initial_entrypoint(const struct caplog_flavour *f)
{
	return (uint32_t)f->thread_base + f->thread_stride;
}


/*
 * By the events
 */

void names_init(struct slot_names *n, const struct caplog_flavour *flavour)
{
	memset(n, 0, sizeof *n);
	n->flavour = flavour;
	n->maybe_proxy = CAPLOG_NO_SLOT;
}

static void object_made(struct slot_names *n, const struct caplog_event *e)
{
	int const initial = e->other == initial_entrypoint(n->flavour);
	unsigned const number = n->objects[e->other] < 255 ? ++n->objects[e->other] : 255;

	n->maybe_proxy = CAPLOG_NO_SLOT;
	if (number == 1) {
		set(n, e->slot, NAME_EXIT, 0);
		n->exit_of = e->other;
		n->since_exit = 0;
	} else if (number == 2 && initial) {
		set(n, e->slot, NAME_PROXY, 0);
	} else if (number == 2 && n->exit_of == e->other && n->since_exit == 1) {
		n->maybe_proxy = e->slot; /* its insertion was the one event in between */
	} else if (number == 3 && initial && n->attached) {
		set(n, e->slot, NAME_CONSTRUCTOR, 0);
	}
}

void names_event(struct slot_names *n, const struct caplog_event *e)
{
	if (e->slot >= CAPLOG_SLOTS_MAX || e->other >= CAPLOG_SLOTS_MAX)
		return;
	switch (e->kind) {
	case CAPLOG_INSERT_AT:
	case CAPLOG_INSERT_MAP:
	case CAPLOG_REMOVE:
		set(n, e->slot, NAME_NONE, 0);
		n->objects[e->slot] = 0; /* if it is a thread's gate: of another thread */
		break;
	case CAPLOG_RPC_ALLOC:
		object_made(n, e);
		return;
	case CAPLOG_THREAD_START:
		if (n->maybe_proxy != CAPLOG_NO_SLOT)
			set(n, n->maybe_proxy, NAME_PROXY, 1);
		n->maybe_proxy = CAPLOG_NO_SLOT;
		break;
	case CAPLOG_IRQ_ATTACH:
		n->attached = 1;
		set(n, e->slot, NAME_SEMAPHORE, 0);
		break;
	case CAPLOG_IRQ_DETACH:
		set(n, e->slot, NAME_NONE, 0);
		break;
	default:
		break;
	}
	n->since_exit++;
}


/*
 * By the slots
 */

static int is_object(const struct caplog_space *s, uint32_t slot)
{
	return s->cap[slot].kind == CAPLOG_RPC && !s->cap[slot].stale &&
	       s->cap[slot].other == initial_entrypoint(s->flavour);
}

/* The first object of the initial entrypoint at `from` or above, below `end`; else `end` */
static uint32_t next_object(const struct caplog_space *s, uint32_t from, uint32_t end)
{
	while (from < end && !is_object(s, from))
		from++;
	return from < end ? from : end;
}

/* Exit handler and signal proxy mostly are neighbours, the last below the semaphore */
static void name_pair(struct slot_names *n, const struct caplog_space *s, uint32_t semaphore)
{
	/* the slots below were taken and given back before the entrypoint was made */
	uint32_t exit = next_object(s, s->flavour->user_base + 16u, semaphore), proxy;

	for (uint32_t at = exit; at + 1 < semaphore; at = next_object(s, at + 1, semaphore))
		if (is_object(s, at + 1))
			exit = at;
	proxy = next_object(s, exit + 1, semaphore);
	if (proxy >= semaphore)
		return;
	set(n, exit, NAME_EXIT, 1);
	set(n, proxy, NAME_PROXY, 1);
}

static int is_freed_object(const struct caplog_space *s, uint32_t slot)
{
	return s->cap[slot].kind == CAPLOG_TOMBSTONE &&
	       s->cap[slot].other == initial_entrypoint(s->flavour);
}

uint32_t names_freed_object(const struct caplog_space *s)
{
	uint32_t found = 0;

	for (uint32_t slot = 0; slot < s->flavour->slot_count; slot++)
		if (is_freed_object(s, slot)) {
			if (found)
				return 0;
			found = slot;
		}
	return found;
}

void names_by_slots(struct slot_names *n, const struct caplog_space *s)
{
	uint32_t const slots = s->flavour->slot_count;
	uint32_t semaphore = slots;

	names_init(n, s->flavour);
	for (uint32_t slot = 0; slot < slots; slot++)
		if (s->cap[slot].kind == CAPLOG_IRQ) {
			set(n, slot, NAME_SEMAPHORE, 0);
			semaphore = slot < semaphore ? slot : semaphore;
		}
	if (semaphore + 1 >= slots) { /* the component is being destroyed, or was just made */
		if (names_freed_object(s))
			set(n, names_freed_object(s), NAME_CONSTRUCTOR, 1);
		return;
	}
	name_pair(n, s, semaphore);
	/* the constructor takes the next slot; freed, it keeps it (16.08) or not (26.02) */
	if (is_freed_object(s, semaphore + 1) ||
	    (is_object(s, semaphore + 1) && caplog_serial(&s->cap[semaphore + 1]) <= 2))
		set(n, semaphore + 1, NAME_CONSTRUCTOR, 1);
}


static int take(void *ctx, const struct caplog_event *event)
{
	names_event(ctx, event);
	return 0;
}

void names_of(struct slot_names *n, const struct caplog_space *space,
              const struct caplog_reader *reader)
{
	struct caplog_diag diag;
	int complete = 0;

	names_init(n, space->flavour);
	if (!reader || caplog_reader_history(reader, &complete, take, n, &diag) || !complete)
		names_by_slots(n, space);
}
