/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_SESSION_LABEL_H
#define GENODE_API26_MONITOR_BASE_SESSION_LABEL_H

#include <util/string.h>

namespace Genode {

	struct Session_label : String<160>
	{
		using String<160>::String;

		Session_label() { }

		Session_label last_element() const;
	};

	Session_label label_from_args(char const *args);
}

#endif
