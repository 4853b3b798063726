/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_UTIL_STRING_H
#define GENODE_API_MONITOR_UTIL_STRING_H

#include <base/output.h>
#include <base/stdint.h>

namespace Genode {

	inline void *memset(void *to, int value, size_t size) {
		return __builtin_memset(to, value, size); }

	inline void *memcpy(void *to, void const *from, size_t size) {
		return __builtin_memcpy(to, from, size); }

	inline int memcmp(void const *a, void const *b, size_t size) {
		return __builtin_memcmp(a, b, size); }

	inline size_t strlen(char const *s) { return __builtin_strlen(s); }

	inline int strcmp(char const *a, char const *b, size_t max = ~0UL)
	{
		for (; max && *a && *a == *b; max--, a++, b++);
		return max ? *a - *b : 0;
	}

	/* cuts, and terminates */
	char *strncpy(char *to, char const *from, size_t size);

	template <typename T> constexpr T min(T a, T b) { return a < b ? a : b; }
	template <typename T> constexpr T max(T a, T b) { return a > b ? a : b; }

	class Number_of_bytes
	{
		private:

			size_t _n;

		public:

			Number_of_bytes(size_t n = 0) : _n(n) { }
			operator size_t () const { return _n; }
	};

	template <size_t CAPACITY> class String
	{
		private:

			char _text[CAPACITY];

		public:

			String(char const *text = "") { strncpy(_text, text, CAPACITY); }

			char const *string() const { return _text; }

			/* with the terminating zero; 0: nothing was ever put in */
			size_t length() const { return strlen(_text) + 1; }
			bool   valid()  const { return _text[0]; }

			bool operator == (char const *other) const { return !strcmp(_text, other); }

			template <size_t N>
			bool operator == (String<N> const &other) const { return *this == other.string(); }

			void print(Output &o) const { Genode::print(o, (char const *)_text); }
	};
}

#endif
