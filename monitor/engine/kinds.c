/* SPDX-License-Identifier: BSD-2-Clause */
#include "kinds.h"

#define COUNT(list) (sizeof list / sizeof list[0])

#define WORD(type, field, at, meaning) { #field, meaning, at, sizeof(type) },
#define X(number, id, member, name, platforms, carries) \
	static const struct caplog_word words_##id[] = { CAPLOG_WORDS_##id(WORD) };
CAPLOG_OBJECT_KINDS(X)
#undef X

static const struct caplog_object_kind kinds[] = {
#define X(number, id, member, name, platforms, carries) \
	{ number, platforms, CAPLOG_CARRIES_##carries, COUNT(words_##id), #id, name, words_##id },
	CAPLOG_OBJECT_KINDS(X)
#undef X
};

enum position {
#define X(number, id, member, name, platforms, carries) AT_##id,
	CAPLOG_OBJECT_KINDS(X)
#undef X
};

const struct caplog_object_kind *caplog_object_kind_at(uint32_t n)
{
	return n < COUNT(kinds) ? &kinds[n] : NULL;
}

/* A number that is given twice does not compile */
const struct caplog_object_kind *caplog_object_kind(uint32_t number)
{
	switch (number) {
#define X(number, id, member, name, platforms, carries) case number: return &kinds[AT_##id];
	CAPLOG_OBJECT_KINDS(X)
#undef X
	}
	return NULL;
}

int caplog_kind_on(uint32_t number, enum caplog_platform_number platform)
{
	const struct caplog_object_kind *kind = caplog_object_kind(number);

	return kind && (kind->platforms >> platform & 1u);
}

enum caplog_carries caplog_kind_carries(uint32_t number)
{
	const struct caplog_object_kind *kind = caplog_object_kind(number);

	return kind ? (enum caplog_carries)kind->carries : CAPLOG_CARRIES_NOTHING;
}

const char *caplog_platform_name(uint32_t number)
{
	switch (number) {
#define X(number, id, name) case number: return name;
	CAPLOG_PLATFORMS(X)
#undef X
	}
	return NULL;
}
