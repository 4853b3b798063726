/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_META_H
#define GENODE_API_UTIL_META_H

namespace Genode {
	namespace Meta {

		template <typename...> struct Type_list { };

		/* Place of a type in a list; one that is not there has none */
		template <typename LIST, typename T> struct Index_of;

		template <typename T, typename... TAIL>
		struct Index_of<Type_list<T, TAIL...>, T> { enum { Value = 0 }; };

		template <typename T, typename HEAD, typename... TAIL>
		struct Index_of<Type_list<HEAD, TAIL...>, T> {
			enum { Value = 1 + Index_of<Type_list<TAIL...>, T>::Value }; };

		template <typename> struct Tail;

		template <typename HEAD, typename... REST>
		struct Tail<Type_list<HEAD, REST...>> { typedef Type_list<REST...> Type; };

		template <typename, typename> struct Append;

		template <typename... A, typename... B>
		struct Append<Type_list<A...>, Type_list<B...>> { typedef Type_list<A..., B...> Type; };

		template <unsigned long N, typename HEAD, typename... TAIL>
		struct Nth { typedef typename Nth<N - 1, TAIL...>::Type Type; };

		template <typename HEAD, typename... TAIL>
		struct Nth<0, HEAD, TAIL...> { typedef HEAD Type; };
	}

	namespace Trait {

		template <typename> struct Functor;

		template <typename RET, typename T, typename... ARGS>
		struct Functor<RET (T::*)(ARGS...) const>
		{
			typedef RET Return_type;

			template <unsigned long N>
			struct Argument { typedef typename Meta::Nth<N, ARGS...>::Type Type; };
		};
	}
}

#define GENODE_TYPE_LIST(...) ::Genode::Meta::Type_list<__VA_ARGS__>

#endif
