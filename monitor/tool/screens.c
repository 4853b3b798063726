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
 * The kernel of 2019, which Genode has since 19.08, shows three rights and writes
 * what an IRQ does after its type:
 *
 *   000310: 0004a-SW Gate    0004b--- Gate           --       00051-S- IRQ ipc
 *
 * Such a view ends where a list is shown again. One look misses a few objects, and
 * a narrow screen the last column, so views of one task are merged. A time stamp or
 * a label may stand before each line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "screens.h"

enum { COLUMNS_MAX = 16 };

struct screens *screens_new(const struct caplog_flavour *flavour)
{
	struct screens *s = calloc(1, sizeof *s);

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
	for (uint32_t i = 0; i < IDENTS / INDEX; i++)
		if (s->index[i])
			free(s->index[i]);
	free(s->object);
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
	       c == '_' || c == '/';
}

static uint8_t type_of(const char *word)
{
	static const struct {
		char    name[7];
		uint8_t type;
	} types[] = {
		{ "Task", CAPLOG_KERNEL_TASK }, { "Gate", CAPLOG_KERNEL_GATE }, { "IRQ", CAPLOG_KERNEL_IRQ },
		{ "Jdb", CAPLOG_KERNEL_JDB }, { "Thread", CAPLOG_KERNEL_THREAD }
	};

	for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++)
		if (!strncmp(word, types[i].name, strlen(types[i].name)))
			return types[i].type;
	return CAPLOG_KERNEL_OTHER;
}

/* Value of " K=hex" in the text after an object's type */
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
	uint32_t **const part = &s->index[ident / INDEX];

	if (!*part && !(*part = calloc(INDEX, sizeof **part)))
		return NULL;
	if ((*part)[ident % INDEX])
		return &s->object[(*part)[ident % INDEX] - 1];
	if (s->objects == s->object_room) {
		uint32_t const room = s->object_room ? 2 * s->object_room : 1024;
		struct object *more = realloc(s->object, room * sizeof *more);
		if (!more)
			return NULL;
		s->object = more;
		s->object_room = room;
	}
	(*part)[ident % INDEX] = s->objects + 1;
	s->object[s->objects] = (struct object){ .ident = ident };
	return &s->object[s->objects++];
}

/* An object's number begins at `at`? \return 1; 0; -ENOMEM */
static int take_object(struct screens *s, const char *at)
{
	uint64_t ident, address, value;
	unsigned n = take_hex(at, &ident);

	if (!n || at[n] != ' ' || !ident || ident >= IDENTS)
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

/* Rights after a number: one letter or three. \return how many, 0: there are none */
static unsigned take_rights(const char *text)
{
	unsigned const n = (unsigned)strspn(text, "-DSW");

	if (n == 3)
		return 3;
	return *text && strchr("-*wx", *text) ? 1 : 0;
}

/* A type at `text`, with what an IRQ does after it. \return end */
static const char *skip_type(const char *text)
{
	static const char *const uses[] = { " ipc", " sem", " mux" };
	int const is_irq = type_of(text) == CAPLOG_KERNEL_IRQ;

	while (is_word(*text))
		text++;
	for (unsigned i = 0; is_irq && i < sizeof uses / sizeof uses[0]; i++)
		if (!strncmp(text, uses[i], strlen(uses[i])) && !is_word(text[strlen(uses[i])]))
			return text + strlen(uses[i]);
	return text;
}

/*
 * Next cell of a row at *at
 *
 * What is neither a cell nor an empty one was damaged on the serial line, so
 * that the columns after it are not known: the row ends there.
 *
 * \return 1; 0 at the end of the row
 */
static int take_cell(const char **at, struct cell *cell)
{
	const char *c = *at + strspn(*at, " \t");
	uint64_t ident;
	unsigned n;

	if (c[0] == '-' && c[1] == '-') {
		*at = c + 2;
		*cell = (struct cell){ 0, CAPLOG_KERNEL_NONE };
		return 1;
	}
	if (take_hex(c, &ident) != 5 || !(n = take_rights(c + 5)))
		return 0;
	c += 5 + n;
	if (c[0] != ' ' || !is_word(c[1]))
		return 0;
	*cell = (struct cell){ (uint32_t)ident, type_of(c + 1) };
	*at = skip_type(c + 1);
	return 1;
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
 * column on. A row whose cells are not known yet is undecided: it is taken as the
 * rows before it, until one after it shows otherwise.
 *
 * \return 1 if the row decides it
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

/* A row of a view begins at `text`? \return 1; 0; -ENOMEM */
static int take_row(struct screens *s, const char *text, int after_prefix)
{
	struct cell cell[COLUMNS_MAX];
	unsigned count = 0;
	uint64_t first;
	const char *at = text + 6;
	struct view *v;

	if (take_hex(text, &first) != 6 || first >= s->flavour->slot_count)
		return 0;
	at += *at == ' ';
	if (after_prefix && *at != ':')
		return 0;
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

/* May a row begin here? A time stamp or a label ends before it. */
static int begins_row(const char *text, size_t i)
{
	return !i || strchr(" \t]:>|", text[i - 1]);
}

/*
 * May an object's number begin here? It is indented; after a time stamp or a label by more
 * than the blank that ends these, since the line below a view names one as well:
 *
 *   objs: 240: cb fffffffffd6265a0 [Gate   ] ...
 */
static int begins_object(const char *text, size_t i)
{
	return i && text[i - 1] == ' ' && (i == strspn(text, " ") || (i > 1 && text[i - 2] == ' '));
}

int screens_line(struct screens *s, const char *text)
{
	int taken = 0;

	for (size_t i = 0; text[i] && !taken; i++) {
		if (hex_digit(text[i]) < 0)
			continue;
		if (begins_object(text, i) && (taken = take_object(s, text + i)))
			s->in_view = 0;
		else if (begins_row(text, i))
			taken = take_row(s, text + i, i != 0);
	}
	return taken;
}
