/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_AFFINITY_H
#define GENODE_API_MONITOR_BASE_AFFINITY_H

namespace Genode {

	struct Affinity
	{
		struct Location
		{
			int      x = 0, y = 0;
			unsigned w = 0, h = 0;

			Location() { }
			Location(int x, unsigned y) : x(x), y(y), w(1), h(1) { }
			Location(int x, int y, unsigned w, unsigned h) : x(x), y(y), w(w), h(h) { }

			int      xpos()   const { return x; }
			int      ypos()   const { return y; }
			unsigned width()  const { return w; }
			unsigned height() const { return h; }
		};

		struct Space
		{
			unsigned w = 0, h = 0;

			Space() { }
			Space(unsigned w, unsigned h) : w(w), h(h) { }

			unsigned width()  const { return w; }
			unsigned height() const { return h; }
		};

		Affinity() { }
		Affinity(Space const &space, Location const &location) : _space(space), _location(location) { }

		Space    space()    const { return _space; }
		Location location() const { return _location; }

		private:

			Space    _space;
			Location _location;
	};
}

#endif
