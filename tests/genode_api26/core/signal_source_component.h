/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_SIGNAL_SOURCE_COMPONENT_H
#define GENODE_API26_CORE_SIGNAL_SOURCE_COMPONENT_H

#include <base/rpc_server.h>
#include <base/signal.h>
#include <signal_source/rpc_object.h>

#include <types.h>

namespace Core {

	class  Signal_queue;
	class  Signal_source_component;
	struct Signal_context_component;
}

namespace Genode { struct Signal_context { GENODE_RPC_INTERFACE(); }; }


struct Core::Signal_context_component : Rpc_object<Signal_context>
{
	long                      mark;
	Signal_source_component  &owner;
	int                       count  = 0;
	bool                      queued = false;
	Signal_context_component *next   = nullptr;

	Signal_context_component(long imprint, Signal_source_component &source)
	: mark(imprint), owner(source) { }

	void increment_signal_cnt(int n) { count += n; }
	void reset_signal_cnt()          { count = 0; }

	Signal_source_component &source() { return owner; }

	long imprint() const  { return mark; }
	int  cnt()     const  { return count; }
	bool enqueued() const { return queued; }
};


/* First in, first out */
class Core::Signal_queue : Noncopyable
{
	private:

		Signal_context_component *_first = nullptr;

	public:

		void enqueue(Signal_context_component &c)
		{
			Signal_context_component **at = &_first;
			while (*at)
				at = &(*at)->next;
			*at      = &c;
			c.next   = nullptr;
			c.queued = true;
		}

		void remove(Signal_context_component &c)
		{
			Signal_context_component **at = &_first;
			while (*at != &c)
				at = &(*at)->next;
			*at      = c.next;
			c.queued = false;
		}

		template <typename FN> void dequeue(FN const &fn)
		{
			Signal_context_component * const c = _first;
			if (!c)
				return;
			remove(*c);
			fn(*c);
		}
};


class Core::Signal_source_component : public Signal_source_rpc_object
{
	private:

		Signal_queue    _signal_queue { };
		Rpc_entrypoint &_entrypoint;

	public:

		explicit Signal_source_component(Rpc_entrypoint &);
		~Signal_source_component();

		void release(Signal_context_component &);
		void submit(Signal_context_component &, unsigned long count);

		Signal wait_for_signal() override;
};

#endif
