/* SPDX-License-Identifier: BSD-2-Clause */
#include "ledger.h"

#define END 0xffffu

static int has_capability(uint32_t badge) { return badge < CAPLOG_PSEUDO_BADGE; }

/*
 * Chain by badge
 */

static uint16_t *bucket(struct caplog_ledger *l, uint32_t badge)
{
	return &l->head[((badge * 0x9e3779b1u) >> 16) & 1023u];
}

static void link_badge(struct caplog_ledger *l, uint32_t i)
{
	uint16_t *head = bucket(l, l->line[i].badge);

	if (!has_capability(l->line[i].badge))
		return;
	l->next[i] = *head;
	*head = (uint16_t)i;
}

static void unlink_badge(struct caplog_ledger *l, uint32_t i)
{
	uint16_t *at = bucket(l, l->line[i].badge);

	if (!has_capability(l->line[i].badge))
		return;
	while (*at != END && *at != i)
		at = &l->next[*at];
	if (*at != END)
		*at = l->next[i];
}


/*
 * Chain by kind
 */

static void link_kind(struct caplog_ledger *l, uint32_t i)
{
	uint16_t *head = &l->kind_head[l->line[i].kind];

	l->kind_next[i] = *head;
	l->kind_before[i] = END;
	if (*head != END)
		l->kind_before[*head] = (uint16_t)i;
	*head = (uint16_t)i;
}

static void unlink_kind(struct caplog_ledger *l, uint32_t i)
{
	uint16_t const next = l->kind_next[i], before = l->kind_before[i];

	if (next != END)
		l->kind_before[next] = before;
	if (before != END)
		l->kind_next[before] = next;
	else
		l->kind_head[l->line[i].kind] = next;
}

static void relink(struct caplog_ledger *l)
{
	for (uint32_t b = 0; b < sizeof l->head / sizeof l->head[0]; b++)
		*(volatile uint16_t *)&l->head[b] = END; /* no call of memset */
	for (uint32_t k = 0; k < CAPLOG_OBJECT_NUMBERS; k++)
		*(volatile uint16_t *)&l->kind_head[k] = END;
	for (uint32_t i = 0; i < l->count; i++)
		if (!l->line[i].gone) {
			link_badge(l, i);
			link_kind(l, i);
		}
}


/*
 * Lines
 */

void caplog_ledger_init(struct caplog_ledger *l)
{
	l->count = 0;
	l->next_id = 1;
	l->living = 0;
	l->destroyed = 0;
	l->lost = 0;
	l->changes = 0;
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

/* An id that came again would name another object in an image */
int caplog_ledger_room(const struct caplog_ledger *l)
{
	return l->living < CAPLOG_LEDGER_MAX && l->next_id != UINT32_MAX;
}

uint32_t caplog_ledger_give(struct caplog_ledger *l, uint32_t kind, uint32_t badge,
                            const union caplog_words *words, const char *name)
{
	static const union caplog_words zeros;

	if (!caplog_ledger_room(l)) {
		l->lost += l->lost != UINT32_MAX;
		return 0;
	}
	if (l->count == CAPLOG_LEDGER_MAX)
		compact(l);

	uint32_t const i = l->count++;
	struct caplog_object *o = &l->line[i];
	unsigned n = 0;

	l->changes++;
	l->living++;
	o->id    = l->next_id++;
	o->kind  = caplog_object_kind(kind) ? kind : (uint32_t)CAPLOG_OBJECT_UNKNOWN;
	o->badge = badge;
	o->gone  = 0;
	o->words = words ? *words : zeros;
	for (; n < CAPLOG_OBJECT_NAME - 1 && name && name[n]; n++)
		o->name[n] = name[n];
	for (; n < CAPLOG_OBJECT_NAME; n++)
		((volatile char *)o->name)[n] = 0;
	link_badge(l, i);
	link_kind(l, i);
	return o->id;
}

struct caplog_object *caplog_ledger_by_badge(struct caplog_ledger *l, uint32_t badge)
{
	uint32_t i = has_capability(badge) ? *bucket(l, badge) : END;

	while (i != END && l->line[i].badge != badge)
		i = l->next[i];
	return i == END ? NULL : &l->line[i];
}

/* Ids ascend, so a line stands at its distance from the first id or, after lines went, below */
struct caplog_object *caplog_ledger_by_id(struct caplog_ledger *l, uint64_t id)
{
	if (!l->count || id < l->line[0].id || id > UINT32_MAX)
		return NULL;

	uint32_t const distance = (uint32_t)id - l->line[0].id;
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

struct caplog_object *caplog_ledger_of(struct caplog_ledger *l, uint64_t id, uint32_t kind)
{
	struct caplog_object *o = caplog_ledger_by_id(l, id);

	return o && !o->gone && o->kind == kind ? o : NULL;
}

struct caplog_object *caplog_ledger_first(struct caplog_ledger *l, uint32_t kind)
{
	uint32_t const i = kind < CAPLOG_OBJECT_NUMBERS ? l->kind_head[kind] : END;

	return i == END ? NULL : &l->line[i];
}

struct caplog_object *caplog_ledger_next(struct caplog_ledger *l, const struct caplog_object *o)
{
	uint32_t const i = l->kind_next[o - l->line];

	return i == END ? NULL : &l->line[i];
}

void caplog_ledger_drop(struct caplog_ledger *l, struct caplog_object *o)
{
	uint32_t const i = (uint32_t)(o - l->line);

	if (o->gone)
		return;
	unlink_badge(l, i);
	unlink_kind(l, i);
	o->gone = 1;
	l->living--;
	l->changes++;
	l->gone[l->destroyed++ % CAPLOG_GONE_KEPT] = o->id;
}

void caplog_ledger_rebadge(struct caplog_ledger *l, struct caplog_object *o, uint32_t badge)
{
	uint32_t const i = (uint32_t)(o - l->line);

	if (!o->gone)
		unlink_badge(l, i);
	o->badge = badge;
	l->changes++;
	if (!o->gone)
		link_badge(l, i);
}
