/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs between two capability spaces */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "image_file.h"

/* In the order of the summary; what a slot is counted as is the first that applies */
enum change { SAME, ADDED, GONE, CHANGED_KIND, REBOUND, REBADGED, CHANGES };

static const struct { const char *json, *text; } names[CHANGES] = {
	[ADDED]        = { "added",    "added" },
	[GONE]         = { "gone",     "gone" },
	[CHANGED_KIND] = { "kind",     "of another kind" },
	[REBOUND]      = { "rebound",  "rebound" },
	[REBADGED]     = { "rebadged", "re-badged" },
};

struct diff {
	const struct tool_component *a, *b;
	uint64_t count[CHANGES];
	uint64_t absent;          /* components that one side lacks */
	int      ignore_badges;
	json_t  *list;            /* NULL: print text               */
};

static int is_bound(const struct caplog_cap *c)
{
	return c->kind == CAPLOG_RPC || c->kind == CAPLOG_TOMBSTONE || c->kind == CAPLOG_IRQ;
}

/* Known in images only */
static int is_dead(const struct tool_component *c, uint32_t slot)
{
	return c->image && c->image->dead[slot];
}

static const char *kind_text(const struct tool_component *c, uint32_t slot)
{
	return is_dead(c, slot) ? "dead" : entry_name(c->space, slot);
}

static enum change compare(const struct diff *d, uint32_t slot)
{
	const struct caplog_cap *a = &d->a->space->cap[slot], *b = &d->b->space->cap[slot];

	if (a->kind == CAPLOG_EMPTY || b->kind == CAPLOG_EMPTY)
		return a->kind == b->kind ? SAME : a->kind == CAPLOG_EMPTY ? ADDED : GONE;
	if (a->kind != b->kind || a->stale != b->stale ||
	    (d->a->image && d->b->image && is_dead(d->a, slot) != is_dead(d->b, slot)))
		return CHANGED_KIND;
	if (is_bound(a) && (a->other != b->other || (a->kind == CAPLOG_IRQ &&
	                    d->a->space->a[slot] != d->b->space->a[slot])))
		return REBOUND;
	return a->badge != b->badge && !d->ignore_badges ? REBADGED : SAME;
}

static void print_change(const struct diff *d, uint32_t slot, enum change change)
{
	const struct caplog_cap *a = &d->a->space->cap[slot], *b = &d->b->space->cap[slot];

	if (change == ADDED || change == GONE) {
		printf("%s%c ", change == ADDED ? tool_green() : tool_red(), change == ADDED ? '+' : '-');
		print_slot(change == ADDED ? d->b : d->a, slot);
		puts(tool_plain());
		return;
	}
	printf("! 0x%-4x  ", slot);
	if (change == CHANGED_KIND)
		printf("%s -> %s  ", kind_text(d->a, slot), kind_text(d->b, slot));
	else
		printf("%-9s  ", entry_name(d->b->space, slot));
	if (a->badge != b->badge)
		printf("badge 0x%" PRIx32 " -> 0x%" PRIx32, a->badge, b->badge);
	else
		printf("badge 0x%" PRIx32, a->badge);
	if (change == REBOUND && a->other != b->other)
		printf("  bound to the thread of slot 0x%x -> 0x%x", a->other, b->other);
	else if (change == REBOUND)
		printf("  label 0x%" PRIx64 " -> 0x%" PRIx64, d->a->space->a[slot],
		       d->b->space->a[slot]);
	puts(name_suffix(&d->b->names, slot));
}

static json_t *change_json(const struct diff *d, uint32_t slot, enum change change)
{
	json_t *j = json_object();

	if (*d->b->name)
		json_object_set_new(j, "component", tool_json_text(d->b->name));
	json_object_set_new(j, "slot", tool_json_hex(slot));
	json_object_set_new(j, "change", json_string(names[change].json));
	if (change != ADDED)
		json_object_set_new(j, "before", slot_json(d->a, slot));
	if (change != GONE)
		json_object_set_new(j, "after", slot_json(d->b, slot));
	return j;
}

static void diff_component(struct diff *d, const char *title)
{
	int is_first = 1;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		enum change const change = compare(d, slot);

		d->count[change]++;
		if (change == SAME)
			continue;
		if (d->list) {
			json_array_append_new(d->list, change_json(d, slot, change));
			continue;
		}
		if (is_first && *title) {
			tool_put_safe(stdout, title);
			puts(":");
		}
		is_first = 0;
		print_change(d, slot, change);
	}
}

/* The component of a set that stands for c of another set; NULL: it has none */
static const struct tool_component *partner(const struct components *set,
                                       const struct components *of, const struct tool_component *c)
{
	char wanted[COMPONENT_NAME_SIZE], label[COMPONENT_NAME_SIZE];

	if (set->count == 1 && of->count == 1)
		return set->list[0];
	component_label(c, wanted, sizeof wanted);
	for (size_t i = 0; i < set->count; i++) {
		component_label(set->list[i], label, sizeof label);
		if (!strcmp(label, wanted))
			return set->list[i];
	}
	return NULL;
}

static void absent(struct diff *d, const struct tool_component *c, char sign)
{
	char label[COMPONENT_NAME_SIZE];

	d->absent++;
	component_label(c, label, sizeof label);
	if (d->list) {
		json_t *j = json_object();

		json_object_set_new(j, "component", tool_json_text(label));
		json_object_set_new(j, "change", json_string(sign == '+' ? "added" : "gone"));
		json_array_append_new(d->list, j);
		return;
	}
	printf("%s%c component ", sign == '+' ? tool_green() : tool_red(), sign);
	tool_put_safe(stdout, label);
	puts(tool_plain());
}

static int finish(struct diff *d, int json)
{
	uint64_t total = d->absent;

	for (int change = ADDED; change < CHANGES; change++)
		total += d->count[change];
	if (json) {
		json_t *j = tool_json_document("diff");

		json_object_set_new(j, "same", json_boolean(!total));
		json_object_set_new(j, "changes", d->list);
		return tool_json_print(j, total ? TOOL_DIFFERS : TOOL_OK);
	}
	if (total) {
		for (int change = ADDED; change < CHANGES; change++)
			printf("%s%" PRIu64 " slot%s %s", change == ADDED ? "" : ", ", d->count[change],
			       plural(d->count[change]), names[change].text);
		if (d->absent)
			printf(", %" PRIu64 " component%s on one side only", d->absent, plural(d->absent));
		putchar('\n');
	}
	return tool_finish(total ? TOOL_DIFFERS : TOOL_OK);
}

/* Slots of two releases mean different things. \return 0 or TOOL_UNUSABLE, error printed */
static int same_flavour(const struct components *a, const struct components *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct tool_component *x = a->list[i], *y = partner(b, a, x);

		if (y && x->space->flavour != y->space->flavour)
			return tool_error("%s is of %s, %s of %s: their slots cannot be compared", x->file,
			                  x->space->flavour->name, y->file, y->space->flavour->name);
	}
	return 0;
}

static int diff(const struct components *a, const struct components *b, int ignore_badges,
                int json)
{
	struct diff d = { .ignore_badges = ignore_badges };

	if (components_complete(a) || components_complete(b) || same_flavour(a, b))
		return TOOL_UNUSABLE;
	if (json && !(d.list = json_array()))
		return tool_error("out of memory");
	for (size_t i = 0; i < a->count; i++) {
		d.a = a->list[i];
		if (!(d.b = partner(b, a, d.a)))
			absent(&d, d.a, '-');
		else
			diff_component(&d, d.a->name);
	}
	for (size_t i = 0; i < b->count; i++)
		if (!partner(a, b, b->list[i]))
			absent(&d, b->list[i], '+');
	return finish(&d, json);
}

static int load_and_diff(const struct args *args, const char *a, const char *b,
                         int ignore_badges, int json)
{
	struct components x, y;
	int status = TOOL_UNUSABLE;

	if (!strcmp(a, "-") && !strcmp(b, "-"))
		return args_error(args, "A and B cannot both be standard input");
	if (components_load_file(&x, a, &args->load))
		return TOOL_UNUSABLE;
	if (!components_load_file(&y, b, &args->load)) {
		status = diff(&x, &y, ignore_badges, json);
		components_free(&y);
	}
	components_free(&x);
	return status;
}

enum { OPTION_IGNORE_BADGES = OPTION_OWN };

static int run(int argc, char **argv)
{
	int option, json = 0, ignore_badges = 0;
	struct args args;

	args_init(&args, &tool_diff, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		json |= option == 'j';
		ignore_badges |= option == OPTION_IGNORE_BADGES;
	}
	if (argc - optind < 2)
		return args_error(&args, "two files are expected, A and B (- is standard input)");
	if (argc - optind > 2)
		return args_error(&args, "two files are expected, \"%s\" is one too many",
		                  argv[optind + 2]);
	return load_and_diff(&args, argv[optind], argv[optind + 1], ignore_badges, json);
}

static const struct tool_option options[] = {
	{ 'j', "json", NULL, "print JSON", NULL },
	{ OPTION_IGNORE_BADGES, "ignore-badges", NULL, "slots that differ in their badge only are "
	  "alike: a restored component has new badges everywhere", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_diff = {
	"diff", "print what differs between two capability spaces",
	"[OPTIONS] A B",
	"Print the slots of B that A does not have (+), that only A has (-), and those\n"
	"that changed (!): another badge, bound to another thread, of another kind.\n"
	"Components of captures and images are compared by their names. Which life of\n"
	"a slot it is does not matter. Exit status 0 if there is no difference, 1 if\n"
	"there is, 2 on trouble.\n",
	options,
	run
};
