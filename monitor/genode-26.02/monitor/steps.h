/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of a checkpoint node, one after the other
 *
 *   + checkpoint
 *     + child counter
 *     + steps
 *       + wait | ms: 1000
 *       + checkpoint             of all children; they run on
 *       + checkpoint | destroy: yes     they end: a restore continues them
 *       + destroy
 *       + restore                from the last image
 *       + print-log              capability spaces in the text form of caplog(1)
 *       + log | text: ...        a line in the monitor's own log
 *       + repeat | times: 10 | + ...
 *
 * After a step that failed there are no more.
 */
#ifndef CAPLOG_STEPS_H
#define CAPLOG_STEPS_H

#include <base/node.h>

#include "images.h"
#include "keeper.h"

namespace Caplog { class Steps; }


class Caplog::Steps : Thread
{
	private:

		enum { STACK_SIZE = 64*1024, RETRIES = 50, RETRY_MS = 10, MAX_BYTES = 64*1024 };

		Allocator      &_alloc;
		Keeper         &_keeper;
		Buffered_node   _node;
		Platform        _platform;
		caplog_platform _ops { _platform.ops() };
		Images          _images;
		unsigned        _failures = 0;

		bool _failed(char const *what, char const *why); /* false, always */

		int  _capture(Instance &, caplog_diag &);
		bool _checkpoint(Node const &);
		bool _restore();
		bool _destroy();
		bool _print_logs();
		bool _take(Node const &);
		bool _run(Node const &);

		void entry() override;

	public:

		Steps(Env &, Allocator &, Keeper &, Node const &steps);
};

#endif
