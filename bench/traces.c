/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recorded components of Genode 16.08, windows included: flat map with log
 * against tree and scan
 *
 * Which slots are free is decided by the trace itself. It is run once to learn
 * which slot each line gets; then both maps do the same work in the same order.
 */
#include "t_map.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <caplog/text.h>

enum { WINDOWS = 16, LINE = 160 };

struct step {
	uint8_t  line;           /* enum caplog_line_kind */
	uint8_t  kind;           /* enum caplog_event_kind */
	uint16_t slot, other, from;
	uint32_t badge;
	uint64_t a, b;
};

struct load {
	struct world *w;
	struct step  *step;
	uint32_t steps, events, records, peak, live;
	/* while learning: where things are in this run, by the trace's slot */
	uint16_t cap[CAPLOG_SLOTS_MAX];
	uint16_t window[CAPLOG_SLOTS_MAX][WINDOWS];
	uint8_t  windows[CAPLOG_SLOTS_MAX];
};

/* What the kernel said when the line was recorded */
static int is_equal, is_valid;

static int equal(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	(void)a;
	(void)b;
	return is_equal;
}

static int valid(void *ctx, uint32_t slot)
{
	(void)ctx;
	(void)slot;
	return is_valid;
}

static void grant(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx;
	(void)from;
	(void)to;
}

static const struct caplog_map_ops ops = { equal, valid, grant, NULL };

static void expect(const struct step *s)
{
	is_equal = s->line == CAPLOG_LINE_KNOWN;
	is_valid = s->line == CAPLOG_LINE_CONFLICT;
}

static void flat_event(struct world *w, const struct step *s)
{
	switch (s->kind) {
	case CAPLOG_INSERT_AT:
		caplog_map_insert_at(&w->map, s->badge, s->slot);
		break;
	case CAPLOG_INSERT_MAP:
		expect(s);
		bench_use(caplog_map_insert_map(&w->map, s->badge, s->from, &ops, NULL));
		break;
	case CAPLOG_REMOVE:
		caplog_map_remove(&w->map, s->slot, s->from);
		break;
	case CAPLOG_STALE: /* insert_map does that */
		break;
	case CAPLOG_THREAD_START:
		caplog_append_thread(&w->writer, s->slot, s->badge, s->a, s->b);
		break;
	case CAPLOG_IRQ_ATTACH:
		caplog_append_irq(&w->writer, s->slot, s->other, s->a);
		break;
	default:
		caplog_append(&w->writer, s->kind, s->slot, s->badge, s->other, 0);
		break;
	}
}

static void flat_replay(void *ctx)
{
	struct load *l = ctx;

	for (const struct step *s = l->step; s < l->step + l->steps; s++)
		if (s->line == CAPLOG_LINE_RESERVE)
			bench_use(caplog_map_alloc(&l->w->map, CAPLOG_WINDOW));
		else if (s->line == CAPLOG_LINE_RELEASE)
			caplog_map_free(&l->w->map, s->slot, CAPLOG_WINDOW);
		else
			flat_event(l->w, s);
}

static void stock_replay(void *ctx)
{
	struct load *l = ctx;

	for (const struct step *s = l->step; s < l->step + l->steps; s++)
		if (s->line == CAPLOG_LINE_RESERVE) {
			bench_use(stock_alloc(&l->w->stock, CAPLOG_WINDOW));
		} else if (s->line == CAPLOG_LINE_RELEASE) {
			stock_free(&l->w->stock, s->slot, CAPLOG_WINDOW);
		} else if (s->kind == CAPLOG_INSERT_AT) {
			stock_insert_at(&l->w->stock, s->badge, s->slot);
		} else if (s->kind == CAPLOG_INSERT_MAP) {
			expect(s);
			bench_use(stock_insert_map(&l->w->stock, s->badge, s->from, &ops));
		} else if (s->kind == CAPLOG_REMOVE) {
			stock_remove(&l->w->stock, s->slot);
		}
}

static void empty_flat(void *ctx)
{
	struct load *l = ctx;
	caplog_map_init(&l->w->map, CAPLOG_SLOTS_MAX, l->w->first, WORLD_BUCKETS, &l->w->writer);
}

static void empty_stock(void *ctx)
{
	struct load *l = ctx;
	stock_init(&l->w->stock, l->w->first);
}


/*
 * Learning
 */

/* \return 0 if the line has no counterpart in this run: threads overtook each other */
static int place_window(struct load *l, struct step *s)
{
	uint8_t *n = &l->windows[s->slot];
	uint32_t slot;

	if (s->line == CAPLOG_LINE_RELEASE) {
		if (!*n)
			return 0;
		s->slot = l->window[s->slot][--*n];
		caplog_map_free(&l->w->map, s->slot, CAPLOG_WINDOW);
		return 1;
	}
	slot = *n < WINDOWS ? caplog_map_alloc(&l->w->map, CAPLOG_WINDOW) : CAPLOG_NONE;
	if (slot == CAPLOG_NONE)
		return 0;
	l->window[s->slot][(*n)++] = (uint16_t)slot;
	return 1;
}

static int place_event(struct load *l, struct step *s)
{
	uint32_t at = l->cap[s->slot], slot;

	if (s->kind == CAPLOG_INSERT_AT)
		l->cap[s->slot] = s->slot;
	if (s->kind == CAPLOG_INSERT_MAP) {
		expect(s);
		slot = caplog_map_insert_map(&l->w->map, s->badge, s->from, &ops, NULL);
		if (slot != CAPLOG_NONE)
			l->cap[s->slot] = (uint16_t)slot;
		return 1;
	}
	if (s->kind == CAPLOG_REMOVE || s->kind == CAPLOG_RPC_ALLOC || s->kind == CAPLOG_RPC_FREE) {
		if (l->w->map.badge[at] != s->badge)
			at = caplog_map_find(&l->w->map, s->badge);
		if (at == CAPLOG_NONE)
			return 0;
		s->slot = (uint16_t)at;
	}
	flat_event(l->w, s);
	return 1;
}

static void learn_line(struct load *l, const struct caplog_line *line)
{
	const struct caplog_event *e = &line->event;
	struct step s = { (uint8_t)line->kind, e->kind, e->slot, e->other, e->from, e->badge, e->a,
	                  e->b };
	int const window = line->kind == CAPLOG_LINE_RESERVE || line->kind == CAPLOG_LINE_RELEASE;
	uint32_t const before = l->w->writer.head_lo;

	if (window ? !place_window(l, &s) : !place_event(l, &s))
		return;
	l->step[l->steps++] = s;
	if (window)
		return;
	l->events++;
	l->records += l->w->writer.head_lo - before;
	l->live = t_map_used(&l->w->map);
	if (l->live > l->peak)
		l->peak = l->live;
}

static int learn(struct load *l, const char *path)
{
	FILE *f = fopen(path, "r");
	char text[LINE];
	uint32_t room = 0;

	if (!f)
		return -1;
	while (fgets(text, sizeof text, f)) {
		struct caplog_line line;
		struct caplog_diag diag;

		text[strcspn(text, "\n")] = 0;
		if (l->steps == room) {
			room = room ? 2 * room : 1024;
			l->step = realloc(l->step, room * sizeof *l->step);
			if (!l->step)
				abort();
		}
		if (!caplog_parse_line(text, caplog_flavours(NULL), &line, &diag))
			learn_line(l, &line);
	}
	fclose(f);
	return 0;
}

/* Slots, badges and results are the same on both sides, or the row means nothing */
static void compare_maps(struct load *l)
{
	empty_flat(l);
	flat_replay(l);
	empty_stock(l);
	stock_replay(l);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (l->w->map.badge[slot] != l->w->stock.slot[slot].id) {
			fprintf(stderr, "bench: slot 0x%x: the maps disagree\n", slot);
			exit(2);
		}
}

static void measure(const char *directory, const char *name)
{
	struct load *l = calloc(1, sizeof *l);
	char path[512];

	if (!l)
		abort();
	l->w = world_new(0);
	snprintf(path, sizeof path, "%s/%s.trace", directory, name);
	if (learn(l, path)) {
		printf("  %s: no such file, row left out\n", path);
	} else {
		compare_maps(l);
		struct bench_side const side[] = {
			{ stock_replay, empty_stock, l, l->steps }, { flat_replay, empty_flat, l, l->steps }
		};
		struct bench_result const r = bench_compare(side, 2);

		bench_row(BENCH_AT_LEAST, 1, r.ratio[1], "x", bench_text("replay of %s", name),
		          bench_text("%u lines: stock %.1f ns, flat with log %.1f ns each; at most %u slots "
		                     "in use", l->steps, r.ns[0].median, r.ns[1].median, l->peak));
		if (l->steps > 10000)
			bench_figure(bench_exact(16.0 * l->records / l->steps), "B",
			             "log, bytes a line of this trace",
			             "windows and known capabilities write nothing");
	}
	free(l->step);
	world_free(l->w);
	free(l);
}

void bench_traces(const char *directory)
{
	static const char *const names[] = {
		"sig.test-signal", "sig.init", "report_rom.init", "rom_filter.init",
		"arm_report_rom.init"
	};

	bench_heading("recorded components: tree and slot scan / flat map with log");
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		measure(directory, names[i]);
}
