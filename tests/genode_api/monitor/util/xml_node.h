/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Elements and attributes; no text, comments, entities
 */
#ifndef GENODE_API_MONITOR_UTIL_XML_NODE_H
#define GENODE_API_MONITOR_UTIL_XML_NODE_H

#include <base/exception.h>
#include <util/string.h>

namespace Genode {

	class Xml_attribute
	{
		private:

			char const *_value;
			size_t      _length;

		public:

			Xml_attribute(char const *value, size_t length) : _value(value), _length(length) { }

			bool has_value(char const *text) const {
				return strlen(text) == _length && !strcmp(text, _value, _length); }

			void value(char *to, size_t size) const {
				strncpy(to, _value, min(size, _length + 1)); }
	};

	class Xml_node
	{
		private:

			char const *_at;

			bool _find(char const *attribute, char const **value, size_t *length) const;

			/* The first element below, or the next beside this one; false: none */
			bool _first(Xml_node &) const;
			bool _after(Xml_node &) const;

			void _convert(char const *value, unsigned long &) const;

		public:

			struct Nonexistent_sub_node  : Exception { };
			struct Nonexistent_attribute : Exception { };

			Xml_node(char const *text, size_t = ~0UL);

			bool has_type(char const *) const;
			bool has_attribute(char const *) const;
			bool has_sub_node(char const *) const;

			Xml_attribute attribute(char const *) const;

			Xml_node sub_node(char const *) const;
			Xml_node next(char const *) const;

			char const *addr() const { return _at; }
			size_t      size() const;

			template <typename FN> void for_each_sub_node(FN const &fn) const
			{
				Xml_node node(_at);

				for (bool more = _first(node); more; ) {
					Xml_node const now = node;
					more = now._after(node);
					fn(now);
				}
			}

			template <typename FN> void for_each_sub_node(char const *type, FN const &fn) const
			{
				for_each_sub_node([&] (Xml_node const &node) {
					if (node.has_type(type))
						fn(node); });
			}

			unsigned long   attribute_value(char const *, unsigned long otherwise) const;
			unsigned        attribute_value(char const *, unsigned otherwise) const;
			long            attribute_value(char const *, long otherwise) const;
			bool            attribute_value(char const *, bool otherwise) const;
			Number_of_bytes attribute_value(char const *, Number_of_bytes otherwise) const;

			template <size_t N>
			String<N> attribute_value(char const *name, String<N> otherwise) const
			{
				char const *value;
				size_t      length;
				char        text[N];

				if (!_find(name, &value, &length))
					return otherwise;
				strncpy(text, value, min((size_t)N, length + 1));
				return String<N>(text);
			}
	};
}

#endif
