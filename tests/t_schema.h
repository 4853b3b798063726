/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON held against a JSON schema: what docs/caplog.schema.json uses of the language */
#ifndef T_SCHEMA_H
#define T_SCHEMA_H

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

struct t_schema {
	json_t *root;
	char    why[512];  /* the last thing that did not fit, and where */
};

static inline int t_schema_fail(struct t_schema *s, const char *path, const char *what)
{
	snprintf(s->why, sizeof s->why, "%s: %s", path, what);
	return 0;
}

/* A keyword that is not understood must not pass for one that is met */
static inline void t_schema_check_keywords(const json_t *schema)
{
	static const char *const known[] = {
		"$schema", "$id", "$defs", "title", "description", "$ref", "type", "const", "enum",
		"pattern", "minimum", "properties", "required", "additionalProperties", "items", "oneOf"
	};
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)schema, key, value) {
		size_t i = 0;

		while (i < sizeof known / sizeof known[0] && strcmp(known[i], key))
			i++;
		if (i == sizeof known / sizeof known[0])
			fail_msg("the schema uses \"%s\", which this validator does not know", key);
	}
}

static inline const json_t *t_schema_resolve(const struct t_schema *s, const json_t *schema)
{
	const char *ref;

	while ((ref = json_string_value(json_object_get(schema, "$ref")))) {
		if (strncmp(ref, "#/$defs/", 8))
			fail_msg("$ref %s does not lead into $defs", ref);
		schema = json_object_get(json_object_get(s->root, "$defs"), ref + 8);
		if (!schema)
			fail_msg("$ref %s leads nowhere", ref);
	}
	return schema;
}

static inline int t_schema_type(const char *type, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:  return !strcmp(type, "object");
	case JSON_ARRAY:   return !strcmp(type, "array");
	case JSON_STRING:  return !strcmp(type, "string");
	case JSON_INTEGER: return !strcmp(type, "integer");
	case JSON_REAL:    return !strcmp(type, "number");
	case JSON_NULL:    return !strcmp(type, "null");
	default:           return !strcmp(type, "boolean");
	}
}

static inline int t_schema_matches(const char *pattern, const char *text)
{
	regex_t regex;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		fail_msg("pattern %s is not valid", pattern);
	int const matches = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return matches;
}

static inline int t_schema_valid(struct t_schema *s, const json_t *schema, const json_t *v,
                                 const char *path);

static inline int t_schema_object(struct t_schema *s, const json_t *schema, const json_t *v,
                                  const char *path)
{
	const json_t *properties = json_object_get(schema, "properties");
	char below[256];
	const char *key;
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i, value)
		if (!json_object_get(v, json_string_value(value))) {
			snprintf(below, sizeof below, "%s/%s", path, json_string_value(value));
			return t_schema_fail(s, below, "is missing");
		}
	json_object_foreach((json_t *)v, key, value) {
		const json_t *of = json_object_get(properties, key);

		snprintf(below, sizeof below, "%s/%s", path, key);
		if (of && !t_schema_valid(s, of, value, below))
			return 0;
		if (!of && json_is_false(json_object_get(schema, "additionalProperties")))
			return t_schema_fail(s, below, "is not in the schema");
	}
	return 1;
}

/* The branch whose "document" fits has the best message: it is tried last */
static inline int t_schema_one_of(struct t_schema *s, const json_t *branches, const json_t *v,
                                  const char *path)
{
	char best[sizeof s->why] = "";
	unsigned matching = 0;
	json_t *branch;
	size_t i;

	json_array_foreach(branches, i, branch) {
		s->why[0] = 0;
		matching += (unsigned)t_schema_valid(s, branch, v, path);
		if (s->why[0] && (!*best || !strstr(s->why, "/document: ")))
			memcpy(best, s->why, sizeof best);
	}
	if (matching == 1)
		return 1;
	memcpy(s->why, best, sizeof best);
	return matching ? t_schema_fail(s, path, "fits several branches") : 0;
}

static inline int t_schema_valid(struct t_schema *s, const json_t *schema, const json_t *v,
                                 const char *path)
{
	const json_t *rule, *value;
	size_t i;

	schema = t_schema_resolve(s, schema);
	t_schema_check_keywords(schema);
	if ((rule = json_object_get(schema, "type")) && !t_schema_type(json_string_value(rule), v))
		return t_schema_fail(s, path, "is of another type");
	if ((rule = json_object_get(schema, "const")) && !json_equal(rule, v))
		return t_schema_fail(s, path, "has another value");
	if ((rule = json_object_get(schema, "enum"))) {
		for (i = 0; (value = json_array_get(rule, i)) && !json_equal(value, v); i++)
			;
		if (!value)
			return t_schema_fail(s, path, "has a value that is not in the list");
	}
	if ((rule = json_object_get(schema, "pattern")) && json_is_string(v) &&
	    !t_schema_matches(json_string_value(rule), json_string_value(v)))
		return t_schema_fail(s, path, "does not match the pattern");
	if ((rule = json_object_get(schema, "minimum")) && json_is_integer(v) &&
	    json_integer_value(v) < json_integer_value(rule))
		return t_schema_fail(s, path, "is below the minimum");
	if (json_is_object(v) && !t_schema_object(s, schema, v, path))
		return 0;
	if ((rule = json_object_get(schema, "items")) && json_is_array(v))
		for (i = 0; i < json_array_size(v); i++) {
			char below[256];

			snprintf(below, sizeof below, "%s/%zu", path, i);
			if (!t_schema_valid(s, rule, json_array_get(v, i), below))
				return 0;
		}
	rule = json_object_get(schema, "oneOf");
	return !rule || t_schema_one_of(s, rule, v, path);
}

static inline void t_schema_open(struct t_schema *s, const char *path)
{
	json_error_t error;

	s->why[0] = 0;
	s->root = json_load_file(path, 0, &error);
	if (!s->root)
		fail_msg("%s:%d: %s", path, error.line, error.text);
}

/* \return 1 if the document fits; else s->why */
static inline int t_schema_fits(struct t_schema *s, const json_t *document)
{
	return t_schema_valid(s, s->root, document, "");
}

#endif
