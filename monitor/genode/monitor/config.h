/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the monitor's configuration says of a target
 *
 * Besides the attributes it takes what a start node of init contains, so that a
 * scenario for init needs little change.
 */
#ifndef CAPLOG_CONFIG_H
#define CAPLOG_CONFIG_H

#include <base/session_label.h>
#include <util/xml_node.h>

#include "types.h"


struct Caplog::Config
{
	enum { NAME = 64 }; /* as init's */

	typedef String<NAME> Name;

	Xml_node const node;
	Name     const name       { node.attribute_value("name", Name()) };
	Name     const binary     { _named("binary", node.attribute_value("binary", name)) };
	Name     const configfile { _named("configfile", Name()) };
	size_t   const ram        { _ram() };
	size_t   const log        { node.attribute_value("log", Number_of_bytes(256*1024)) };
	unsigned const caps       { node.attribute_value("caps", 0U) }; /* 0: its share of all */

	Config(Xml_node node) : node(node) { }

	template <typename FN> void for_each_service(FN const &fn) const
	{
		if (node.has_sub_node("provides"))
			node.sub_node("provides").for_each_sub_node("service", [&] (Xml_node const &s) {
				fn(s.attribute_value("name", Name())); });
	}

	bool provides(char const *service) const
	{
		bool found = false;

		for_each_service([&] (Name const &name) { found |= name == service; });
		return found;
	}

	/* An image has the beginning of a service's name; invalid: none begins so, or several */
	Name service_that_begins(char const *part) const
	{
		Name     found;
		unsigned n = 0;

		for_each_service([&] (Name const &name) {
			if (!strcmp(name.string(), part, strlen(part))) {
				found = name;
				n++;
			}
		});
		return n == 1 ? found : Name();
	}

	/* Label of a session request: with <configfile>, "config" is that ROM module */
	Session_label redirected(char const *service, Session_label const &label) const
	{
		return configfile == "" || strcmp(service, "ROM") || !(label.last_element() == "config")
		       ? label : prefixed_label(label.prefix(), configfile);
	}

	private:

		/* The name in a sub node */
		Name _named(char const *type, Name const &otherwise) const
		{
			return node.has_sub_node(type) ? node.sub_node(type).attribute_value("name", otherwise)
			                               : otherwise;
		}

		size_t _ram() const
		{
			Number_of_bytes bytes = node.attribute_value("ram", Number_of_bytes(4*1024*1024));

			node.for_each_sub_node("resource", [&] (Xml_node const &r) {
				if (r.has_attribute("name") && r.attribute("name").has_value("RAM"))
					bytes = r.attribute_value("quantum", bytes); });
			return bytes;
		}
};

#endif
