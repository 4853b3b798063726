/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_SESSION_SESSION_H
#define GENODE_API26_MONITOR_SESSION_SESSION_H

#include <base/quota.h>
#include <base/session_label.h>

namespace Genode {

	struct Session
	{
		typedef Session_label Label;

		struct Resources { Ram_quota ram_quota; Cap_quota cap_quota; };
	};
}

#endif
