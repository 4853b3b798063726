/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_UTIL_ARG_STRING_H
#define GENODE_API26_UTIL_ARG_STRING_H

namespace Genode {

	/* name=value, separated by commas; here only numbers */
	struct Arg
	{
		char const *value; /* nullptr: there is none */

		unsigned long ulong_value(unsigned long otherwise) const
		{
			if (!value)
				return otherwise;

			unsigned long number = 0;
			for (char const *c = value; *c >= '0' && *c <= '9'; c++)
				number = number*10 + (unsigned long)(*c - '0');
			return number;
		}
	};

	struct Arg_string
	{
		static Arg find_arg(char const *args, char const *name)
		{
			for (char const *at = args; *at; at++) {
				unsigned n = 0;
				while (name[n] && at[n] == name[n])
					n++;
				if (!name[n] && at[n] == '=')
					return { at + n + 1 };
			}
			return { nullptr };
		}
	};
}

#endif
