/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_UTIL_LIST_H
#define GENODE_API_MONITOR_UTIL_LIST_H

namespace Genode {

	template <typename T> class List
	{
		private:

			T *_first = nullptr;

		public:

			class Element
			{
				private:

					friend class List<T>;

					T *_next = nullptr;

				public:

					T *next() const { return _next; }
			};

			T *first() const { return _first; }

			/* At the beginning, or after another */
			void insert(T *e, T *after = nullptr)
			{
				T *&at = after ? static_cast<Element *>(after)->_next : _first;

				static_cast<Element *>(e)->_next = at;
				at = e;
			}

			void remove(T *e)
			{
				T **at = &_first;

				while (*at && *at != e)
					at = &static_cast<Element *>(*at)->_next;
				if (*at)
					*at = static_cast<Element *>(e)->_next;
			}
	};
}

#endif
