/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_AFFINITY_H
#define GENODE_API_MONITOR_BASE_AFFINITY_H

namespace Genode {

	struct Affinity
	{
		struct Location
		{
			Location() { }
			Location(int, unsigned) { }
		};

		struct Space { };
	};
}

#endif
