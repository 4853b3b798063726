/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_CONNECTION_H
#define GENODE_API_MONITOR_BASE_CONNECTION_H

#include <base/env.h>
#include <util/noncopyable.h>

namespace Genode {

	/* A session of the parent, closed at the end of its life */
	template <typename SESSION> class Connection : Noncopyable
	{
		private:

			Capability<SESSION> const _cap;
			Parent                   &_parent;

		public:

			Connection(Env &env, Capability<SESSION> cap) : _cap(cap), _parent(env.parent()) { }
			Connection(Capability<SESSION> cap) : _cap(cap), _parent(*env()->parent()) { }
			~Connection() { _parent.close(_cap); }

			Capability<SESSION> cap() const { return _cap; }

			static Capability<SESSION> session(Parent &parent, char const *format, ...)
				__attribute__((format(printf, 2, 3)));
	};

	Session_capability session_of(Parent &, char const *service, char const *format,
	                              __builtin_va_list);
}

template <typename SESSION>
Genode::Capability<SESSION> Genode::Connection<SESSION>::session(Parent &parent, char const *format, ...)
{
	__builtin_va_list list;

	__builtin_va_start(list, format);
	Session_capability const cap = session_of(parent, SESSION::service_name(), format, list);
	__builtin_va_end(list);
	return reinterpret_cap_cast<SESSION>(cap);
}

#endif
