/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The monitor's configuration: that of init, and checkpoint nodes beside
 *
 *   config
 *   + start sheep ...
 *   + checkpoint | log: 256K
 *     + child sheep
 *     + steps
 *       + wait | ms: 1000
 *       + checkpoint
 *
 * The sandbox library gets all but the checkpoint nodes, and the PD and CPU
 * sessions of the children that these name are routed to the monitor.
 */
#ifndef CAPLOG_CONFIG_H
#define CAPLOG_CONFIG_H

#include <base/node.h>

#include "types.h"

namespace Caplog { struct Config; }


struct Caplog::Config
{
	enum { DEPTH = 20 };

	static Name name_of(Node const &node) { return node.attribute_value("name", Name()); }

	static void with_group(Node const &config, auto const &fn)
	{
		config.with_optional_sub_node("checkpoint", [&] (Node const &node) { fn(node); });
	}

	static bool is_member(Node const &config, Name const &name)
	{
		bool found = false;

		with_group(config, [&] (Node const &group) {
			group.for_each_sub_node("child", [&] (Node const &child) {
				found |= name_of(child) == name; }); });
		return found;
	}

	private:

		static void _copy(Generator &g, Node const &node)
		{
			if (!g.append_node(node, Generator::Max_depth { DEPTH }))
				warning("config: a node is nested too deeply, and cut");
		}

		static void _copy_content(Generator &g, Node const &node)
		{
			if (!g.append_node_content(node, Generator::Max_depth { DEPTH }))
				warning("config: a node is nested too deeply, and cut");
		}

		static void _local(Generator &g, char const *service)
		{
			g.node("service", [&] {
				g.attribute("name", service);
				g.node("local"); });
		}

		static void _start(Generator &g, Node const &config, Node const &start)
		{
			g.node_attributes(start);
			start.for_each_sub_node([&] (Node const &node) {
				if (!node.has_type("route"))
					_copy(g, node); });

			g.node("route", [&] {
				_local(g, "PD");
				_local(g, "CPU");
				start.with_sub_node("route",
					[&] (Node const &route) { _copy_content(g, route); },
					[&] { config.with_optional_sub_node("default-route",
						[&] (Node const &route) { _copy_content(g, route); }); });
			});
		}

	public:

		/* What the sandbox gets; exists(Name): is a member to exist? */
		static void generate(Generator &g, Node const &config, auto const &exists)
		{
			g.node_attributes(config);
			config.for_each_sub_node([&] (Node const &node) {
				Name const name = name_of(node);

				if (node.has_type("checkpoint"))
					return;
				if (!node.has_type("start") || !is_member(config, name)) {
					_copy(g, node);
					return;
				}
				if (exists(name))
					g.node("start", [&] { _start(g, config, node); });
			});
		}
};

#endif
