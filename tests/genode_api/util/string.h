/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_STRING_H
#define GENODE_API_UTIL_STRING_H

#include <base/stdint.h>

namespace Genode {

	inline void *memset(void *to, int value, size_t size) {
		return __builtin_memset(to, value, size); }

	inline void *memcpy(void *to, void const *from, size_t size) {
		return __builtin_memcpy(to, from, size); }

	inline int memcmp(void const *a, void const *b, size_t size) {
		return __builtin_memcmp(a, b, size); }

	template <typename T> constexpr T min(T a, T b) { return a < b ? a : b; }
	template <typename T> constexpr T max(T a, T b) { return a > b ? a : b; }

	template <size_t CAPACITY> class String
	{
		private:

			char _text[CAPACITY];

		public:

			String() { _text[0] = 0; }
			char const *string() const { return _text; }
	};
}

#endif
