/* SPDX-License-Identifier: BSD-2-Clause */
/* What was read from the kernel debugger's screens; see screens.c */
#ifndef SCREENS_H
#define SCREENS_H

#include "kernel.h"

enum {
	IDENTS = 1 << 20,  /* a cell shows five digits */
	INDEX  = 1 << 10   /* of them in one part of the index */
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
	uint32_t      *index[IDENTS / INDEX]; /* by ident: place in object[] + 1; parts made when needed */
	struct object *object;
	uint32_t       objects, object_room;
	struct view  **view;
	uint32_t       views;
	int            in_view;
};

/* Object by its number in the lists; NULL: no list showed it */
static inline const struct object *screens_object(const struct screens *s, uint32_t ident)
{
	const uint32_t *const part = s->index[ident / INDEX];

	return ident && part && part[ident % INDEX] ? &s->object[part[ident % INDEX] - 1] : NULL;
}

#endif
