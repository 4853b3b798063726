/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the monitor's configuration says of a target
 */
#ifndef CAPLOG_CONFIG_H
#define CAPLOG_CONFIG_H

#include <util/xml_node.h>

#include "types.h"


struct Caplog::Config
{
	typedef String<CAPLOG_OBJECT_NAME> Name;

	Xml_node const node;
	Name     const name   { node.attribute_value("name", Name()) };
	Name     const binary { node.attribute_value("binary", name) };
	size_t   const ram    { node.attribute_value("ram", Number_of_bytes(4*1024*1024)) };
	size_t   const log    { node.attribute_value("log", Number_of_bytes(256*1024)) };

	Config(Xml_node node) : node(node) { }

	bool provides(char const *service) const
	{
		bool found = false;

		if (node.has_sub_node("provides"))
			node.sub_node("provides").for_each_sub_node("service", [&] (Xml_node const &s) {
				found |= s.has_attribute("name") && s.attribute("name").has_value(service); });
		return found;
	}
};

#endif
