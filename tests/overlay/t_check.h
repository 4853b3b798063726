/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check(condition): a comparison that fails prints both values
 *
 * The condition is one comparison, or anything that is true or false.
 */
#ifndef T_CHECK_H
#define T_CHECK_H

#include <type_traits>

/* check() relies on it */
#ifdef __clang__
#pragma clang diagnostic ignored "-Woverloaded-shift-op-parentheses"
#endif

#define check(condition) \
	do { \
		T_check::Result const result_ = T_check::Begin() << condition; \
		if (!result_.ok) check_failed(__FILE__, __LINE__, #condition, result_); \
	} while (0)

namespace T_check {

	/* A value to print; only what is a number or an address has one */
	struct Value { bool known; long long number; };

	template <typename T>
	typename std::enable_if<std::is_integral<T>::value || std::is_enum<T>::value, Value>::type
	value(T const &v) { return { true, (long long)v }; }

	template <typename T> Value value(T *const &v) { return { true, (long long)(unsigned long)v }; }

	inline Value value(decltype(nullptr)) { return { true, 0 }; }

	template <typename T>
	typename std::enable_if<std::is_class<T>::value, Value>::type
	value(T const &) { return { false, 0 }; }

	struct Result { bool ok; Value left, right; };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
	template <typename T> struct Left
	{
		T const &left;

		template <typename U> Result operator == (U const &right) const {
			return { left == right, value(left), value(right) }; }
		template <typename U> Result operator != (U const &right) const {
			return { !(left == right), value(left), value(right) }; }
		template <typename U> Result operator <  (U const &right) const {
			return { left <  right, value(left), value(right) }; }
		template <typename U> Result operator >  (U const &right) const {
			return { left >  right, value(left), value(right) }; }
		template <typename U> Result operator <= (U const &right) const {
			return { left <= right, value(left), value(right) }; }
		template <typename U> Result operator >= (U const &right) const {
			return { left >= right, value(left), value(right) }; }

		/* no comparison */
		operator Result () const { return { (bool)left, value(left), { false, 0 } }; }
	};
#pragma GCC diagnostic pop

	struct Begin {
		template <typename T> Left<T> operator << (T const &left) const { return { left }; } };
}

__attribute__((noreturn))
void check_failed(char const *file, int line, char const *what, T_check::Result const &);

#endif
