/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings, arguments and XML */
#include <base/log.h>
#include <base/printf.h>
#include <base/session_label.h>
#include <base/snprintf.h>
#include <util/xml_generator.h>
#include <util/xml_node.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "capabilities.h"
#include "core.h"

namespace Genode {


char *strncpy(char *to, char const *from, size_t size)
{
	size_t i = 0;

	for (; size && i + 1 < size && from[i]; i++)
		to[i] = from[i];
	if (size)
		to[i] = 0;
	return to;
}


/*
 * Output
 */

void print(Output &o, char const *text)
{
	for (; text && *text; text++)
		o.out_char(*text);
}

template <typename T> static void print_as(Output &o, char const *format, T value)
{
	char text[64];
	::snprintf(text, sizeof(text), format, value);
	print(o, (char const *)text);
}

void print(Output &o, unsigned long long v) { print_as(o, "%llu", v); }
void print(Output &o, long long v)          { print_as(o, "%lld", v); }
void print(Output &o, double v)             { print_as(o, "%g", v); }

void Hex::print(Output &o) const { print_as(o, "0x%llx", _value); }


static struct Console : Output
{
	unsigned length = 0;
	bool     error  = false;
	char     text[256];

	void out_char(char c) override
	{
		if (length + 1 < sizeof(text))
			text[length++] = c;
	}
} console;


Output &log_begin(char const *kind)
{
	Core_model::Core_turn::begin();
	console.length = 0;
	console.error  = kind[0] == 'E';
	return console;
}


void log_end()
{
	console.text[console.length] = 0;
	if (console.error)
		strncpy(Core_model::world.last_error, console.text, sizeof(Core_model::world.last_error));
	::printf("  %s%s\n", console.error ? "Error: " : "", console.text);
	Core_model::Core_turn::end();
}


int snprintf(char *to, size_t size, char const *format, ...)
{
	va_list list;

	va_start(list, format);
	int const n = ::vsnprintf(to, size, format, list);
	va_end(list);
	return n;
}


/*
 * Session arguments
 */

Arg Arg_string::find_arg(char const *args, char const *key)
{
	size_t const length = strlen(key);

	for (char const *at = args; *at; at++) {
		while (*at == ' ' || *at == ',')
			at++;
		if (!strcmp(at, key, length) && at[length] == '=')
			return Arg(at + length + 1);
		for (bool quoted = false; *at && (quoted || *at != ','); at++)
			quoted ^= *at == '"';
		if (!*at)
			break;
	}
	return Arg(nullptr);
}


unsigned long Arg::ulong_value(unsigned long otherwise) const
{
	char *end;

	if (!_value)
		return otherwise;
	unsigned long const n = strtoul(_value, &end, 0);
	return end == _value ? otherwise : *end == 'K' ? n << 10 : *end == 'M' ? n << 20 : n;
}


void Arg::string(char *to, size_t size, char const *otherwise) const
{
	if (!_value || *_value != '"') {
		strncpy(to, otherwise, size);
		return;
	}
	size_t i = 0;
	for (; i + 1 < size && _value[i + 1] && _value[i + 1] != '"'; i++)
		to[i] = _value[i + 1];
	to[i] = 0;
}


/* The first one of this key */
bool Arg_string::remove_arg(char *args, char const *key)
{
	size_t const length = strlen(key);

	for (char *from = args; *from; ) {
		char *end = from;
		for (bool quoted = false; *end && (quoted || *end != ','); end++)
			quoted ^= *end == '"';
		char *begin = from;
		while (*begin == ' ')
			begin++;
		if (!strcmp(begin, key, length) && begin[length] == '=') {
			for (end += *end == ','; *end == ' '; end++);
			if (!*end)
				while (begin > args && (begin[-1] == ' ' || begin[-1] == ','))
					begin--;
			while ((*begin++ = *end++));
			break;
		}
		from = *end ? end + 1 : end;
	}
	return true;
}


bool Arg_string::set_arg_string(char *args, unsigned size, char const *key, char const *value)
{
	remove_arg(args, key);

	size_t const length = strlen(args);
	if (length + strlen(key) + strlen(value) + 6 > size)
		return false;
	::snprintf(args + length, size - length, "%s%s=\"%s\"", length ? ", " : "", key, value);
	return true;
}


Session_label Session_label::last_element() const
{
	char const *last = string();

	for (char const *at = last; *at; at++)
		if (!strcmp(at, " -> ", 4))
			last = at + 4;
	return Session_label(last);
}


Session_label Session_label::prefix() const
{
	char text[160];
	size_t const length = strlen(string()), last = strlen(last_element().string());

	strncpy(text, string(), last < length ? length - last - 4 + 1 : 1);
	return Session_label(text);
}


Session_label label_from_args(char const *args)
{
	char text[160];

	Arg_string::find_arg(args, "label").string(text, sizeof(text), "");
	return Session_label(text);
}


Session_label joined_label(char const *prefix, char const *label)
{
	char text[160];

	if (!*prefix || !*label)
		return Session_label(*prefix ? prefix : label);
	snprintf(text, sizeof(text), "%s -> %s", prefix, label);
	return Session_label(text);
}


/*
 * XML
 */

static char const *skip(char const *at)
{
	while (*at && *at != '<')
		at++;
	return at;
}

/* After the tag that begins here */
static char const *tag_end(char const *at)
{
	for (bool quoted = false; *at && (quoted || *at != '>'); at++)
		quoted ^= *at == '"';
	return *at ? at + 1 : at;
}

static char const *element_end(char const *at)
{
	unsigned depth = 0;

	do {
		at = skip(at);
		char const * const end = tag_end(at);
		if (at[1] == '/')
			depth--;
		else if (end[-2] != '/')
			depth++;
		at = end;
	} while (depth && *at);
	return at;
}

static bool name_is(char const *at, char const *name)
{
	size_t const length = strlen(name);

	return !strcmp(at, name, length)
	    && (at[length] == ' ' || at[length] == '>' || at[length] == '/' || at[length] == '\n'
	     || at[length] == '\t');
}


Xml_node::Xml_node(char const *text, size_t) : _at(skip(text)) { }

bool Xml_node::has_type(char const *type) const { return name_is(_at + 1, type); }

size_t Xml_node::size() const { return element_end(_at) - _at; }


bool Xml_node::_first(Xml_node &node) const
{
	char const *end = tag_end(_at);

	if (end[-2] == '/')
		return false;
	node._at = skip(end);
	return node._at[0] && node._at[1] != '/';
}


bool Xml_node::_after(Xml_node &node) const
{
	node._at = skip(element_end(_at));
	return node._at[0] && node._at[1] != '/';
}


bool Xml_node::_find(char const *name, char const **value, size_t *length) const
{
	char const * const end = tag_end(_at);
	size_t const n = strlen(name);

	for (char const *at = _at; at < end; at++)
		if ((*at == ' ' || *at == '\t' || *at == '\n') && !strcmp(at + 1, name, n)
		 && at[1 + n] == '=' && at[2 + n] == '"') {
			*value  = at + 3 + n;
			*length = 0;
			while ((*value)[*length] != '"')
				++*length;
			return true;
		}
	return false;
}


bool Xml_node::has_attribute(char const *name) const
{
	char const *value;
	size_t      length;

	return _find(name, &value, &length);
}


Xml_attribute Xml_node::attribute(char const *name) const
{
	char const *value;
	size_t      length;

	if (!_find(name, &value, &length))
		throw Nonexistent_attribute();
	return Xml_attribute(value, length);
}


bool Xml_node::has_sub_node(char const *type) const
{
	bool found = false;

	for_each_sub_node(type, [&] (Xml_node const &) { found = true; });
	return found;
}


Xml_node Xml_node::sub_node(char const *type) const
{
	Xml_node found(_at);
	bool     any = false;

	for_each_sub_node(type, [&] (Xml_node const &node) {
		if (!any)
			found = node;
		any = true;
	});
	if (!any)
		throw Nonexistent_sub_node();
	return found;
}


Number_of_bytes Xml_node::attribute_value(char const *name, Number_of_bytes otherwise) const
{
	char const *value;
	size_t      length;

	return _find(name, &value, &length) ? Arg(value).ulong_value(otherwise) : (size_t)otherwise;
}


unsigned long Xml_node::attribute_value(char const *name, unsigned long otherwise) const {
	return attribute_value(name, Number_of_bytes(otherwise)); }

unsigned Xml_node::attribute_value(char const *name, unsigned otherwise) const {
	return attribute_value(name, Number_of_bytes(otherwise)); }

long Xml_node::attribute_value(char const *name, long otherwise) const
{
	char const *value;
	size_t      length;

	return _find(name, &value, &length) ? strtol(value, nullptr, 0) : otherwise;
}

bool Xml_node::attribute_value(char const *name, bool otherwise) const {
	return has_attribute(name) ? attribute(name).has_value("yes") : otherwise; }


Xml_generator::Xml_generator(char const *name) { snprintf(_text, sizeof(_text), "<%s", name); }

void Xml_generator::_append(char const *text)
{
	size_t const length = strlen(_text);

	strncpy(_text + length, text, sizeof(_text) - length);
}

void Xml_generator::attribute(char const *name, char const *value)
{
	char text[128];

	snprintf(text, sizeof(text), " %s=\"%s\"", name, value);
	_append(text);
}

void Xml_generator::attribute(char const *name, unsigned value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	attribute(name, text);
}

void Xml_generator::attribute(char const *name, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	attribute(name, text);
}

void Xml_generator::begin(char const *name)
{
	_append("/> <");
	_append(name);
}

void Xml_generator::submit() { ::printf("  report: %s/>\n", _text); }

} /* namespace Genode */
