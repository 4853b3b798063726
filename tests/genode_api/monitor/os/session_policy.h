/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_OS_SESSION_POLICY_H
#define GENODE_API_MONITOR_OS_SESSION_POLICY_H

#include <base/session_label.h>
#include <os/config.h>
#include <util/xml_node.h>

namespace Genode {

	/* How well a node's attributes label, label_prefix and label_suffix fit */
	struct Xml_node_label_score
	{
		bool fits = true;

		template <size_t N> Xml_node_label_score(Xml_node node, String<N> const &label)
		{
			typedef String<N> Text;
			char const * const text   = label.string();
			Text         const whole  = node.attribute_value("label",        Text(text));
			Text         const prefix = node.attribute_value("label_prefix", Text());
			Text         const suffix = node.attribute_value("label_suffix", Text());
			size_t       const length = strlen(text), tail = strlen(suffix.string());

			fits = whole == text && !strcmp(text, prefix.string(), strlen(prefix.string()))
			    && length >= tail && !strcmp(text + length - tail, suffix.string());
		}

		bool conflict() const { return !fits; }
	};
}

#endif
