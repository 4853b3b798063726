/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which server a target's session request goes to: the rules of init
 *
 *   <config>
 *     <parent-provides> <service name="..."/> </parent-provides>
 *     <default-route> ... </default-route>
 *     <alias name="..." child="..."/>
 *     <target name="...">
 *       <route>
 *         <service name="ROM" label="..."> <child name="..."/> </service>
 *         <any-service> <parent/> <any-child/> </any-service>
 *       </route>
 *     </target>
 *   </config>
 *
 * Without <parent-provides> the parent provides core's services, and those that
 * no target provides. Without any route it is asked first, then the others.
 */
#ifndef CAPLOG_ROUTE_H
#define CAPLOG_ROUTE_H

#include <base/session_label.h>
#include <util/xml_node.h>

#include "types.h"

namespace Caplog { class Routes; }


class Caplog::Routes
{
	public:

		enum To { NOWHERE, PARENT, SIBLING };

		struct Server { To to; Target *sibling; };

	private:

		typedef String<64> Name;

		Xml_node const _config, _target;

		bool   _parent_provides(Group const &, char const *service) const;
		Target *_child(Group const &, Name const &) const;
		Server _any_child(Target &client, char const *service) const;

		/* One rule's targets; false: none of them has the service, try the next rule */
		bool   _follow(Xml_node rule, Target &client, char const *service, Server &) const;
		bool   _follow(Xml_node to, bool any, Target &client, char const *service, Server &) const;

	public:

		Routes(Xml_node config, Xml_node target) : _config(config), _target(target) { }

		/*
		 * Server for a request
		 *
		 * \param label  as the component gave it
		 * \param args   of the session, for rules that look at them
		 */
		Server server_for(Target &client, char const *service, Session_label const &label,
		                  char const *args) const;
};

#endif
