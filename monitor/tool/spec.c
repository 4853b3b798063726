/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog spec: a capability space as a text to begin with */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"

int is_thread_there(const struct tool_component *c, uint32_t slot)
{
	return is_live(c, slot) && caplog_is_thread_slot(c->space->flavour, slot);
}

uint32_t count_bound(const struct tool_component *c, unsigned kind, uint32_t thread)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		n += c->space->cap[slot].kind == kind && is_live(c, slot) &&
		     (thread == CAPLOG_NO_SLOT || c->space->cap[slot].other == thread);
	return n;
}

uint32_t count_held(const struct tool_component *c, size_t i)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		n += held_object(c, slot) && held_object(c, slot)->component == i;
	return n;
}

int is_service(const struct caplog_object *o)
{
	return o->kind == CAPLOG_OBJECT_SERVICE || o->kind == CAPLOG_OBJECT_PEER ||
	       (caplog_kind_carries(o->kind) == CAPLOG_CARRIES_SESSION &&
	        o->kind != CAPLOG_OBJECT_THREAD);
}

int is_given(const struct caplog_object *o, const char *kind, const char *name)
{
	return !o->gone && !strcmp(image_kind(o->kind), kind) &&
	       (!*name || !strncmp(o->name, name, sizeof o->name));
}

/* As unquote() of spec_read.c reads it */
static void put_quoted(const char *text)
{
	putchar('"');
	tool_put_quoted(text, "\\");
	putchar('"');
}

/* A name for a thread that a person recognises */
static void thread_name(const struct tool_component *c, uint32_t thread, char *name, size_t size)
{
	const struct caplog_flavour *f = c->space->flavour;

	if (thread == f->thread_base)
		snprintf(name, size, "main");
	else if (thread == (uint32_t)f->thread_base + f->thread_stride)
		snprintf(name, size, "ep");
	else if (count_bound(c, CAPLOG_IRQ, thread))
		snprintf(name, size, "signal-0x%x", thread);
	else
		snprintf(name, size, "%s-0x%x", count_bound(c, CAPLOG_RPC, thread) ? "ep" : "thread",
		         thread);
}

static void print_thread(const struct tool_component *c, uint32_t thread)
{
	uint32_t const objects = count_bound(c, CAPLOG_RPC, thread);
	uint32_t const irqs = count_bound(c, CAPLOG_IRQ, thread);
	char name[32];

	thread_name(c, thread, name, sizeof name);
	printf("\tthread %s at 0x%x\n", name, thread);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (c->names.name[slot] != NAME_NONE && is_live(c, slot) &&
		    c->space->cap[slot].other == thread)
			printf("\t%s%s on %s\n", c->names.believed[slot] ? "# believed: " : "",
			       spec_word((enum slot_name)c->names.name[slot]), name);
	if (objects)
		printf("\tobjects %" PRIu32 " on %s\n", objects, name);
	if (irqs)
		printf("\tirqs %" PRIu32 " on %s\n", irqs, name);
}

/* Sessions and announced services of an image, alike ones counted together */
static void print_given(const struct image_target *t)
{
	for (size_t i = 0; i < t->objects; i++) {
		const struct caplog_object *o = &t->object[i];
		unsigned count = 0, before = 0;
		char name[CAPLOG_OBJECT_NAME + 1];

		if (o->gone || !is_service(o))
			continue;
		snprintf(name, sizeof name, "%.*s", (int)sizeof o->name, o->name);
		for (size_t n = 0; n < t->objects; n++)
			if (is_given(&t->object[n], image_kind(o->kind), name)) {
				before += n < i;
				count++;
			}
		if (before)
			continue;
		printf("\tgiven %u \"%s\"", count, image_kind(o->kind));
		if (*name) {
			putchar(' ');
			put_quoted(name);
		}
		putchar('\n');
	}
}

static void print_component(const struct components *set, const struct tool_component *c)
{
	char label[COMPONENT_NAME_SIZE];

	component_label(c, label, sizeof label);
	printf("component ");
	put_quoted(label);
	printf(" {\n\tflavour %s\n", c->space->flavour->name);
	for (uint32_t slot = 0; slot < c->space->flavour->user_base; slot++)
		if (is_thread_there(c, slot))
			print_thread(c, slot);
	printf("\treceived %" PRIu32 "\n", count_bound(c, CAPLOG_RECEIVED, CAPLOG_NO_SLOT));
	for (size_t i = 0; i < set->count; i++)
		if (count_held(c, i)) {
			component_label(set->list[i], label, sizeof label);
			printf("\tholds %" PRIu32 " of ", count_held(c, i));
			put_quoted(label);
			putchar('\n');
		}
	if (c->image)
		print_given(&c->image->target);
	printf("}\n");
}

static int run(int argc, char **argv)
{
	struct components set;
	struct args args;
	int status = TOOL_UNUSABLE;

	args_init(&args, &tool_spec, argc, argv);
	while (args_option(&args) != OPTION_DONE)
		return args.status;
	if (argc == optind)
		return args_error(&args, "FILE is missing (- is standard input)");
	if (components_load(&set, argv + optind, argc - optind, &args.load))
		return TOOL_UNUSABLE;
	if (!components_complete(&set)) {
		printf("# Counts may be ranges: N, N..M, N.., any. See caplog-spec(5).\n");
		for (size_t i = 0; i < set.count; i++)
			print_component(&set, set.list[i]);
		status = tool_finish(TOOL_OK);
	}
	components_free(&set);
	return status;
}

const struct tool_command tool_spec = {
	"spec", "describe a capability space as an editable text",
	"[OPTIONS] FILE...",
	"Print a description of the components: threads, RPC objects and IRQs by the\n"
	"thread that they are bound to, and how many capabilities were received. A\n"
	"person edits it and keeps it under version control; `caplog check` holds it\n"
	"against other logs. caplog-spec(5) has the grammar.\n",
	NULL,
	run
};
