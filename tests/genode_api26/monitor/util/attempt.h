/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_UTIL_ATTEMPT_H
#define GENODE_API26_MONITOR_UTIL_ATTEMPT_H

#include <util/noncopyable.h>

namespace Genode {

	struct Ok { };

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

			template <typename RET>
			RET convert(auto const &fn, auto const &error_fn) const
			{
				if (_ok)
					return RET { fn(_result) };
				return RET { error_fn(_error) };
			}

			void with_result(auto const &fn, auto const &error_fn) const
			{
				if (_ok)
					fn(_result);
				else
					error_fn(_error);
			}
	};

	/* The same of an object that nobody copies */
	template <typename OBJECT, typename ERROR> struct Unique
	{
		template <typename RET> RET convert(auto const &fn, auto const &error_fn)
		{
			OBJECT *object = _object();
			if (object)
				return RET { fn(*object) };
			return RET { error_fn(ERROR()) };
		}

		void with_result(auto const &fn, auto const &error_fn)
		{
			if (OBJECT *object = _object())
				fn(*object);
			else
				error_fn(ERROR());
		}

		OBJECT *_object();
	};
}

#endif
