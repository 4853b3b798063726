/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_UTIL_XML_GENERATOR_H
#define GENODE_API_MONITOR_UTIL_XML_GENERATOR_H

#include <util/string.h>

namespace Genode {

	/* A report of one element, printed to the console */
	class Xml_generator
	{
		private:

			char   _text[1024];

			void _append(char const *);

		public:

			Xml_generator(char const *name);

			void attribute(char const *name, char const *value);
			void attribute(char const *name, unsigned value);
			void attribute(char const *name, int value);

			/* shown beside its parent */
			template <typename FN> void node(char const *name, FN const &fn) { begin(name); fn(); }
			void begin(char const *name);

			void submit();
	};
}

#endif
