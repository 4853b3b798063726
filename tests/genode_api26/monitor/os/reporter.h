/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_OS_REPORTER_H
#define GENODE_API26_MONITOR_OS_REPORTER_H

#include <base/env.h>
#include <base/node.h>

namespace Genode {

	struct Reporter : Noncopyable
	{
		typedef Attempt<size_t, Buffer_error> Base;

		struct Result : Base
		{
			using Base::Base;
			bool operator == (Buffer_error) const;
		};

		Reporter(Env &, char const *, char const *, size_t);

		void enabled(bool);

		Result generate(auto const &fn)
		{
			Generator g;
			fn(g);
			return Buffer_error::EXCEEDED;
		}
	};
}

#endif
