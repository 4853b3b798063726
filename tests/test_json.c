/* SPDX-License-Identifier: BSD-2-Clause */
/* Every document is as docs/caplog.schema.json says, and the validator notices if not */
#include "t_files.h"
#include "t_schema.h"

#include "tool.h"

#define SCHEMA "docs/caplog.schema.json"

static struct t_schema schema;
static unsigned documents;

static int open_schema(void **state)
{
	(void)state;
	t_schema_open(&schema, SCHEMA);
	return 0;
}

static int close_schema(void **state)
{
	json_decref(schema.root);
	return t_clean(state);
}

/* What a command prints fits, and names schema and document. \return it; json_decref() it */
static json_t *printed(const char *const *args)
{
	struct t_run r = t_tool_input(NULL, args);
	json_error_t error;
	json_t *j = json_loads(r.out, JSON_REJECT_DUPLICATES, &error);

	if (r.status > 1 || !j)
		fail_msg("%s: status %d: %s%s", args[0], r.status, r.err, error.text);
	if (!t_schema_fits(&schema, j))
		fail_msg("%s: %s", args[0], schema.why);
	assert_string_equal(json_string_value(json_object_get(j, "document")), args[0]);
	documents++;
	t_run_free(&r);
	return j;
}

#define PRINTED(...) json_decref(printed((const char *const[]){ __VA_ARGS__, NULL }))

static void check_documents(const char *trace, const char *space)
{
	const char *log = t_path("json.log");
	static char before[256];

	t_expect(0, "import", "-s", "64K", trace, "-o", log);
	t_write_text(t_path("spec"), "component x {\nthread main at 0x9\n}\n");
	for (unsigned binary = 0; binary < 2; binary++) {
		const char *file = binary ? log : trace;

		PRINTED("show", "--json", file);
		PRINTED("stat", "--json", file);
		PRINTED("replay", "--json", file);
		PRINTED("history", "--json", "--slot", "0x213", file);
		PRINTED("history", "--json", "--slot", "0x3ff", file);
		PRINTED("check", "--json", "--spec", t_path("spec"), file);
		if (*before)
			PRINTED("diff", "--json", before, file);
		if (space)
			PRINTED("verify", "--json", "--space", space, file);
		if (space && *before)
			PRINTED("verify", "--json", "--allow-dead", "--space", space, before);
	}
	snprintf(before, sizeof before, "%s", trace);
}

static void test_documents_of_all_traces(void **state)
{
	(void)state;
	t_each_trace(check_documents);
	t_compare(documents, >, 150);
}

static void add_captured(FILE *f, const char *trace, unsigned pd)
{
	char *text = t_read(trace, NULL);

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		fprintf(f, "[init -> %x] @cap pd=0x%x %s\n", pd, pd, line);
	free(text);
}

static void test_documents_of_captures(void **state)
{
	const char *both = t_path("both"), *one = t_path("one");
	FILE *f = fopen(both, "w"), *g = fopen(one, "w");

	(void)state;
	add_captured(f, T_TRACES "sig.timer.trace", 0x4e0);
	add_captured(f, T_TRACES "rom_filter.timer.trace", 0x840);
	add_captured(g, T_TRACES "rom_filter.timer.trace", 0x840);
	fclose(f);
	fclose(g);
	PRINTED("show", "--json", both);
	PRINTED("history", "--json", "--slot", "0x213", both);
	PRINTED("diff", "--json", one, both);
	PRINTED("diff", "--json", both, one);
	PRINTED("diff", "--json", both, both);
}


/*
 * Does the validator notice?
 */

static unsigned changes;

static void must_not_fit(const json_t *document, const char *what, const char *key)
{
	if (t_schema_fits(&schema, document))
		fail_msg("fits, though %s: %s", what, key);
	changes++;
}

static json_t *of_another_type(const json_t *v)
{
	return json_is_string(v) ? json_integer(1) : json_string("0x1");
}

static int is_required(const char *document, const char *key)
{
	json_t *list = json_object_get(json_object_get(json_object_get(schema.root, "$defs"),
	                                               document), "required");
	json_t *name;
	size_t i;

	json_array_foreach(list, i, name)
		if (!strcmp(json_string_value(name), key))
			return 1;
	return 0;
}

/* Each value of an object below `root` takes another type in turn, and further in */
static void change_values(const json_t *root, json_t *v, unsigned depth)
{
	const char *key;
	json_t *value;
	void *next;

	if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v) && i < 3; i++)
			change_values(root, json_array_get(v, i), depth + 1);
		return;
	}
	if (!json_is_object(v))
		return;
	json_object_set_new(v, "unheard_of", json_true());
	must_not_fit(root, "a key is added", "unheard_of");
	json_object_del(v, "unheard_of");
	for (void *at = json_object_iter(v); at; at = next) {
		key = json_object_iter_key(at);
		value = json_incref(json_object_iter_value(at));
		next = json_object_iter_next(v, at);
		json_object_iter_set_new(v, at, of_another_type(value));
		/* text that is a number already stays text */
		if (!(json_is_string(value) && json_is_string(json_object_get(v, key))))
			must_not_fit(root, "a value has another type", key);
		json_object_set(v, key, value);
		change_values(root, value, depth + 1);
		json_decref(value);
		next = json_object_iter_next(v, json_object_iter_at(v, key));
	}
}

static void test_changed_documents_are_refused(void **state)
{
	static const char *const commands[] = { "show", "stat", "replay", "verify" };

	(void)state;
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		const int verify = !strcmp(commands[i], "verify");
		json_t *j = printed(verify
			? (const char *const[]){ "verify", "--json", T_TRACES "rom_filter.timer.trace", "--space",
			                         T_TRACES "rom_filter.timer.space", NULL }
			: (const char *const[]){ commands[i], "--json", T_TRACES "rom_filter.timer.trace", NULL });
		json_t *copy = json_deep_copy(j), *value;
		const char *key;

		json_object_foreach(copy, key, value) {
			json_object_del(j, key);
			if (is_required(commands[i], key))
				must_not_fit(j, "a key is missing", key);
			json_object_set(j, key, value);
		}
		change_values(j, j, 0);
		assert_true(t_schema_fits(&schema, j));
		json_object_set_new(j, "document", json_string("stats"));
		must_not_fit(j, "the document is another", "document");
		json_decref(copy);
		json_decref(j);
	}
	t_compare(changes, >, 100);
}


/*
 * One type per key, over all documents
 */

static json_t *types; /* key -> type */

static const char *type_of_rule(const json_t *rule)
{
	const json_t *resolved = t_schema_resolve(&schema, rule);
	const char *type = json_string_value(json_object_get(resolved, "type"));

	/* constants and lists are of strings in this schema */
	return type ? type : "string";
}

static void collect_types(const json_t *rule)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_array(rule))
		json_array_foreach((json_t *)rule, i, value)
			collect_types(value);
	if (!json_is_object(rule))
		return;
	json_object_foreach(json_object_get(rule, "properties"), key, value) {
		const char *type = type_of_rule(value);
		json_t *known = json_object_get(types, key);

		if (known && strcmp(json_string_value(known), type))
			fail_msg("\"%s\" is %s here and %s there", key, json_string_value(known), type);
		json_object_set_new(types, key, json_string(type));
	}
	json_object_foreach((json_t *)rule, key, value)
		collect_types(value);
}

static void test_one_type_per_key(void **state)
{
	(void)state;
	types = json_object();
	collect_types(schema.root);
	t_compare(json_object_size(types), >, 50);
	/* and the name of the schema is the one that is printed */
	assert_string_equal(json_string_value(json_object_get(schema.root, "$id")), TOOL_SCHEMA);
	json_decref(types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents_of_all_traces),
		cmocka_unit_test(test_documents_of_captures),
		cmocka_unit_test(test_changed_documents_are_refused),
		cmocka_unit_test(test_one_type_per_key),
	};

	return cmocka_run_group_tests(tests, open_schema, close_schema);
}
