/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces that are made, attached, moved and freed
 */
#include <base/env.h>

#include "storm.h"

using namespace Storm;

enum { LIVING = 3, PAGE = 4096 };


struct Memory
{
	Ram_dataspace_capability ds;
	unsigned long           *at;
	size_t                   words;
	unsigned long            first;

	void make(unsigned long n)
	{
		words = (1 + n % 4)*PAGE/sizeof(*at);
		first = n;
		ds    = env()->ram_session()->alloc(words*sizeof(*at));
		at    = env()->rm_session()->attach(ds);
		for (size_t i = 0; i < words; i += 64)
			at[i] = first + i;
	}

	void move()
	{
		unsigned long * const before = at;

		at = env()->rm_session()->attach(ds);
		env()->rm_session()->detach(before);
	}

	bool right() const
	{
		for (size_t i = 0; i < words; i++)
			if (at[i] != (i % 64 ? 0 : first + i))
				return false;
		return true;
	}

	void free()
	{
		env()->rm_session()->detach(at);
		env()->ram_session()->free(ds);
		at = nullptr;
	}
};


static Memory memory[LIVING];


static void make_and_free(unsigned long n)
{
	Memory &m = memory[n % LIVING];

	if (m.at) {
		account.expect(m.right(), "memory", n);
		m.free();
	}
	m.make(n);
	for (Memory &other : memory) {
		if (!other.at)
			continue;
		other.move();
		account.expect(other.right(), "moved memory", n);
	}
}


static Activity dataspaces { "dataspaces", make_and_free, 4 };
