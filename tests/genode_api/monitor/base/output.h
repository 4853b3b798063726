/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_OUTPUT_H
#define GENODE_API_MONITOR_BASE_OUTPUT_H

#include <base/stdint.h>

namespace Genode {

	struct Output
	{
		virtual void out_char(char) = 0;
	};

	void print(Output &, char const *);
	void print(Output &, unsigned long long);
	void print(Output &, long long);

	inline void print(Output &o, unsigned long v)  { print(o, (unsigned long long)v); }
	inline void print(Output &o, unsigned v)       { print(o, (unsigned long long)v); }
	inline void print(Output &o, unsigned short v) { print(o, (unsigned long long)v); }
	inline void print(Output &o, unsigned char v)  { print(o, (unsigned long long)v); }
	inline void print(Output &o, long v)           { print(o, (long long)v); }
	inline void print(Output &o, int v)            { print(o, (long long)v); }
	inline void print(Output &o, bool v)           { print(o, (long long)v); }
	void print(Output &, double);

	class Hex
	{
		private:

			unsigned long long const _value;

		public:

			template <typename T> explicit Hex(T value) : _value(value) { }

			void print(Output &) const;
	};

	template <typename T> void print(Output &o, T const &object) { object.print(o); }

	template <typename HEAD, typename SECOND, typename... TAIL>
	void print(Output &o, HEAD const &head, SECOND const &second, TAIL const &... tail)
	{
		print(o, head);
		print(o, second, tail...);
	}
}

#endif
