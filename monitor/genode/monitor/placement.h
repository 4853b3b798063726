/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Priority and processors of a target's threads, configured as for init
 *
 *   <config prio_levels="4">
 *     <affinity-space width="4" height="1"/>
 *     <target name="..." priority="-1"> <affinity xpos="1" width="2"/> </target>
 *   </config>
 */
#ifndef CAPLOG_PLACEMENT_H
#define CAPLOG_PLACEMENT_H

#include <base/affinity.h>
#include <cpu_session/cpu_session.h>
#include <util/xml_node.h>

#include "types.h"

namespace Caplog { struct Placement; }


struct Caplog::Placement
{
	private:

		/* Levels below the highest are negative numbers; what is too low is the lowest */
		static long _priority(Xml_node config, Xml_node target)
		{
			long const levels = config.attribute_value("prio_levels", 0L);
			long const below  = -target.attribute_value("priority", 0L);

			if (levels < 1 || below <= 0)
				return Cpu_session::DEFAULT_PRIORITY;
			return min(below, levels - 1)*(Cpu_session::PRIORITY_LIMIT/levels);
		}

		static Affinity _affinity(Xml_node config, Xml_node target)
		{
			unsigned width = 1, height = 1;

			if (config.has_sub_node("affinity-space")) {
				Xml_node const space = config.sub_node("affinity-space");
				width  = space.attribute_value("width",  1U);
				height = space.attribute_value("height", 1U);
			}
			Affinity::Space const all(width, height);
			if (!target.has_sub_node("affinity"))
				return Affinity(all, Affinity::Location(0, 0, width, height));

			/* without a position the whole row or column; no more than there is */
			Xml_node const part = target.sub_node("affinity");
			unsigned const x = min(part.attribute_value("xpos", 0U), width  - 1),
			               y = min(part.attribute_value("ypos", 0U), height - 1),
			               w = part.attribute_value("width",  part.has_attribute("xpos") ? 1U : width),
			               h = part.attribute_value("height", part.has_attribute("ypos") ? 1U : height);

			return Affinity(all, Affinity::Location(x, y, min(w, width - x), min(h, height - y)));
		}

	public:

		long     const priority; /* as CPU sessions have it: 0 is the highest */
		Affinity const affinity;

		Placement(Xml_node config, Xml_node target)
		: priority(_priority(config, target)), affinity(_affinity(config, target)) { }
};

#endif
