/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_ENTRYPOINT_H
#define GENODE_API26_MONITOR_BASE_ENTRYPOINT_H

#include <base/affinity.h>
#include <base/signal.h>
#include <base/stdint.h>
#include <util/noncopyable.h>

namespace Genode {

	class Env;

	struct Entrypoint : Noncopyable
	{
		Entrypoint(Env &, size_t stack_size, char const *name, Affinity::Location);

		Signal_context_capability manage(Signal_dispatcher_base &);
		void                      dissolve(Signal_dispatcher_base &);
	};

	template <typename T> struct Signal_handler : Signal_dispatcher_base
	{
		Signal_handler(Entrypoint &, T &, void (T::*)());

		void dispatch(unsigned) override;

		operator Signal_context_capability () const;
	};
}

#endif
