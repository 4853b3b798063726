/* SPDX-License-Identifier: BSD-2-Clause */
/* caplog check: a capability space held against its description */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <jansson.h>

#include "spec.h"

struct check {
	const struct spec *spec;
	const struct components *set;
	const struct spec_component *want;
	const struct tool_component *have;
	uint64_t deviations;
	json_t  *list; /* NULL: print text */
};

static void deviation(struct check *k, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void deviation(struct check *k, unsigned line, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	k->deviations++;
	if (k->list) {
		json_t *j = json_object();

		json_object_set_new(j, "component", tool_json_text(k->want ? k->want->name : ""));
		json_object_set_new(j, "line", json_integer(line));
		json_object_set_new(j, "text", tool_json_text(text));
		json_array_append_new(k->list, j);
		return;
	}
	tool_put_safe(stdout, k->spec->file);
	if (line)
		printf(":%u", line);
	printf(": %s", tool_red());
	if (k->want)
		tool_put_safe(stdout, k->want->name);
	printf("%s%s", k->want ? ": " : "", tool_plain());
	tool_put_safe(stdout, text);
	putchar('\n');
}

/* "5", "3 to 5", "at least 3" */
static const char *count_text(const struct spec_statement *s)
{
	static char text[48];

	if (s->most == UINT32_MAX)
		snprintf(text, sizeof text, "at least %" PRIu32, s->least);
	else if (s->most != s->least)
		snprintf(text, sizeof text, "%" PRIu32 " to %" PRIu32, s->least, s->most);
	else
		snprintf(text, sizeof text, "%" PRIu32, s->least);
	return text;
}

/* Up to eight slots of a kind, for the message; "" if there is none */
static const char *slots_text(const struct check *k, unsigned kind, uint32_t thread)
{
	static char text[128];
	size_t n = 0;
	unsigned count = 0;

	*text = 0;
	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		const struct caplog_cap *cap = &k->have->space->cap[slot];

		if (cap->kind != kind || !is_live(k->have, slot) ||
		    (thread != CAPLOG_NO_SLOT && cap->other != thread))
			continue;
		if (count++ == 8)
			return strcat(text, " ...)");
		n += (size_t)snprintf(text + n, sizeof text - 8 - n, "%s0x%x", count == 1 ? " (" : " ",
		                      slot);
	}
	return count ? strcat(text, ")") : text;
}

static void check_count(struct check *k, const struct spec_statement *s, const char *what,
                        uint32_t found, const char *slots)
{
	if (found < s->least || found > s->most)
		deviation(k, s->line, "%s: expected %s, found %" PRIu32 "%s", what, count_text(s), found,
		          slots);
}

static void check_named(struct check *k, const struct spec_statement *s)
{
	const struct tool_component *c = k->have;
	uint32_t elsewhere = CAPLOG_NO_SLOT;

	for (uint32_t slot = 0; slot < CAPLOG_SLOTS_MAX; slot++) {
		if (c->names.name[slot] != s->name || !is_live(c, slot))
			continue;
		if (c->space->cap[slot].other == s->thread &&
		    (s->slot == CAPLOG_NO_SLOT || s->slot == slot))
			return;
		if (c->space->cap[slot].other == s->thread || elsewhere == CAPLOG_NO_SLOT)
			elsewhere = slot;
	}
	if (elsewhere == CAPLOG_NO_SLOT)
		deviation(k, s->line, "%s on %s: there is none", spec_word(s->name), s->text);
	else
		deviation(k, s->line, "%s on %s: found in slot 0x%x, bound to the thread of slot 0x%x",
		          spec_word(s->name), s->text, elsewhere, c->space->cap[elsewhere].other);
}

static void check_holds(struct check *k, const struct spec_statement *s)
{
	char what[COMPONENT_NAME_SIZE + 32], label[COMPONENT_NAME_SIZE];

	for (size_t i = 0; i < k->set->count; i++) {
		component_label(k->set->list[i], label, sizeof label);
		if (strcmp(label, s->text))
			continue;
		snprintf(what, sizeof what, "objects of \"%s\" held", s->text);
		check_count(k, s, what, count_held(k->have, i), "");
		return;
	}
	tool_note("%s:%u: component \"%s\" is not in the files: what is held of it cannot be judged",
	          k->spec->file, s->line, s->text);
}

static void check_given(struct check *k, const struct spec_statement *s)
{
	char what[COMPONENT_NAME_SIZE + 64];
	uint32_t found = 0;

	if (!k->have->image) {
		tool_note("%s:%u: %s has no ledger: what \"%s\" was given cannot be judged",
		          k->spec->file, s->line, k->have->file, k->want->name);
		return;
	}
	for (size_t i = 0; i < k->have->image->target.objects; i++)
		found += is_given(&k->have->image->target.object[i], s->text, s->object) != 0;
	snprintf(what, sizeof what, "%s%s%s given", s->text, *s->object ? " " : "", s->object);
	check_count(k, s, what, found, "");
}

static void check_statement(struct check *k, const struct spec_statement *s)
{
	char what[COMPONENT_NAME_SIZE + 32];

	switch (s->kind) {
	case SPEC_THREAD:
		if (s->slot >= k->have->space->flavour->slot_count ||
		    !caplog_is_thread_slot(k->have->space->flavour, s->slot))
			deviation(k, s->line, "thread %s: slot 0x%x is not a thread's in %s", s->text, s->slot,
			          k->have->space->flavour->name);
		else if (!is_thread_there(k->have, s->slot))
			deviation(k, s->line, "thread %s: there is no thread in slot 0x%x", s->text, s->slot);
		break;
	case SPEC_NAMED:
		check_named(k, s);
		break;
	case SPEC_OBJECTS:
	case SPEC_IRQS: {
		unsigned const kind = s->kind == SPEC_OBJECTS ? CAPLOG_RPC : CAPLOG_IRQ;

		snprintf(what, sizeof what, "%s on %s", s->kind == SPEC_OBJECTS ? "objects" : "irqs",
		         s->text);
		check_count(k, s, what, count_bound(k->have, kind, s->thread),
		            slots_text(k, kind, s->thread));
		break;
	}
	case SPEC_RECEIVED:
		check_count(k, s, "received", count_bound(k->have, CAPLOG_RECEIVED, CAPLOG_NO_SLOT), "");
		break;
	case SPEC_HOLDS:
		check_holds(k, s);
		break;
	case SPEC_GIVEN:
		check_given(k, s);
		break;
	}
}


/*
 * What the spec does not mention
 */

static int mentions(const struct spec_component *want, enum spec_kind kind, uint32_t thread)
{
	for (size_t i = 0; i < want->count; i++) {
		const struct spec_statement *s = &want->statement[i];

		if (s->kind == kind && (kind == SPEC_RECEIVED ||
		    (kind == SPEC_THREAD ? s->slot : s->thread) == thread))
			return 1;
	}
	return 0;
}

/* Names are objects or IRQs as well: a spec that lists them need not count them */
static uint32_t count_named(const struct check *k, enum spec_kind kind, uint32_t thread)
{
	uint32_t n = 0;

	for (size_t i = 0; i < k->want->count; i++) {
		const struct spec_statement *s = &k->want->statement[i];

		n += s->kind == SPEC_NAMED && s->thread == thread &&
		     (s->name == NAME_SEMAPHORE) == (kind == SPEC_IRQS);
	}
	return n;
}

static void check_unmentioned(struct check *k, uint32_t thread)
{
	static const struct { enum spec_kind spec; unsigned kind; const char *what; } bound[] = {
		{ SPEC_OBJECTS, CAPLOG_RPC, "object" }, { SPEC_IRQS, CAPLOG_IRQ, "irq" },
	};

	if (is_thread_there(k->have, thread) && !mentions(k->want, SPEC_THREAD, thread))
		deviation(k, k->want->line, "the thread in slot 0x%x is not in the spec", thread);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t const found = count_bound(k->have, bound[i].kind, thread);
		uint32_t const named = count_named(k, bound[i].spec, thread);

		if (found > named && !mentions(k->want, bound[i].spec, thread))
			deviation(k, k->want->line, "%" PRIu32 " %s%s on the thread of slot 0x%x%s, the spec "
			          "has %" PRIu32, found, bound[i].what, plural(found), thread,
			          slots_text(k, bound[i].kind, thread), named);
	}
}

/* A session or service of an image that no statement covers */
static void check_unmentioned_given(struct check *k)
{
	const struct image_target *t = &k->have->image->target;

	for (size_t i = 0; i < t->objects; i++) {
		int covered = !is_service(&t->object[i]) || t->object[i].gone;

		for (size_t n = 0; n < k->want->count; n++)
			covered |= k->want->statement[n].kind == SPEC_GIVEN &&
			           is_given(&t->object[i], k->want->statement[n].text,
			                    k->want->statement[n].object);
		if (!covered)
			deviation(k, k->want->line, "%s \"%.*s\" is not in the spec",
			          image_kind(t->object[i].kind), (int)sizeof t->object[i].name,
			          t->object[i].name);
	}
}

static void check_component(struct check *k)
{
	const struct spec_component *want = k->want;
	uint32_t const received = count_bound(k->have, CAPLOG_RECEIVED, CAPLOG_NO_SLOT);

	if (*want->flavour && strcmp(want->flavour, k->have->space->flavour->name))
		deviation(k, want->line, "flavour: expected %s, found %s", want->flavour,
		          k->have->space->flavour->name);
	for (size_t i = 0; i < want->count; i++)
		check_statement(k, &want->statement[i]);
	if (want->open)
		return;
	for (uint32_t slot = 0; slot < k->have->space->flavour->slot_count; slot++)
		check_unmentioned(k, slot);
	if (k->have->image)
		check_unmentioned_given(k);
	if (received && !mentions(want, SPEC_RECEIVED, 0))
		deviation(k, want->line, "%" PRIu32 " received capabilities, the spec has none", received);
}


static const struct tool_component *find(const struct check *k, const char *name)
{
	char label[COMPONENT_NAME_SIZE];

	if (k->spec->count == 1 && k->set->count == 1)
		return k->set->list[0];
	for (size_t i = 0; i < k->set->count; i++) {
		component_label(k->set->list[i], label, sizeof label);
		if (!strcmp(label, name))
			return k->set->list[i];
	}
	return NULL;
}

static void check_not_described(struct check *k, const struct tool_component *c)
{
	char label[COMPONENT_NAME_SIZE];

	component_label(c, label, sizeof label);
	for (size_t i = 0; i < k->spec->count; i++)
		if (find(k, k->spec->component[i].name) == c)
			return;
	k->want = NULL;
	deviation(k, 0, "component \"%s\" is not in the spec", label);
}

static int check_all(struct check *k, int json)
{
	if (components_complete(k->set))
		return TOOL_UNUSABLE;
	if (json && !(k->list = json_array()))
		return tool_error("out of memory");
	for (size_t i = 0; i < k->spec->count; i++) {
		k->want = &k->spec->component[i];
		k->have = find(k, k->want->name);
		if (k->have)
			check_component(k);
		else
			deviation(k, k->want->line, "there is no such component");
	}
	for (size_t i = 0; i < k->set->count; i++)
		check_not_described(k, k->set->list[i]);

	int const status = k->deviations ? TOOL_DIFFERS : TOOL_OK;
	if (json) {
		json_t *j = tool_json_document("check");

		json_object_set_new(j, "same", json_boolean(!k->deviations));
		json_object_set_new(j, "deviations", k->list);
		return tool_json_print(j, status);
	}
	printf("%zu component%s, %" PRIu64 " deviation%s\n", k->set->count, plural(k->set->count),
	       k->deviations, plural(k->deviations));
	return tool_finish(status);
}

static int load_and_check(const struct args *args, const char *path, char *const *files,
                          int count, int json)
{
	struct components set;
	struct spec spec;
	int status = TOOL_UNUSABLE;

	if (spec_load(&spec, path))
		return TOOL_UNUSABLE;
	if (!components_load(&set, files, count, &args->load)) {
		struct check k = { .spec = &spec, .set = &set };

		status = check_all(&k, json);
		components_free(&set);
	}
	spec_free(&spec);
	return status;
}

static int run(int argc, char **argv)
{
	const char *spec = NULL;
	struct args args;
	int option, json = 0;

	args_init(&args, &tool_check, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		if (option == 's')
			spec = optarg;
		else
			json = 1;
	}
	if (argc == optind)
		return args_error(&args, "FILE is missing (- is standard input)");
	if (!spec)
		return args_error(&args, "--spec SPEC is missing");
	return load_and_check(&args, spec, argv + optind, argc - optind, json);
}

static const struct tool_option options[] = {
	{ 's', "spec", "SPEC", "the description, as caplog-spec(5) has it", TOOL_FILE },
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_check = {
	"check", "hold a capability space against its description",
	"--spec SPEC [OPTIONS] FILE...",
	"Print one line for each statement of the spec that does not hold, and for what\n"
	"is there and not mentioned. Components are recognised by their names; if there\n"
	"is one in the spec and one in the files, these are compared. Exit status 1 if\n"
	"something deviates.\n",
	options,
	run
};
