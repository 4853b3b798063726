/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Screens of Fiasco.OC's kernel debugger, as the serial line brought them
 *
 * A list shows kernel objects ("Q" all of them, "s" the tasks), one a line:
 *
 *       4a fffffffff0c5a000 [Gate   ] L=00000840 D=32 ...
 *
 * "o" on a task shows its capability space, several slots a row; the number is
 * the object's in the lists:
 *
 *   000210: 0004a- Gate   0004b- Gate    --      00051- IRQ
 *
 * Such a view ends where a list is shown again. One look misses a few objects, and
 * a narrow screen the last column, so views of one task are merged.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

enum {
	IDENTS = 1 << 20,  /* a cell shows five digits */
	COLUMNS_MAX = 16
};

/* An object in the lists */
struct object {
	uint32_t ident;
	uint8_t  type;      /* enum caplog_kernel_type                          */
	uint8_t  has_label, has_thread;
	uint64_t label;     /* of a gate                                        */
	uint32_t thread;    /* that a gate is bound to, or an IRQ attached to   */
};

struct cell {
	uint32_t ident;     /* 0: empty */
	uint8_t  type;
};

/* One look, or several, at the space of one task */
struct view {
	struct cell cell[CAPLOG_SLOTS_MAX];
	uint32_t    shift;  /* columns that the screen is moved by */
	uint32_t    last;   /* first slot of the row before        */
	/* slots that were filled since rows began again, on the belief that `shift` holds */
	uint32_t    believed;
	uint16_t    slot[CAPLOG_SLOTS_MAX];
};

struct screens {
	const struct caplog_flavour *flavour;
	uint32_t      *index;  /* by ident: place in object[] + 1 */
	struct object *object;
	uint32_t       objects, object_room;
	struct view  **view;
	uint32_t       views;
	int            in_view;
};

struct screens *screens_new(const struct caplog_flavour *flavour)
{
	struct screens *s = calloc(1, sizeof *s);

	if (s && !(s->index = calloc(IDENTS, sizeof *s->index))) {
		free(s);
		return NULL;
	}
	if (s)
		s->flavour = flavour;
	return s;
}

void screens_free(struct screens *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->views; i++)
		free(s->view[i]);
	free(s->view);
	free(s->object);
	free(s->index);
	free(s);
}

int screens_found(const struct screens *s)
{
	return s->views != 0;
}


/*
 * Words of a line
 */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal digits at `text`. \return their number */
static unsigned take_hex(const char *text, uint64_t *value)
{
	unsigned n = 0;

	for (*value = 0; n < 17 && hex_digit(text[n]) >= 0; n++)
		*value = *value << 4 | (uint64_t)hex_digit(text[n]);
	return n;
}

static int is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static uint8_t type_of(const char *word)
{
	static const struct {
		char    name[5];
		uint8_t type;
	} types[] = {
		{ "Task", CAPLOG_KERNEL_TASK }, { "Gate", CAPLOG_KERNEL_GATE }, { "IRQ", CAPLOG_KERNEL_IRQ }
	};

	for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++)
		if (!strncmp(word, types[i].name, strlen(types[i].name)))
			return types[i].type;
	return CAPLOG_KERNEL_OTHER;
}

/* Value of " K=hex" in the text behind an object's type */
static int take_value(const char *text, char key, uint64_t *value)
{
	char const pattern[] = { ' ', key, '=', 0 };
	const char *const at = strstr(text, pattern);

	return at && take_hex(at + 3, value);
}


/*
 * Lists
 */

/* \return NULL without memory */
static struct object *object_of(struct screens *s, uint32_t ident)
{
	if (s->index[ident])
		return &s->object[s->index[ident] - 1];
	if (s->objects == s->object_room) {
		uint32_t const room = s->object_room ? 2 * s->object_room : 1024;
		struct object *more = realloc(s->object, room * sizeof *more);
		if (!more)
			return NULL;
		s->object = more;
		s->object_room = room;
	}
	s->index[ident] = s->objects + 1;
	s->object[s->objects] = (struct object){ .ident = ident };
	return &s->object[s->objects++];
}

/* \return 1 if the line is an object's; 0; -ENOMEM */
static int take_object(struct screens *s, const char *text)
{
	uint64_t ident, address, value;
	const char *at = text;

	at += strspn(at, " ");
	unsigned n = take_hex(at, &ident);
	if (at == text || !n || at[n] != ' ' || !ident || ident >= IDENTS)
		return 0;
	at += n + 1;
	n = take_hex(at, &address);
	if (n < 8 || n > 16 || strncmp(at + n, " [", 2) || !is_word(at[n + 2]))
		return 0;
	at += n + 2;
	const char *const end = strchr(at, ']');
	if (!end)
		return 0;

	struct object *const o = object_of(s, (uint32_t)ident);
	if (!o)
		return CAPLOG_ENOMEM;
	o->type = type_of(at);
	if (o->type == CAPLOG_KERNEL_GATE && take_value(end, 'L', &value)) {
		o->has_label = 1;
		o->label = value;
	}
	if (take_value(end, o->type == CAPLOG_KERNEL_GATE ? 'D' : 'T', &value)) {
		o->has_thread = 1;
		o->thread = (uint32_t)value;
	}
	return 1;
}


/*
 * Views
 */

/* Next cell of a row at *at. \return 1; 0 at the end of the row */
static int take_cell(const char **at, struct cell *cell)
{
	for (const char *c = *at; *c; ) {
		uint64_t ident;
		unsigned const n = take_hex(c, &ident);

		if (c[0] == '-' && c[1] == '-') {
			*at = c + 2;
			*cell = (struct cell){ 0, CAPLOG_KERNEL_NONE };
			return 1;
		}
		if (n == 5 && c[n] && strchr("-*wx", c[n]) && c[n + 1] == ' ' && is_word(c[n + 2])) {
			*cell = (struct cell){ (uint32_t)ident, type_of(c + n + 2) };
			for (c += n + 2; is_word(*c); c++)
				;
			*at = c;
			return 1;
		}
		c += n ? n : 1;
	}
	return 0;
}

/* How many cells are known to stand where they would with this shift */
static unsigned agreeing(const struct view *v, uint32_t first, const struct cell *cell,
                         unsigned count, uint32_t shift)
{
	unsigned n = 0;

	for (unsigned i = 0; i < count; i++)
		if (cell[i].ident && first + i + shift < CAPLOG_SLOTS_MAX)
			n += v->cell[first + i + shift].ident == cell[i].ident;
	return n;
}

/*
 * A narrow screen that was moved to the right shows the same row from its second
 * column on. A row whose cells are not known yet does not tell: it is taken as the
 * rows before it, until one after it tells otherwise.
 *
 * \return 1 if the row tells
 */
static int find_shift(struct view *v, uint32_t first, const struct cell *cell, unsigned count)
{
	unsigned const as_it_is = agreeing(v, first, cell, count, 0);
	unsigned const moved = agreeing(v, first, cell, count, 1);
	uint32_t const shift = moved > as_it_is;

	if (first <= v->last)
		v->believed = 0;
	v->last = first;
	if (as_it_is == moved)
		return 0;
	while (shift != v->shift && v->believed)
		v->cell[v->slot[--v->believed]] = (struct cell){ 0, CAPLOG_KERNEL_NONE };
	v->believed = 0;
	v->shift = shift;
	return 1;
}

/* The view that a row belongs to: a new one if a list came before it */
static struct view *view_of_row(struct screens *s)
{
	struct view **more;

	if (s->in_view)
		return s->view[s->views - 1];
	more = realloc(s->view, (s->views + 1) * sizeof(*more));
	if (!more)
		return NULL;
	s->view = more;
	if (!(s->view[s->views] = calloc(1, sizeof **more)))
		return NULL;
	s->in_view = 1;
	return s->view[s->views++];
}

static void place(const struct screens *s, struct view *v, uint32_t first,
                  const struct cell *cell, unsigned count, int is_told)
{
	for (unsigned i = 0; i < count; i++) {
		uint32_t const slot = first + i + v->shift;

		if (!cell[i].ident || slot >= s->flavour->slot_count || v->cell[slot].ident)
			continue;
		v->cell[slot] = cell[i];
		if (!is_told)
			v->slot[v->believed++] = (uint16_t)slot;
	}
}

/* \return 1 if the line is a row; 0; -ENOMEM */
static int take_row(struct screens *s, const char *text)
{
	struct cell cell[COLUMNS_MAX];
	unsigned count = 0;
	uint64_t first;
	const char *at = text + 6;
	struct view *v;

	if (take_hex(text, &first) != 6 || first >= s->flavour->slot_count)
		return 0;
	at += *at == ' ';
	at += *at == ':';
	while (count < COLUMNS_MAX && take_cell(&at, &cell[count]))
		count++;
	if (!count)
		return 0;
	if (!(v = view_of_row(s)))
		return CAPLOG_ENOMEM;
	place(s, v, (uint32_t)first, cell, count, find_shift(v, (uint32_t)first, cell, count));
	return 1;
}

int screens_line(struct screens *s, const char *text)
{
	int const object = take_object(s, text);

	if (!object)
		return take_row(s, text);
	s->in_view = 0;
	return object;
}


/*
 * The space of one component
 */

/* Badge of the parent's gate, by which a component is known; 0: not shown */
static uint64_t parent_of(const struct screens *s, const struct view *v)
{
	uint32_t const ident = v->cell[s->flavour->parent_slot].ident;
	const struct object *o = ident && s->index[ident] ? &s->object[s->index[ident] - 1] : NULL;

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
		uint32_t const ident = v->cell[slot].ident;
		const struct object *o = ident && s->index[ident] ? &s->object[s->index[ident] - 1] : NULL;

		if (o && o->type == CAPLOG_KERNEL_GATE && o->has_thread && o->thread == thread)
			return (uint16_t)slot;
	}
	return CAPLOG_NO_SLOT;
}

static void take_view(const struct screens *s, const struct view *v, struct kernel_space *kernel)
{
	for (uint32_t slot = 0; slot < s->flavour->slot_count; slot++) {
		const struct cell *c = &v->cell[slot];
		const struct object *o = c->ident && s->index[c->ident]
		                       ? &s->object[s->index[c->ident] - 1] : NULL;
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

/* \return number of the view, or `views` */
static uint32_t choose_view(const struct screens *s, uint64_t parent)
{
	uint32_t unnamed = 0, only = s->views;

	for (uint32_t i = 0; i < s->views; i++) {
		uint64_t const label = parent_of(s, s->view[i]);

		if (label && label == parent)
			return i;
		if (!label) {
			unnamed++;
			only = i;
		}
	}
	/* a single one whose parent was not shown can be no other's */
	return s->views == 1 && unnamed ? only : s->views;
}

int screens_space(struct screens *s, const char *name, const struct caplog_space *space,
                  struct kernel_space *kernel)
{
	uint32_t const parent = space->cap[s->flavour->parent_slot].badge;

	merge_views(s);

	uint32_t const chosen = choose_view(s, parent);
	if (chosen == s->views) {
		tool_error("%s: no screen shows a space whose parent has badge 0x%" PRIx32 "; there are:",
		           name, parent);
		for (uint32_t i = 0; i < s->views; i++)
			fprintf(stderr, "  parent 0x%" PRIx64 "\n", parent_of(s, s->view[i]));
		return TOOL_UNUSABLE;
	}
	take_view(s, s->view[chosen], kernel);
	if (take_labels(s, kernel))
		return tool_error("%s: out of memory", name);
	return 0;
}
