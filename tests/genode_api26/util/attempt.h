/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_UTIL_ATTEMPT_H
#define GENODE_API26_UTIL_ATTEMPT_H

#include <util/noncopyable.h>

namespace Genode {

	/* A result, or why there is none */
	template <typename RESULT, typename ERROR> class Attempt
	{
		private:

			RESULT _result { };
			ERROR  _error  { };
			bool   _ok;

		public:

			Attempt(RESULT r) : _result(r), _ok(true)  { }
			Attempt(ERROR e)  : _error(e),  _ok(false) { }

			bool ok()     const { return _ok; }
			bool failed() const { return !_ok; }

			template <typename RET, typename FN, typename ERROR_FN>
			RET convert(FN const &fn, ERROR_FN const &error_fn) const
			{
				if (_ok)
					return RET { fn(_result) };
				return RET { error_fn(_error) };
			}

			template <typename FN, typename ERROR_FN>
			void with_result(FN const &fn, ERROR_FN const &error_fn) const
			{
				if (_ok)
					fn(_result);
				else
					error_fn(_error);
			}
	};

	/* The same with a reference */
	template <typename RESULT, typename ERROR> class Unique_attempt;

	template <typename OBJECT, typename ERROR>
	class Unique_attempt<OBJECT &, ERROR> : Noncopyable
	{
		private:

			OBJECT *_object = nullptr;
			ERROR   _error { };

		public:

			Unique_attempt(OBJECT &object) : _object(&object) { }
			Unique_attempt(ERROR e)        : _error(e)        { }

			template <typename RET, typename FN, typename ERROR_FN>
			RET convert(FN const &fn, ERROR_FN const &error_fn) const
			{
				if (_object)
					return RET { fn(*_object) };
				return RET { error_fn(_error) };
			}
	};
}

#endif
