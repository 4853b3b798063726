/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>
#include <os/session_policy.h>

#include "route.h"
#include "target.h"

namespace Caplog {


bool Routes::_parent_provides(Group const &group, char const *service) const
{
	static char const * const cores[] = { "ROM", "RAM", "RM", "PD", "CPU", "CAP", "LOG", "IRQ",
	                                      "IO_MEM", "IO_PORT", "SIGNAL", "TRACE" };

	if (_config.has_sub_node("parent-provides")) {
		bool found = false;
		_config.sub_node("parent-provides").for_each_sub_node("service", [&] (Xml_node const &s) {
			found |= s.has_attribute("name") && s.attribute("name").has_value(service); });
		return found;
	}
	for (char const *name : cores)
		if (!strcmp(name, service))
			return true;
	for (unsigned i = 0; i < group.count; i++)
		if (group.target[i]->config().provides(service))
			return false;
	return true;
}


Target *Routes::_child(Group const &group, Name const &name) const
{
	Name wanted = name;

	_config.for_each_sub_node("alias", [&] (Xml_node const &alias) {
		if (alias.attribute_value("name", Name()) == name)
			wanted = alias.attribute_value("child", Name()); });

	for (unsigned i = 0; i < group.count; i++)
		if (wanted == group.target[i]->name())
			return group.target[i];
	return nullptr;
}


Routes::Server Routes::_any_child(Target &client, char const *service) const
{
	Group const &group = client.group();
	Server found { NOWHERE, nullptr };

	for (unsigned i = 0; i < group.count; i++) {
		if (!group.target[i]->config().provides(service))
			continue;
		if (found.sibling) {
			error(client.name(), ": service \"", service, "\" is provided by ",
			      found.sibling->name(), " and by ", group.target[i]->name(),
			      ": name one of them in a route");
			throw Parent::Service_denied();
		}
		found = { SIBLING, group.target[i] };
	}
	return found;
}


/* Under a rule for any service, the next target is asked if one does not have it */
bool Routes::_follow(Xml_node to, bool any, Target &client, char const *service,
                     Server &server) const
{
	Group const &group = client.group();

	if (to.has_type("parent") && _parent_provides(group, service))
		server = { PARENT, nullptr };

	if (to.has_type("any-child"))
		server = _any_child(client, service);

	if (to.has_type("child")) {
		Name     const name  = to.attribute_value("name", Name());
		Target * const child = _child(group, name);

		if (!child) {
			warning(client.name(), ": route to ", name.string(), ", which is no target");
			throw Parent::Service_denied();
		}
		if (child->config().provides(service))
			server = { SIBLING, child };
	}
	if (server.to == NOWHERE && !any)
		throw Parent::Service_denied();
	return server.to != NOWHERE;
}


bool Routes::_follow(Xml_node rule, Target &client, char const *service, Server &server) const
{
	bool const any = rule.has_type("any-service");
	bool found = false;

	rule.for_each_sub_node([&] (Xml_node const &to) {
		if (!found && !to.has_type("if-arg"))
			found = _follow(to, any, client, service, server); });
	return found;
}


/* Does a rule name this request? */
static bool matches(Xml_node const &rule, char const *service, Session_label const &label,
                    char const *args)
{
	typedef String<64> Value;

	if (!rule.has_type("any-service")
	 && !(rule.has_type("service") && rule.has_attribute("name")
	   && rule.attribute("name").has_value(service)))
		return false;

	if (Xml_node_label_score(rule, label).conflict())
		return false;

	if (!rule.has_sub_node("if-arg"))
		return true;

	Xml_node const condition = rule.sub_node("if-arg");
	Value    const key       = condition.attribute_value("key", Value());
	Value    const wanted    = condition.attribute_value("value", Value());
	char           value[64];

	if (key == "label")
		return wanted == label.string();
	Arg_string::find_arg(args, key.string()).string(value, sizeof(value), "");
	return wanted == (char const *)value;
}


Routes::Server Routes::server_for(Target &client, char const *service,
                                  Session_label const &label, char const *args) const
{
	Server server { NOWHERE, nullptr };
	bool   found = false;

	auto try_rule = [&] (Xml_node const &rule) {
		if (!found && matches(rule, service, label, args))
			found = _follow(rule, client, service, server); };

	if (_target.has_sub_node("route"))
		_target.sub_node("route").for_each_sub_node(try_rule);
	else if (_config.has_sub_node("default-route"))
		_config.sub_node("default-route").for_each_sub_node(try_rule);
	else
		try_rule(Xml_node("<any-service> <parent/> <any-child/> </any-service>"));

	if (!found)
		warning(client.name(), ": no route to service \"", service, "\"");
	return server;
}

} /* namespace Caplog */
