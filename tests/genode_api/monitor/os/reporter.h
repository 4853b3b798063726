/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_OS_REPORTER_H
#define GENODE_API_MONITOR_OS_REPORTER_H

#include <util/xml_generator.h>

namespace Genode {

	class Reporter
	{
		private:

			char const *_name;
			bool        _enabled = false;

		public:

			Reporter(char const *name) : _name(name) { }

			void enabled(bool on)      { _enabled = on; }
			bool enabled() const       { return _enabled; }
			char const *name() const   { return _name; }

			struct Xml_generator : Genode::Xml_generator
			{
				template <typename FN> Xml_generator(Reporter &reporter, FN const &fn)
				: Genode::Xml_generator(reporter.name()) { fn(); submit(); }
			};
	};
}

#endif
