/* SPDX-License-Identifier: BSD-2-Clause */
/* An image, chunk by chunk */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pages.h>

#include "dump.h"
#include "image_file.h"

enum { HEADER = sizeof(struct caplog_image_header), CHUNK = sizeof(struct caplog_chunk) };

static uint64_t padded(uint64_t size)
{
	return (size + 7) & ~(uint64_t)7;
}

static void dump_header(struct dump *d, struct caplog_image_header *h)
{
	struct caplog_diag diag;

	memset(h, 0, sizeof *h);
	memcpy(h, d->bytes, d->size < HEADER ? d->size : HEADER);
	dump_part(0, "header");
	print_image_header(h);
	/* each on its own: a restore stops at the first */
	if (d->size < HEADER)
		dump_problem(d, d->size, "the file ends within the header");
	if (h->byte_order != CAPLOG_BYTE_ORDER)
		dump_problem(d, 12, "byte order 0x%" PRIx32 ", expected 0x%" PRIx32, h->byte_order,
		             CAPLOG_BYTE_ORDER);
	if (h->major != CAPLOG_IMAGE_MAJOR)
		dump_problem(d, 8, "format version %u.%u, this tool reads %u.x: what follows is a guess",
		             h->major, h->minor, CAPLOG_IMAGE_MAJOR);
	if (h->size != d->size)
		dump_problem(d, 16, "the header says %" PRIu64 " bytes, the file has %" PRIu64, h->size,
		             d->size);
	if (!h->targets || h->targets > CAPLOG_TARGETS_MAX)
		dump_problem(d, 24, "%" PRIu32 " components: 1 to %u are possible", h->targets,
		             CAPLOG_TARGETS_MAX);
	if (h->major == CAPLOG_IMAGE_MAJOR && h->size == d->size &&
	    caplog_image_check(d->bytes, d->size, &diag))
		dump_problem(d, 32, "%s", diag.text);
}

/* Could a chunk begin here? */
static int is_chunk(const struct dump *d, const struct caplog_image_header *h, uint64_t at,
                    struct caplog_chunk *c)
{
	if (d->size - at < CHUNK)
		return 0;
	memcpy(c, d->bytes + at, CHUNK);
	return c->kind >= CAPLOG_CHUNK_TARGET && c->kind <= CAPLOG_CHUNK_NAME &&
	       c->target < CAPLOG_TARGETS_MAX && (h->targets > CAPLOG_TARGETS_MAX || !h->targets ||
	       c->target < h->targets) && c->size <= d->size && padded(c->size) <= d->size - at - CHUNK;
}

/* Do chunks follow each other from here to the end of the file? */
static int is_chain(const struct dump *d, const struct caplog_image_header *h, uint64_t at)
{
	struct caplog_chunk c;

	while (at < d->size && is_chunk(d, h, at, &c))
		at += CHUNK + padded(c.size);
	return at == d->size;
}

/* The next offset at which a chain begins that reaches the end; the size: none */
static uint64_t find_chain(const struct dump *d, const struct caplog_image_header *h, uint64_t at)
{
	for (at = padded(at); at < d->size && d->size - at >= CHUNK; at += 8)
		if (is_chain(d, h, at))
			return at;
	return d->size;
}

/* Elements of a list that are there. \return how many */
static size_t elements(struct dump *d, const char *name, uint64_t at, const struct caplog_chunk *c,
                       uint64_t have, size_t each)
{
	dump_part(at - CHUNK, "%s of component %" PRIu32 ": %" PRIu64 " element%s", name, c->target,
	          c->size / each, plural(c->size / each));
	if (c->size % each)
		dump_problem(d, at, "%" PRIu64 " bytes are no multiple of %zu", c->size, each);
	return (size_t)(have / each);
}

static void dump_memory(struct dump *d, uint64_t at, const struct caplog_chunk *c, uint64_t have)
{
	struct caplog_image_pages m;
	struct caplog_pages pages;

	if (have < sizeof m) {
		dump_part(at - CHUNK, "memory of component %" PRIu32, c->target);
		dump_problem(d, at, "%" PRIu64 " bytes are too few", have);
		return;
	}
	memcpy(&m, d->bytes + at, sizeof m);
	dump_part(at - CHUNK, "memory of component %" PRIu32 ": line %" PRIu64 ", %s bytes, %" PRIu32
	          " page%s stored", c->target, m.object, size_text(m.size), m.stored, plural(m.stored));
	if (caplog_pages_open(&pages, d->bytes, d->bytes + at, c->size))
		dump_problem(d, at, "%" PRIu32 " stored pages of %" PRIu64 " bytes do not make up a chunk of %"
		             PRIu64, m.stored, m.size, c->size);
	else if (have >= c->size && caplog_pages_check(&pages))
		dump_problem(d, at, "a stored page does not have its hash");
}

/* A copy that is aligned for the elements, since a damaged chain may be at any offset */
static void dump_chunk(struct dump *d, uint64_t at, const struct caplog_chunk *c, uint64_t have)
{
	void *const copy = c->kind == CAPLOG_CHUNK_PAGES ? NULL : malloc(have + 1);

	if (c->kind == CAPLOG_CHUNK_PAGES) {
		dump_memory(d, at, c, have);
		return;
	}
	if (!copy) {
		dump_problem(d, at, "out of memory: %" PRIu64 " bytes are not shown", have);
		return;
	}
	memcpy(copy, d->bytes + at, have);
	switch (c->kind) {
	case CAPLOG_CHUNK_TARGET:
		if (elements(d, "description", at, c, have, sizeof(struct caplog_image_target)))
			print_image_target(copy);
		break;
	case CAPLOG_CHUNK_SLOTS:
		print_image_slots(copy, elements(d, "slots", at, c, have,
		                                 sizeof(struct caplog_image_slot)));
		break;
	case CAPLOG_CHUNK_OBJECTS:
		print_image_ledger(copy, elements(d, "ledger", at, c, have,
		                                  sizeof(struct caplog_object)));
		break;
	case CAPLOG_CHUNK_STATES:
		print_image_states(copy, elements(d, "sessions", at, c, have,
		                                  sizeof(struct caplog_image_state)));
		break;
	case CAPLOG_CHUNK_THREADS:
		print_image_threads(copy, elements(d, "threads", at, c, have,
		                                   sizeof(struct caplog_image_thread)));
		break;
	case CAPLOG_CHUNK_PENDING:
		print_image_pending(copy, elements(d, "pending signals", at, c, have,
		                                   sizeof(struct caplog_image_pending)));
		break;
	case CAPLOG_CHUNK_NAME:
		dump_part(at - CHUNK, "name of component %" PRIu32, c->target);
		printf("\t\"");
		((char *)copy)[have] = 0;
		tool_put_safe(stdout, copy);
		puts("\"");
		break;
	default:
		dump_part(at - CHUNK, "chunk of unknown kind %" PRIu32 ", %" PRIu64 " bytes", c->kind,
		          c->size);
		dump_problem(d, at - CHUNK, "kind %" PRIu32 " is unknown", c->kind);
	}
	free(copy);
}

/* The chunk at `at` does not fit. \return where to continue */
static uint64_t skip_damage(struct dump *d, const struct caplog_image_header *h, uint64_t at)
{
	struct caplog_chunk c;
	uint64_t const next = find_chain(d, h, at + 8);
	uint64_t const have = next - at;

	if (have < CHUNK) {
		dump_problem(d, at, "the file ends within the header of a chunk");
		return next;
	}
	memcpy(&c, d->bytes + at, CHUNK);
	if (next == d->size && c.kind >= CAPLOG_CHUNK_TARGET && c.kind <= CAPLOG_CHUNK_NAME &&
	    c.target < CAPLOG_TARGETS_MAX) {
		dump_chunk(d, at + CHUNK, &c, c.size < have - CHUNK ? c.size : have - CHUNK);
		dump_problem(d, at + CHUNK, "%" PRIu64 " of its %" PRIu64 " bytes are there: the file is "
		             "cut, or the size is damaged", have - CHUNK, c.size);
	} else {
		dump_problem(d, at, "no chunk: kind %" PRIu32 ", component %" PRIu32 ", %" PRIu64
		             " bytes; %" PRIu64 " bytes are passed over", c.kind, c.target, c.size, have);
	}
	return next;
}

static void dump_known_problem(void *ctx, const char *where, const char *text)
{
	struct dump *d = ctx;

	d->problems++;
	printf("%s! ", tool_red());
	tool_put_safe(stdout, where);
	printf(": ");
	tool_put_safe(stdout, text);
	puts(tool_plain());
}

void dump_image(struct dump *d)
{
	struct caplog_image_header h;
	struct caplog_chunk c;
	struct caplog_diag diag;
	uint64_t at = HEADER;
	uint32_t chunks = 0;

	dump_header(d, &h);
	while (at < d->size) {
		if (!is_chunk(d, &h, at, &c)) {
			at = skip_damage(d, &h, at);
			continue;
		}
		chunks++;
		dump_chunk(d, at + CHUNK, &c, c.size);
		at += CHUNK + padded(c.size);
	}
	if (chunks != h.chunks)
		dump_problem(d, 28, "the header says %" PRIu32 " chunks, %" PRIu32 " are whole", h.chunks,
		             chunks);
	if (!caplog_image_check(d->bytes, d->size, &diag))
		image_problems(d->bytes, dump_known_problem, d);
}
