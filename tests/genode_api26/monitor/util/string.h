/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_UTIL_STRING_H
#define GENODE_API26_MONITOR_UTIL_STRING_H

#include <base/stdint.h>

namespace Genode {

	template <typename A, typename B> constexpr A min(A a, B b) { return a < (A)b ? a : (A)b; }
	template <typename A, typename B> constexpr A max(A a, B b) { return a > (A)b ? a : (A)b; }

	inline void *memcpy(void *to, void const *from, size_t size) {
		return __builtin_memcpy(to, from, size); }

	inline int memcmp(void const *a, void const *b, size_t size) {
		return __builtin_memcmp(a, b, size); }

	inline void   bzero(void *at, size_t size)           { __builtin_memset(at, 0, size); }
	inline size_t strlen(char const *text)               { return __builtin_strlen(text); }
	inline int    strcmp(char const *a, char const *b)   { return __builtin_strcmp(a, b); }

	void copy_cstring(char *to, char const *from, size_t size);

	struct Cstring { char const *text; Cstring(char const *text) : text(text) { } };

	template <size_t CAPACITY> struct String
	{
		char text[CAPACITY] { };

		String() { }

		template <typename... ARGS> explicit String(Cstring const &, ARGS const &...) { }
		template <typename... ARGS> String(char const *, ARGS const &...) { }
		template <size_t N, typename... ARGS> String(String<N> const &, ARGS const &...) { }

		char const *string() const { return text; }
		size_t      length() const;

		template <size_t N> bool operator == (String<N> const &) const;
		bool operator == (char const *) const;

		static constexpr size_t capacity() { return CAPACITY; }
	};

	struct Number_of_bytes
	{
		size_t n;
		Number_of_bytes(size_t n) : n(n) { }
		operator size_t () const { return n; }
	};
}

#endif
