/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_MONITOR_BASE_NODE_H
#define GENODE_API26_MONITOR_BASE_NODE_H

#include <base/allocator.h>
#include <util/attempt.h>
#include <util/string.h>

namespace Genode {

	struct Node : Noncopyable
	{
		struct Attribute { String<64> const name; };

		void for_each_sub_node(char const *, auto const &fn) const { fn(*this); }
		void for_each_sub_node(auto const &fn)               const { fn(*this); }
		void with_optional_sub_node(char const *, auto const &fn) const { fn(*this); }

		void with_sub_node(char const *, auto const &fn, auto const &missing_fn) const
		{
			fn(*this);
			missing_fn();
		}

		template <typename T> T attribute_value(char const *, T const otherwise) const { return otherwise; }

		bool   has_type(char const *) const;
		bool   has_sub_node(char const *) const;
		size_t num_bytes() const;
	};

	struct Buffered_node : Node { Buffered_node(Allocator &, Node const &); };

	enum class Buffer_error { EXCEEDED };

	struct Generator : Noncopyable
	{
		struct Max_depth { unsigned value; };

		void node(char const *, auto const &fn) { fn(); }
		void node(char const *);
		void attribute(char const *, char const *);
		void node_attributes(Node const &);
		bool append_node(Node const &, Max_depth const &);
		bool append_node_content(Node const &, Max_depth const &);
	};

	struct Generated_node
	{
		Generated_node(Allocator &, size_t, char const *, auto const &fn)
		{
			Generator g;
			fn(g);
		}

		mutable Unique<Node, Buffer_error> node;
	};
}

#endif
