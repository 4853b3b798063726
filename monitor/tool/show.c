/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include <jansson.h>

#include "image_file.h"

static void print_table(const struct tool_component *c, const struct filter *filter)
{
	const struct caplog_space *space = c->space;
	struct caplog_census n;
	uint32_t shown = 0;

	printf("%s%-6s  %-9s  %-9s  %6s  %s%s\n", tool_bold(), "slot", "badge", "kind", "serial",
	       "detail", tool_plain());
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++) {
		const struct caplog_cap *cap = &space->cap[slot];
		int const gone = cap->stale || is_tombstone(cap);

		if (!filter_takes(filter, space, slot))
			continue;
		shown++;
		printf("%s0x%-4x  0x%-7" PRIx32 "  %-9s  %6" PRIu64, gone ? tool_dim() : "", slot,
		       cap->badge, entry_name(space, slot), caplog_serial(cap));
		print_slot_detail(c, slot);
		puts(gone ? tool_plain() : "");
	}

	caplog_space_census(space, &n);
	if (filter_is_set(filter))
		printf("%" PRIu32 " slot%s shown of a space with ", shown, plural(shown));
	printf("live=%" PRIu32 " tombstones=%" PRIu32 " stale=%" PRIu32 "\n", n.live, n.tombstones,
	       n.stale);
}

/*
 * Images
 */

static void print_problem(void *ctx, const char *where, const char *text)
{
	(void)ctx;
	printf("\t%s", tool_red());
	tool_put_safe(stdout, where);
	printf(": ");
	tool_put_safe(stdout, text);
	puts(tool_plain());
}

static void heading(const char *text)
{
	printf("%s%s%s\n", tool_bold(), text, tool_plain());
}

static void print_target(const void *image, const struct tool_component *c,
                         const struct filter *filter)
{
	const struct image_target *t = &c->image->target;

	print_image_target(t->head);
	heading("threads");
	print_image_threads(t->thread, t->threads);
	heading("slots");
	print_table(c, filter);
	heading("ledger");
	print_image_ledger(t->object, t->objects);
	if (t->states) {
		heading("sessions");
		print_image_states(t->state, t->states);
	}
	if (t->pendings) {
		heading("signals");
		print_image_pending(t->pending, t->pendings);
	}
	heading("memory");
	print_image_memory(image, t);
}

static struct image_chain chain; /* the image, and the parents that were given */

/*
 * Checks of the image and of its chain. Without its parents it is not known whether a child
 * can be restored.
 *
 * \return how many problems
 */
static uint32_t all_problems(const void *image, image_report *report, void *ctx)
{
	const struct caplog_image_header *const h = image;
	uint32_t problems = image_problems(image, report, ctx);
	struct caplog_diag diag;

	if ((h->parent && chain.links == 1) || !image_chain_check(&chain, &diag))
		return problems;
	report(ctx, "chain", diag.text);
	return problems + 1;
}

/* \return status: 1 if a restore would refuse it */
static int print_image(const struct components *set, const void *image,
                       const struct filter *filter)
{
	const struct caplog_image_header *const h = image;
	uint32_t problems;

	heading("image");
	print_image_header(image);
	for (size_t i = 0; i < set->count; i++) {
		printf("\n%scomponent %zu: ", tool_bold(), i);
		tool_put_safe(stdout, set->list[i]->name);
		puts(tool_plain());
		if (filter_is_set(filter))
			print_table(set->list[i], filter);
		else
			print_target(image, set->list[i], filter);
	}
	putchar('\n');
	heading("checks");
	problems = all_problems(image, print_problem, NULL);
	printf("\tchecksum holds, %" PRIu32 " problem%s", problems, plural(problems));
	if (chain.links > 1)
		printf(", with %" PRIu32 " parent%s", chain.links - 1, plural(chain.links - 1));
	else if (h->parent)
		printf("; pages of its parents were not looked at (--parent)");
	putchar('\n');
	return tool_finish(problems ? TOOL_DIFFERS : TOOL_OK);
}


static json_t *component_json(json_t *j, const struct tool_component *c, const void *image,
                              const struct filter *filter)
{
	const struct caplog_space *space = c->space;
	struct caplog_census n;
	json_t *slots = json_array();

	caplog_space_census(space, &n);
	if (*c->name)
		json_object_set_new(j, "component", tool_json_text(c->name));
	json_object_set_new(j, "flavour", json_string(space->flavour->name));
	json_object_set_new(j, "word_bytes", json_integer(space->word_bytes));
	json_object_set_new(j, "complete", json_boolean(!c->log || !c->log->incomplete.error));
	json_object_set_new(j, "live", json_integer(n.live));
	json_object_set_new(j, "tombstones", json_integer(n.tombstones));
	json_object_set_new(j, "stale", json_integer(n.stale));
	for (uint32_t slot = 0; slot < space->flavour->slot_count; slot++)
		if (filter_takes(filter, space, slot))
			json_array_append_new(slots, slot_json(c, slot));
	json_object_set_new(j, "slots", slots);
	if (c->image)
		image_json(j, image, &c->image->target);
	return j;
}

static void list_problem(void *ctx, const char *where, const char *text)
{
	json_t *j = json_object();

	json_object_set_new(j, "component", tool_json_text(where));
	json_object_set_new(j, "text", tool_json_text(text));
	json_array_append_new(ctx, j);
}

static int print_json(const struct components *set, const struct filter *filter, int status)
{
	const void *const image = components_image(set);
	json_t *j = tool_json_document("show"), *list;

	if (image) {
		list = json_array();
		if (all_problems(image, list_problem, list))
			status = TOOL_DIFFERS;
		json_object_set_new(j, "problems", list);
		json_object_set_new(j, "image", tool_json_hex(((const struct caplog_image_header *)image)->checksum));
		if (((const struct caplog_image_header *)image)->parent)
			json_object_set_new(j, "parent",
			                    tool_json_hex(((const struct caplog_image_header *)image)->parent));
	}
	if (set->count == 1)
		return tool_json_print(component_json(j, set->list[0], image, filter), status);
	list = json_array();
	for (size_t i = 0; i < set->count; i++)
		json_array_append_new(list, component_json(json_object(), set->list[i], image,
		                                           filter));
	json_object_set_new(j, "components", list);
	return tool_json_print(j, status);
}

static int show(const struct components *set, const struct filter *filter, int json)
{
	int status = TOOL_OK;

	/* what is known is shown; the exit status says that it is not all */
	for (size_t i = 0; i < set->count; i++)
		if (set->list[i]->log && log_complete(set->list[i]->log))
			status = TOOL_DIFFERS;
	if (json)
		return print_json(set, filter, status);
	if (components_image(set))
		return print_image(set, components_image(set), filter);
	for (size_t i = 0; i < set->count; i++) {
		if (set->count > 1) {
			printf("%s%s", i ? "\n" : "", tool_bold());
			tool_put_safe(stdout, set->list[i]->name);
			puts(tool_plain());
		}
		print_table(set->list[i], filter);
	}
	return tool_finish(status);
}

/* The parents go behind the image. \return 0 or TOOL_UNUSABLE, error printed */
static int load_chain(const struct components *set, const char *file, char *const *parent,
                      int parents)
{
	const struct caplog_image_header *const image = components_image(set);

	if (!image)
		return parents ? tool_error("%s: is no image: it has no parents", tool_name(file)) : 0;
	chain.link[0] = (struct caplog_image_link){ image, image->size };
	chain.links = 1;
	return image_chain_load(&chain, parent, parents);
}

static int run(int argc, char **argv)
{
	char *parent[CAPLOG_CHAIN_MAX];
	struct components set;
	struct filter filter;
	struct args args;
	int option, json = 0, parents = 0, status = TOOL_UNUSABLE;

	filter_init(&filter);
	args_init(&args, &tool_show, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (option == 'j')
			json = 1;
		else if (option == 'p' && parents == CAPLOG_CHAIN_MAX - 1)
			return args_error(&args, "more than %u parents", CAPLOG_CHAIN_MAX - 1);
		else if (option == 'p')
			parent[parents++] = optarg;
		else if (filter_option(&filter, &args, option))
			return TOOL_UNUSABLE;
	}

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (components_load_file(&set, file, &args.load))
		return TOOL_UNUSABLE;

	if (!load_chain(&set, file, parent, parents))
		status = show(&set, &filter, json);
	image_chain_free(&chain, 1);
	components_free(&set);
	return status;
}

static const struct tool_option options[] = {
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 'p', "parent", "IMAGE", "parent of a child image, which is checked with it; again for the parent's "
	  "parent, to the one that is whole", TOOL_FILE },
	FILTER_OPTIONS,
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_show = {
	"show", "print the live capability space",
	"[OPTIONS] FILE",
	"Print each allocated slot: badge, kind, serial (which life of the slot it\n"
	"is), what the slot is bound to, and its name if it is one of the four\n"
	"capabilities that every component has. Of an image, print also where threads\n"
	"stand, the ledger, memory, and what a restore would refuse. Exit status 1 if\n"
	"the log was too small to know every slot, or the image has problems.\n",
	options,
	run
};
