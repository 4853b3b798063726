/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_UTIL_ARG_STRING_H
#define GENODE_API_MONITOR_UTIL_ARG_STRING_H

#include <util/string.h>

namespace Genode {

	/* One of `key=value, key="text", key=64K` */
	class Arg
	{
		private:

			char const *_value; /* nullptr: no such argument */

		public:

			Arg(char const *value) : _value(value) { }

			bool valid() const { return _value; }

			unsigned long ulong_value(unsigned long otherwise) const;
			void string(char *to, size_t size, char const *otherwise) const;
	};

	struct Arg_string
	{
		static Arg  find_arg(char const *args, char const *key);
		static bool remove_arg(char *args, char const *key);
		static bool set_arg_string(char *args, unsigned size, char const *key, char const *value);
	};
}

#endif
