/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_SESSION_LABEL_H
#define GENODE_API_MONITOR_BASE_SESSION_LABEL_H

#include <util/arg_string.h>
#include <util/string.h>

namespace Genode {

	struct Session_label : String<160>
	{
		Session_label() { }
		Session_label(char const *text) : String<160>(text) { }

		Session_label last_element() const;
		Session_label prefix() const; /* all but that; empty: it has one element */
	};

	Session_label label_from_args(char const *args);
	Session_label joined_label(char const *prefix, char const *label);

	template <size_t N, size_t M>
	Session_label prefixed_label(String<N> const &prefix, String<M> const &label) {
		return joined_label(prefix.string(), label.string()); }
}

#endif
