/* SPDX-License-Identifier: BSD-2-Clause */
/* The space of one component, from all views of its task and the lists of objects */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "screens.h"

/* Badge of the parent's gate, by which a component is known; 0: not shown */
static uint64_t parent_of(const struct screens *s, const struct view *v)
{
	const struct object *o = screens_object(s, v->cell[s->flavour->parent_slot].ident);

	return o && o->has_label ? o->label : 0;
}

/* Views of one task show the same task in its slot and nothing that differs */
static int is_same_task(const struct screens *s, const struct view *a, const struct view *b)
{
	uint32_t const task = s->flavour->task_slot;
	unsigned same = 0;

	if (a->cell[task].ident && b->cell[task].ident)
		return a->cell[task].ident == b->cell[task].ident;
	for (uint32_t slot = 0; slot < s->flavour->slot_count; slot++) {
		if (a->cell[slot].ident && b->cell[slot].ident && a->cell[slot].ident != b->cell[slot].ident)
			return 0;
		same += a->cell[slot].ident && a->cell[slot].ident == b->cell[slot].ident;
	}
	return same >= 4;
}

static void merge(const struct screens *s, struct view *to, const struct view *from)
{
	for (uint32_t slot = 0; slot < s->flavour->slot_count; slot++)
		if (!to->cell[slot].ident)
			to->cell[slot] = from->cell[slot];
}

static void merge_views(struct screens *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->views; i++) {
		uint32_t same = 0;

		while (same < kept && !is_same_task(s, s->view[same], s->view[i]))
			same++;
		if (same < kept) {
			merge(s, s->view[same], s->view[i]);
			free(s->view[i]);
		} else {
			s->view[kept++] = s->view[i];
		}
	}
	s->views = kept;
}

/* Slot of the gate of a thread, or CAPLOG_NO_SLOT */
static uint16_t slot_of_thread(const struct screens *s, const struct view *v, uint32_t thread)
{
	const struct caplog_flavour *f = s->flavour;

	for (uint32_t slot = f->thread_base; caplog_is_thread_slot(f, slot); slot += f->thread_stride) {
		const struct object *o = screens_object(s, v->cell[slot].ident);

		if (o && o->type == CAPLOG_KERNEL_GATE && o->has_thread && o->thread == thread)
			return (uint16_t)slot;
	}
	return CAPLOG_NO_SLOT;
}

static void take_view(const struct screens *s, const struct view *v, struct kernel_space *kernel)
{
	for (uint32_t slot = 0; slot < s->flavour->slot_count; slot++) {
		const struct cell *c = &v->cell[slot];
		const struct object *o = screens_object(s, c->ident);
		struct caplog_kernel_cap *k = &kernel->cap[slot];

		if (!c->ident)
			continue;
		kernel->count++;
		k->type = c->type;
		k->attached = CAPLOG_NO_SLOT;
		if (!o || o->type != c->type)
			continue;
		k->has_label = o->has_label;
		k->label = o->label;
		if (c->type == CAPLOG_KERNEL_IRQ && o->has_thread)
			k->attached = slot_of_thread(s, v, o->thread);
	}
}

static int by_value(const void *x, const void *y)
{
	uint64_t const a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? -1 : a > b;
}

/* Which gates exist at all. \return 0 or -ENOMEM */
static int take_labels(const struct screens *s, struct kernel_space *kernel)
{
	if (!(kernel->label = calloc(s->objects + 1, sizeof *kernel->label)))
		return CAPLOG_ENOMEM;
	for (uint32_t i = 0; i < s->objects; i++)
		if (s->object[i].has_label)
			kernel->label[kernel->labels++] = s->object[i].label;
	qsort(kernel->label, kernel->labels, sizeof *kernel->label, by_value);
	kernel->labels_known = kernel->labels != 0;
	return 0;
}

/* Slots in which a view shows a gate under the badge that the log has there */
static uint32_t agreeing_slots(const struct screens *s, const struct view *v,
                               const struct caplog_space *space)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < s->flavour->slot_count; slot++) {
		const struct object *o = screens_object(s, v->cell[slot].ident);

		n += o && o->has_label && space->cap[slot].kind != CAPLOG_EMPTY &&
		     o->label == space->cap[slot].badge;
	}
	return n;
}

/*
 * If no list showed the parent's gate of a task, its other capabilities decide: they have to
 * agree clearly, and with no other one half as well
 *
 * \return number of the view, or `views`
 */
static uint32_t guess_view(const struct screens *s, const struct caplog_space *space)
{
	enum { CLEARLY = 8 };
	uint32_t best = s->views, most = 0, second = 0;

	for (uint32_t i = 0; i < s->views; i++) {
		uint32_t const n = agreeing_slots(s, s->view[i], space);

		if (n > most) {
			second = most;
			most = n;
			best = i;
		} else if (n > second) {
			second = n;
		}
	}
	return most >= CLEARLY && most > 2 * second && !parent_of(s, s->view[best]) ? best : s->views;
}

/* \return number of the view, or `views` */
static uint32_t choose_view(const struct screens *s, const struct caplog_space *space)
{
	uint64_t const parent = space->cap[s->flavour->parent_slot].badge;

	for (uint32_t i = 0; i < s->views; i++)
		if (parent && parent_of(s, s->view[i]) == parent)
			return i;
	/* a single one whose parent was not shown can be no other's */
	if (s->views == 1 && !parent_of(s, s->view[0]))
		return 0;
	return guess_view(s, space);
}

int screens_space(struct screens *s, const char *name, const struct caplog_space *space,
                  struct kernel_space *kernel)
{
	uint32_t const parent = space->cap[s->flavour->parent_slot].badge;

	merge_views(s);

	uint32_t const chosen = choose_view(s, space);
	if (chosen == s->views) {
		tool_error("%s: no screen shows a space whose parent has badge 0x%" PRIx32 "; there are:",
		           name, parent);
		progress_end();
		for (uint32_t i = 0; i < s->views; i++) {
			uint64_t const label = parent_of(s, s->view[i]);

			if (label)
				fprintf(stderr, "  parent 0x%" PRIx64 "\n", label);
			else
				fputs("  one whose parent no list showed\n", stderr);
		}
		return TOOL_UNUSABLE;
	}
	take_view(s, s->view[chosen], kernel);
	if (take_labels(s, kernel))
		return tool_error("%s: out of memory", name);
	return 0;
}
