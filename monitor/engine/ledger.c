/* SPDX-License-Identifier: BSD-2-Clause */
#include "ledger.h"

#define END 0xffffu

static uint16_t *bucket(struct caplog_ledger *l, uint32_t badge)
{
	return &l->head[((badge * 0x9e3779b1u) >> 16) & 1023u];
}

static void link(struct caplog_ledger *l, uint32_t i)
{
	uint16_t *head = bucket(l, l->line[i].badge);

	if (l->line[i].badge == CAPLOG_NO_BADGE)
		return;
	l->next[i] = *head;
	*head = (uint16_t)i;
}

static void unlink_line(struct caplog_ledger *l, uint32_t i)
{
	uint16_t *at = bucket(l, l->line[i].badge);

	if (l->line[i].badge == CAPLOG_NO_BADGE)
		return;
	while (*at != END && *at != i)
		at = &l->next[*at];
	if (*at != END)
		*at = l->next[i];
}

static void relink(struct caplog_ledger *l)
{
	for (uint32_t b = 0; b < 1024; b++)
		*(volatile uint16_t *)&l->head[b] = END; /* no call of memset */
	for (uint32_t i = 0; i < l->count; i++)
		if (!l->line[i].gone)
			link(l, i);
}

void caplog_ledger_init(struct caplog_ledger *l)
{
	l->count = 0;
	l->next_id = 1;
	l->destroyed = 0;
	l->unknown = 0;
	relink(l);
}

/* Ids stay in ascending order, so a line is found by bisection */
static void compact(struct caplog_ledger *l)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < l->count; i++)
		if (!l->line[i].gone)
			l->line[kept++] = l->line[i];
	l->count = kept;
	relink(l);
}

uint32_t caplog_ledger_give(struct caplog_ledger *l, uint32_t kind, uint32_t badge,
                            const uint64_t *arg, const char *name)
{
	if (l->count == CAPLOG_LEDGER_MAX)
		compact(l);
	if (l->count == CAPLOG_LEDGER_MAX)
		return 0;

	uint32_t const i = l->count++;
	struct caplog_object *o = &l->line[i];
	unsigned n = 0;

	o->id    = l->next_id++;
	o->kind  = kind;
	o->badge = badge;
	o->gone  = 0;
	for (unsigned a = 0; a < CAPLOG_OBJECT_ARGS; a++)
		o->arg[a] = arg ? arg[a] : 0;
	for (; n < CAPLOG_OBJECT_NAME - 1 && name && name[n]; n++)
		o->name[n] = name[n];
	for (; n < CAPLOG_OBJECT_NAME; n++)
		((volatile char *)o->name)[n] = 0;
	link(l, i);
	l->unknown += kind == CAPLOG_OBJECT_UNKNOWN;
	return o->id;
}

struct caplog_object *caplog_ledger_by_badge(struct caplog_ledger *l, uint32_t badge)
{
	uint32_t i = *bucket(l, badge);

	while (i != END && l->line[i].badge != badge)
		i = l->next[i];
	return i == END ? NULL : &l->line[i];
}

/* Ids ascend, so a line stands at its distance from the first id or, after lines went, below */
struct caplog_object *caplog_ledger_by_id(struct caplog_ledger *l, uint32_t id)
{
	if (!l->count || id < l->line[0].id)
		return NULL;

	uint32_t const distance = id - l->line[0].id;
	uint32_t low = 0, high = distance < l->count ? distance : l->count - 1;

	if (l->line[high].id == id)
		return &l->line[high];
	while (low < high) {
		uint32_t const middle = (low + high) / 2;
		if (l->line[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return l->line[low].id == id ? &l->line[low] : NULL;
}

void caplog_ledger_gone(struct caplog_ledger *l, uint32_t badge)
{
	struct caplog_object *o = caplog_ledger_by_badge(l, badge);

	if (o)
		caplog_ledger_drop(l, o);
}

void caplog_ledger_drop(struct caplog_ledger *l, struct caplog_object *o)
{
	if (o->gone)
		return;
	unlink_line(l, (uint32_t)(o - l->line));
	o->gone = 1;
	l->unknown -= o->kind == CAPLOG_OBJECT_UNKNOWN;
	l->gone[l->destroyed++ % CAPLOG_GONE_KEPT] = o->id;
}

void caplog_ledger_rebadge(struct caplog_ledger *l, struct caplog_object *o, uint32_t badge)
{
	uint32_t const i = (uint32_t)(o - l->line);

	if (!o->gone)
		unlink_line(l, i);
	o->badge = badge;
	if (!o->gone)
		link(l, i);
}
