/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of an image as text */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <regions.h>

#include "image_file.h"

const char *size_text(uint64_t bytes)
{
	static char text[24];

	if (bytes >= 1u << 20 && bytes % (1u << 20))
		snprintf(text, sizeof text, "%.1fM", (double)bytes / (1 << 20));
	else if (bytes >= 1u << 20)
		snprintf(text, sizeof text, "%" PRIu64 "M", bytes >> 20);
	else if (bytes >= 1024 && bytes % 1024 == 0)
		snprintf(text, sizeof text, "%" PRIu64 "K", bytes >> 10);
	else
		snprintf(text, sizeof text, "%" PRIu64, bytes);
	return text;
}

/* A field of fixed size, which need not be terminated */
static void put_field(const char *field, size_t size)
{
	char text[64];

	snprintf(text, sizeof text, "%.*s", (int)size, field);
	tool_put_safe(stdout, text);
}

void print_image_header(const struct caplog_image_header *h)
{
	printf("\tformat %u.%u, platform \"", h->major, h->minor);
	put_field(h->platform, sizeof h->platform);
	printf("\", %" PRIu64 " bytes, %" PRIu32 " component%s, %" PRIu32 " chunk%s\n", h->size,
	       h->targets, plural(h->targets), h->chunks, plural(h->chunks));
	printf("\timage 0x%016" PRIx64, h->checksum);
	if (h->parent)
		printf(", child of image 0x%016" PRIx64, h->parent);
	putchar('\n');
}

void print_image_target(const struct caplog_image_target *t)
{
	printf("\tname \"");
	put_field(t->name, sizeof t->name);
	printf("\", flavour ");
	put_field(t->flavour, sizeof t->flavour);
	printf(", %" PRIu32 "-bit\n\tcap map at 0x%" PRIx64 ", %" PRIu32 " entries of %" PRIu32
	       " bytes, badges of %" PRIu32 " bytes at %" PRIu32 "; epoch at 0x%" PRIx64 "; %" PRIu32
	       " holder word%s at 0x%" PRIx64 "\n", 8 * t->word_bytes, t->map_address, t->map_count,
	       t->map_stride, t->map_width, t->map_offset, t->epoch_address, t->holders_count,
	       plural(t->holders_count), t->holders_address);
}

static const char *where_it_stands(uint32_t state)
{
	switch (state) {
	case CAPLOG_THREAD_NEW:     return "made, not started";
	case CAPLOG_THREAD_FRAME:   return "blocked in the kernel";
	case CAPLOG_THREAD_RUNNING: return "running";
	default:                    return "in an unknown state";
	}
}

void print_image_threads(const struct caplog_image_thread *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("\t0x%-4" PRIx32 "  %s", list[i].slot, where_it_stands(list[i].state));
		if (list[i].state != CAPLOG_THREAD_NEW)
			printf(", registers at 0x%" PRIx64, list[i].frame);
		putchar('\n');
	}
}

static uint64_t word_value(const struct caplog_object *o, const struct caplog_word *word)
{
	const uint8_t *at = (const uint8_t *)&o->words + word->offset;
	uint64_t value = 0;

	memcpy(&value, at, word->bytes < sizeof value ? word->bytes : sizeof value);
	return value;
}

static void print_line(const struct caplog_object *o)
{
	const struct caplog_object_kind *kind = caplog_object_kind(o->kind);

	printf("\t%-5" PRIu32 " %-20s ", o->id, image_kind(o->kind));
	if (o->badge == CAPLOG_NO_BADGE || o->badge == CAPLOG_PSEUDO_BADGE)
		printf("%-8s", "-");
	else
		printf("0x%-6" PRIx32, o->badge);
	if (o->name[0]) {
		printf("  \"");
		put_field(o->name, sizeof o->name);
		putchar('"');
	}
	for (uint32_t i = 0; kind && i < kind->words; i++)
		if (strcmp(kind->word[i].name, "reserved"))
			printf("  %s=0x%" PRIx64, kind->word[i].name, word_value(o, &kind->word[i]));
	puts(o->gone ? "  destroyed" : "");
}

void print_image_ledger(const struct caplog_object *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_line(&list[i]);
}

void print_image_slots(const struct caplog_image_slot *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct caplog_image_slot *s = &list[i];
		const char *const kind = caplog_kind_name(s->kind);

		printf("\t0x%-4x  0x%-7" PRIx32 "  %-9s  %6" PRIu64, s->slot, s->badge,
		       kind ? kind : "invalid", s->version >> 8);
		if (s->stale)
			printf("  stale");
		if (s->from == CAPLOG_FROM_DEAD)
			printf("  dead");
		if (s->other)
			printf("  bound to 0x%x", s->other);
		if (s->from == CAPLOG_FROM_LEDGER)
			printf("  line %" PRIu32, s->source);
		else if (s->from == CAPLOG_FROM_TARGET)
			printf("  line %" PRIu32 " of component %" PRIu32,
			       s->source, s->target);
		putchar('\n');
	}
}

void print_image_states(const struct caplog_image_state *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct caplog_state *s = &list[i].state;
		int set = s->args[0] != 0;

		printf("\tline %-5" PRIu64 " ", list[i].object);
		for (unsigned h = 0; h < CAPLOG_STATE_HANDLERS; h++)
			if (s->handler[h])
				set |= printf(" handler%u=line %" PRIu64, h, s->handler[h]);
		for (unsigned w = 0; w < CAPLOG_STATE_WORDS; w++)
			if (s->word[w])
				set |= printf(" word%u=0x%" PRIx64, w, s->word[w]);
		if (s->quota)
			set |= printf(" quota=%" PRIu64, s->quota);
		if (!set)
			printf(" no handler, all words 0");
		if (s->args[0]) {
			char args[CAPLOG_STATE_ARGS + 1];

			snprintf(args, sizeof args, "%.*s", (int)sizeof s->args, s->args);
			printf(" args=\"");
			tool_put_safe(stdout, args);
			putchar('"');
		}
		putchar('\n');
	}
}

void print_image_pending(const struct caplog_image_pending *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("\tline %-5" PRIu64 "  %" PRIu64 " signal%s not fetched\n", list[i].object,
		       list[i].number, plural(list[i].number));
}


/*
 * Memory
 */

static int is_region(const struct caplog_object *o)
{
	return !o->gone && (o->kind == CAPLOG_OBJECT_REGION ||
	                    o->kind == CAPLOG_OBJECT_SHARED_REGION ||
	                    o->kind == CAPLOG_OBJECT_FOREIGN_REGION);
}

/* All else that is printed of a region is the same words in all kinds */
static uint32_t map_of(const struct caplog_object *o)
{
	return o->kind == CAPLOG_OBJECT_SHARED_REGION ? o->shared_region.map : o->region.map;
}

static int by_address(const void *a, const void *b)
{
	const struct caplog_object *const x = *(const struct caplog_object *const *)a;
	const struct caplog_object *const y = *(const struct caplog_object *const *)b;

	if (map_of(x) != map_of(y))
		return map_of(x) < map_of(y) ? -1 : 1;
	return (x->region.address > y->region.address) - (x->region.address < y->region.address);
}

static const char *map_name(uint32_t map)
{
	switch (map) {
	case CAPLOG_MAP_ADDRESS_SPACE: return "address space";
	case CAPLOG_MAP_STACK_AREA:    return "stack area";
	case CAPLOG_MAP_LINKER_AREA:   return "linker area";
	default:                       return "unknown region map";
	}
}

static void put_component(const struct image_target *t)
{
	printf(" component %" PRIu32, t->number);
	if (!t->head)
		return;
	printf(" \"");
	put_field(t->head->name, sizeof t->head->name);
	putchar('"');
}

static void print_region(const void *image, const struct image_target *t,
                         const struct caplog_object *o)
{
	int const is_shared = o->kind == CAPLOG_OBJECT_SHARED_REGION;
	struct image_target owner = *t;
	const struct caplog_object *ds;

	printf("\t  0x%08" PRIx64 "  %-8s  ", o->region.address, size_text(o->region.size));
	if (is_shared)
		image_find(image, o->shared_region.owner, &owner);
	if (o->kind == CAPLOG_OBJECT_FOREIGN_REGION)
		printf("foreign memory");
	else if ((ds = image_line(&owner, o->region.dataspace)))
		printf("line %" PRIu32 ", %s", ds->id, image_kind(ds->kind));
	else
		printf("line %" PRIu32 ", which is not there", o->region.dataspace);
	if (is_shared) {
		printf(" of");
		put_component(&owner);
	}
	if (o->region.offset)
		printf(" from 0x%" PRIx64 " on", o->region.offset);
	puts(o->region.executable ? ", executable" : "");
}

void image_pages(const struct caplog_pages *pages, struct image_pages *n)
{
	for (uint64_t page = 0; page < pages->count; page++) {
		if (caplog_pages_bytes(pages, page))
			n->stored++;
		else if (caplog_pages_hash(pages, page))
			n->inherited++;
		else
			n->zero++;
	}
}

static void print_kept(const void *image, const struct image_target *t)
{
	const struct caplog_image_header *const h = image;
	struct caplog_pages_walk walk;
	struct image_pages n = { 0 };
	const struct caplog_pages *m;
	uint64_t total = 0;
	unsigned count = 0;

	caplog_pages_begin(&walk, image, h->size, t->number);
	while ((m = caplog_pages_next(&walk))) {
		image_pages(m, &n);
		total += m->size;
		count++;
	}
	printf("\tkept: %u dataspace%s of %s bytes: %" PRIu64 " page%s stored, ", count, plural(count),
	       size_text(total), n.stored, plural(n.stored));
	if (h->parent)
		printf("%" PRIu64 " in its parents, ", n.inherited);
	printf("%" PRIu64 " of zeros\n", n.zero);
}

/* What other components have attached of it */
static void print_sharers(const void *image, const struct image_target *t)
{
	const struct caplog_image_header *const h = image;
	struct image_target user;

	for (uint32_t i = 0; i < h->targets; i++) {
		image_find(image, i, &user);
		for (size_t n = 0; n < user.objects; n++) {
			const struct caplog_object *o = &user.object[n];

			if (o->gone || o->kind != CAPLOG_OBJECT_SHARED_REGION ||
			    o->shared_region.owner != t->number)
				continue;
			printf("\tshared: line %" PRIu32 ", %s bytes from 0x%" PRIx64 " on, with",
			       o->shared_region.dataspace, size_text(o->shared_region.size),
			       o->shared_region.offset);
			put_component(&user);
			printf(" at 0x%" PRIx64 "\n", o->shared_region.address);
		}
	}
}

void print_image_memory(const void *image, const struct image_target *t)
{
	const struct caplog_object **region = malloc((t->objects + 1) * sizeof *region);
	size_t count = 0;

	for (size_t i = 0; region && i < t->objects; i++)
		if (is_region(&t->object[i]))
			region[count++] = &t->object[i];
	if (region)
		qsort(region, count, sizeof *region, by_address);
	for (size_t i = 0; i < count; i++) {
		if (!i || map_of(region[i]) != map_of(region[i - 1]))
			printf("\t%s\n", map_name(map_of(region[i])));
		print_region(image, t, region[i]);
	}
	free(region);
	print_kept(image, t);
	print_sharers(image, t);
}
