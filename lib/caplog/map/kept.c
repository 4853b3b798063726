/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/kept.h>

enum { FREE, BUSY, KEPT };

static uint32_t begin(struct caplog_kept *k, uint32_t place)
{
	k->state[place] = BUSY;
	return place;
}

/* A kept reply of this caller */
static uint32_t of_caller(const struct caplog_kept *k, uint64_t call)
{
	for (uint32_t i = 0; i < CAPLOG_KEPT; i++)
		if (k->state[i] == KEPT && caplog_caller(k->call[i]) == caplog_caller(call))
			return i;
	return CAPLOG_NONE;
}

static uint32_t unused(const struct caplog_kept *k)
{
	for (uint32_t i = 0; i < CAPLOG_KEPT; i++)
		if (k->state[i] == FREE)
			return i;
	return CAPLOG_NONE;
}

static uint32_t first(const struct caplog_kept *k)
{
	uint32_t found = CAPLOG_NONE;

	for (uint32_t i = 0; i < CAPLOG_KEPT; i++)
		if (k->state[i] == KEPT &&
		    (found == CAPLOG_NONE || (int32_t)(k->since[i] - k->since[found]) < 0))
			found = i;
	return found;
}

uint32_t caplog_kept_place(struct caplog_kept *k, uint64_t call, enum caplog_kept_was *was)
{
	uint32_t place = of_caller(k, call);

	*was = CAPLOG_KEPT_OLDER;
	if (place == CAPLOG_NONE) {
		*was = CAPLOG_KEPT_FREE;
		place = unused(k);
		k->used += place != CAPLOG_NONE;
	}
	if (place == CAPLOG_NONE) {
		*was = CAPLOG_KEPT_UNASKED;
		place = first(k);
	}
	if (place == CAPLOG_NONE)
		return CAPLOG_NONE;
	k->call[place] = call;
	return begin(k, place);
}

void caplog_kept_put(struct caplog_kept *k, uint32_t place)
{
	k->since[place] = ++k->order;
	k->state[place] = KEPT;
}

uint32_t caplog_kept_take(struct caplog_kept *k, uint64_t call)
{
	uint32_t const place = of_caller(k, call);

	return place != CAPLOG_NONE && k->call[place] == call ? begin(k, place) : CAPLOG_NONE;
}

uint32_t caplog_kept_stale(struct caplog_kept *k, uint64_t call)
{
	uint32_t const place = of_caller(k, call);

	return place != CAPLOG_NONE && k->call[place] != call ? begin(k, place) : CAPLOG_NONE;
}

void caplog_kept_free(struct caplog_kept *k, uint32_t place)
{
	k->state[place] = FREE;
	k->used--;
}
