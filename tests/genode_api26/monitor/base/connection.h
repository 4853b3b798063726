/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_CONNECTION_H
#define GENODE_API26_MONITOR_BASE_CONNECTION_H

#include <base/affinity.h>
#include <base/capability.h>
#include <base/quota.h>
#include <base/session_label.h>
#include <session/session.h>
#include <util/noncopyable.h>

namespace Genode {

	struct Env;

	template <typename SESSION> struct Connection : Noncopyable
	{
		typedef String<160> Args;

		Connection(Env &, Session_label const &, Ram_quota, Args const &);
		Connection(Env &, Session_label const &, Ram_quota, Affinity const &, Args const &);

		Capability<SESSION> cap() const;

		void upgrade(Session::Resources);

		auto retry(Ram_quota, Cap_quota, auto const &fn) -> decltype(fn()) { return fn(); }
	};
}

#endif
