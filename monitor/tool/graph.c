/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components, threads, what is bound to them, and the objects that each holds of
 * others, for Graphviz
 *
 * A cluster per component. Objects that have a name or that another component
 * of the graph holds stand alone; the others of an entrypoint share a box, and
 * so does what came from outside of the graph: with eight components the
 * picture still fits a page.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image_file.h"

struct graph {
	const struct components *set;
	int each; /* --all: no boxes that stand for several */
	const uint32_t *held; /* how often others hold each object: see place_of */
};

/* Text within a quoted string of the dot language */
static void put_quoted(const char *text)
{
	tool_put_quoted(text, "\\\\");
}

static int is_thread(const struct tool_component *c, uint32_t slot)
{
	return is_live(c, slot) && caplog_is_thread_slot(c->space->flavour, slot);
}

static int is_object(const struct tool_component *c, uint32_t slot)
{
	return is_live(c, slot) && c->space->cap[slot].kind == CAPLOG_RPC;
}

/* Of a component's slot, in tables of all */
static size_t place_of(size_t component, uint32_t slot)
{
	return component * CAPLOG_SLOTS_MAX + slot;
}

/* How often the components from `first` to before `end` hold each object of a component */
static void count_held(const struct graph *g, uint32_t *held, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
			const struct origin *o = held_object(g->set->list[i], slot);

			if (o)
				held[place_of(o->component, o->slot)]++;
		}
}

static int stands_alone(const struct graph *g, size_t i, uint32_t slot)
{
	return g->each || g->set->list[i]->names.name[slot] != NAME_NONE ||
	       g->held[place_of(i, slot)];
}

static void put_name(const struct tool_component *c, uint32_t slot)
{
	const char *const name = name_text(c->names.name[slot]);

	if (name)
		printf("\\n%s%s", c->names.believed[slot] ? "believed to be " : "", name);
}

static void print_threads(const struct graph *g, size_t i)
{
	const struct tool_component *c = g->set->list[i];

	for (uint32_t slot = 0; slot < c->space->flavour->user_base; slot++)
		if (is_thread(c, slot))
			printf("\t\tc%zu_t%x [label=\"%s 0x%x\", shape=ellipse, style=filled, "
			       "fillcolor=\"#dde8f6\"];\n", i, slot,
			       slot == c->space->flavour->thread_base ? "main thread" : "thread", slot);
}

/* A thread that the log does not have is drawn all the same, as what it is: missing */
static void print_binding(const struct graph *g, size_t i, const char *node, uint32_t slot,
                          uint32_t thread, const char *label)
{
	if (!is_thread(g->set->list[i], thread))
		printf("\t\tc%zu_t%x [label=\"no thread in 0x%x\", shape=ellipse, style=dashed, "
		       "color=red];\n", i, thread, thread);
	printf("\t\tc%zu_%s%x -> c%zu_t%x [label=\"%s\", arrowhead=dot];\n", i, node, slot, i, thread,
	       label);
}

/* The objects of each entrypoint that share a box */
static void print_shared(const struct graph *g, size_t i)
{
	const struct tool_component *c = g->set->list[i];
	unsigned count[CAPLOG_SLOTS_MAX] = { 0 };

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++)
		if (is_object(c, slot) && !stands_alone(g, i, slot))
			count[c->space->cap[slot].other]++;
	for (uint32_t thread = 0; thread < CAPLOG_SLOTS_MAX; thread++) {
		if (!count[thread])
			continue;
		printf("\t\tc%zu_s%x [label=\"%u RPC object%s\", shape=box3d];\n", i, thread,
		       count[thread], plural(count[thread]));
		print_binding(g, i, "s", thread, thread, "");
	}
}

static void print_objects(const struct graph *g, size_t i)
{
	const struct tool_component *c = g->set->list[i];

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_cap *cap = &c->space->cap[slot];

		if (is_live(c, slot) && cap->kind == CAPLOG_IRQ) {
			printf("\t\tc%zu_i%x [label=\"IRQ 0x%x", i, slot, slot);
			put_name(c, slot);
			printf("\", shape=diamond];\n");
			print_binding(g, i, "i", slot, cap->other, "attached");
		} else if (is_object(c, slot) && stands_alone(g, i, slot)) {
			printf("\t\tc%zu_o%x [label=\"0x%x", i, slot, slot);
			put_name(c, slot);
			printf("\"];\n");
			print_binding(g, i, "o", slot, cap->other, "");
		}
	}
	print_shared(g, i);
}

/* What the ledger of an image says of the slots: kinds, with counts */
static void put_given(const struct tool_component *c)
{
	unsigned lines = 0;

	for (uint32_t n = 0; c->image && caplog_object_kind_at(n); n++) {
		const struct caplog_object_kind *kind = caplog_object_kind_at(n);
		unsigned count = 0;

		for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
			const struct caplog_object *line;

			if (!is_live(c, slot) || c->space->cap[slot].kind != CAPLOG_RECEIVED ||
			    c->origin[slot].kind != ORIGIN_LINE)
				continue;
			line = image_line(&c->image->target, c->image->line[slot]);
			count += line && line->kind == kind->number;
		}
		if (count)
			printf("%s%u %s%s", lines++ ? "\\n" : ":\\n", count, kind->name, plural(count));
	}
}

/* What it received: from outside of the graph, and in all */
static void print_received(const struct graph *g, size_t i)
{
	const struct tool_component *c = g->set->list[i];
	unsigned outside = 0, inside = 0;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		if (!is_live(c, slot) || c->space->cap[slot].kind != CAPLOG_RECEIVED)
			continue;
		if (held_object(c, slot))
			inside++;
		else
			outside++;
	}
	printf("\t\tc%zu_r [label=\"holds %u capabilit%s\\nof others", i, outside + inside,
	       outside + inside == 1 ? "y" : "ies");
	if (g->set->count > 1)
		printf(",\\n%u from outside", outside);
	put_given(c);
	printf("\", shape=note];\n");
}

/* The owner of a shared region of a component; NULL: the graph has no such component */
static const struct tool_component *owner_of(const struct graph *g, size_t user,
                                             const struct caplog_object *region, size_t *index)
{
	const struct tool_component *c = g->set->list[user];
	size_t const i = user - c->image->target.number + region->shared_region.owner;

	*index = i;
	return i < g->set->count && g->set->list[i]->image ? g->set->list[i] : NULL;
}

/* Has another component attached the memory of this line? */
static int is_shared(const struct graph *g, size_t owner, uint32_t id)
{
	for (size_t i = 0; i < g->set->count; i++) {
		const struct image_space *image = g->set->list[i]->image;

		for (size_t n = 0; image && n < image->target.objects; n++) {
			const struct caplog_object *o = &image->target.object[n];
			size_t index;

			if (o->kind == CAPLOG_OBJECT_SHARED_REGION && o->shared_region.dataspace == id &&
			    owner_of(g, i, o, &index) && index == owner)
				return 1;
		}
	}
	return 0;
}

/* A dataspace that others have attached */
static void print_memory(const struct graph *g, size_t i)
{
	const struct tool_component *c = g->set->list[i];

	for (size_t n = 0; c->image && n < c->image->target.objects; n++) {
		const struct caplog_object *line = &c->image->target.object[n];

		if (line->kind == CAPLOG_OBJECT_DATASPACE && is_shared(g, i, line->id))
			printf("\t\tc%zu_m%" PRIu32 " [label=\"memory, %s bytes\\nline %" PRIu32
			       "\", shape=cylinder];\n", i, line->id, size_text(line->dataspace.size), line->id);
	}
}

static void print_component(const struct graph *g, size_t i)
{
	const struct tool_component *c = g->set->list[i];
	char label[COMPONENT_NAME_SIZE];
	struct caplog_census n;

	component_label(c, label, sizeof label);
	caplog_space_census(c->space, &n);
	printf("\tsubgraph cluster_%zu {\n\t\tlabel=\"", i);
	put_quoted(label);
	printf("\\n%s, %" PRIu32 " live slot%s\";\n\t\tstyle=rounded;\n", c->space->flavour->name,
	       n.live, plural(n.live));
	print_threads(g, i);
	print_objects(g, i);
	print_received(g, i);
	print_memory(g, i);
	printf("\t}\n");
}

/* Edges between components: one for each object, however many slots hold it */
static void print_holding(const struct graph *g, size_t i, uint32_t *held)
{
	const struct tool_component *c = g->set->list[i];

	count_held(g, held, i, i + 1);
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct origin *o = held_object(c, slot);
		uint32_t *const all = o ? &held[place_of(o->component, o->slot)] : NULL;

		if (!o || !*all)
			continue;
		printf("\tc%zu_r -> c%u_o%x [color=\"#b03a2e\", label=\"", i, o->component, o->slot);
		if (*all == 1)
			printf("0x%x\"];\n", slot);
		else
			printf("%" PRIu32 " slots\"];\n", *all);
		*all = 0; /* for the next component as well */
	}
}

/* Memory of others: an edge for each region, with its address */
static void print_sharing(const struct graph *g, size_t i)
{
	const struct image_space *image = g->set->list[i]->image;

	for (size_t n = 0; image && n < image->target.objects; n++) {
		const struct caplog_object *o = &image->target.object[n];
		const struct tool_component *owner = NULL;
		const struct caplog_object *line;
		size_t index;

		if (o->kind == CAPLOG_OBJECT_SHARED_REGION)
			owner = owner_of(g, i, o, &index);
		line = owner ? image_line(&owner->image->target, o->shared_region.dataspace) : NULL;
		if (!line || line->kind != CAPLOG_OBJECT_DATASPACE)
			continue;
		printf("\tc%zu_r -> c%zu_m%" PRIu32 " [color=\"#2e7d32\", style=dashed, label=\"0x%" PRIx64
		       "\"];\n", i, index, o->shared_region.dataspace, o->shared_region.address);
	}
}

static int print_graph(struct graph *g)
{
	size_t const slots = g->set->count * CAPLOG_SLOTS_MAX;
	uint32_t *const held = calloc(slots, sizeof *held);

	if (!held)
		return tool_error("out of memory");
	count_held(g, held, 0, g->set->count);
	g->held = held;
	printf("digraph caplog {\n\trankdir=LR;\n\tcompound=true;\n"
	       "\tnode [shape=box, fontsize=10, fontname=\"sans-serif\"];\n"
	       "\tedge [fontsize=9, fontname=\"sans-serif\"];\n"
	       "\tgraph [fontsize=12, fontname=\"sans-serif\"];\n");
	for (size_t i = 0; i < g->set->count; i++)
		print_component(g, i);
	memset(held, 0, slots * sizeof *held);
	for (size_t i = 0; i < g->set->count; i++)
		print_holding(g, i, held);
	for (size_t i = 0; i < g->set->count; i++)
		print_sharing(g, i);
	printf("}\n");
	free(held);
	return tool_finish(TOOL_OK);
}

static int graph(struct graph *g)
{
	return components_complete(g->set) ? TOOL_UNUSABLE : print_graph(g);
}

static int run(int argc, char **argv)
{
	struct components set;
	struct graph g = { &set, 0, NULL };
	struct args args;
	int option;

	args_init(&args, &tool_graph, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		g.each = 1;
	}
	if (argc == optind)
		return args_error(&args, "FILE is missing (- is standard input)");
	if (components_load(&set, argv + optind, argc - optind, &args.load))
		return TOOL_UNUSABLE;

	int const status = graph(&g);
	components_free(&set);
	return status;
}

static const struct tool_option options[] = {
	{ 'a', "all", NULL, "a box for each RPC object, also for those that have no name and that "
	  "no component holds", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_graph = {
	"graph", "print components and their objects for Graphviz",
	"[OPTIONS] FILE...",
	"Print a graph in the dot language: components, their threads, RPC objects and\n"
	"IRQs with the threads that they are bound to, and the objects that each holds\n"
	"of others; of an image, also the memory that components share, with its owner\n"
	"and the addresses at which others have attached it.\n"
	"Components of several files are drawn in one graph: their logs must have been\n"
	"taken at the same time, since objects are recognised by their badges.\n"
	"  caplog graph serial.txt | dot -Tsvg >serial.svg\n",
	options,
	run
};
