/* SPDX-License-Identifier: BSD-2-Clause */
#include "shepherd.h"

namespace {

	struct Old_shepherd : Shepherd
	{
		unsigned long sheep = 0;

		unsigned long bring() override { return ++sheep; }
		void lose(unsigned long sheep) override { throw Lost { sheep }; }
	};

	Old_shepherd old_shepherd;
}

Shepherd &shepherd() { return old_shepherd; }
