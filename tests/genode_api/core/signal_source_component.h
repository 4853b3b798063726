/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_CORE_SIGNAL_SOURCE_COMPONENT_H
#define GENODE_API_CORE_SIGNAL_SOURCE_COMPONENT_H

#include <base/rpc_server.h>
#include <base/signal.h>
#include <signal_source/rpc_object.h>

namespace Genode {

	class  Signal_source_component;
	struct Signal_context { GENODE_RPC_INTERFACE(); };

	struct Signal_context_component : Rpc_object<Signal_context>
	{
		long                      mark;
		Signal_source_component  *owner;
		int                       count  = 0;
		bool                      queued = false;
		Signal_context_component *next   = nullptr;

		explicit Signal_context_component(long imprint = 0, Signal_source_component *source = nullptr)
		: mark(imprint), owner(source) { }

		void increment_signal_cnt(int n) { count += n; }
		void reset_signal_cnt()          { count = 0; }

		Signal_source_component *source() { return owner; }

		long imprint() const  { return mark; }
		int  cnt()     const  { return count; }
		bool enqueued() const { return queued; }
	};

	/* First in, first out */
	class Signal_queue
	{
		private:

			Signal_context_component *_first = nullptr;

		public:

			bool empty() const { return !_first; }

			void enqueue(Signal_context_component *c)
			{
				Signal_context_component **at = &_first;
				while (*at)
					at = &(*at)->next;
				*at       = c;
				c->next   = nullptr;
				c->queued = true;
			}

			void remove(Signal_context_component *c)
			{
				Signal_context_component **at = &_first;
				while (*at != c)
					at = &(*at)->next;
				*at       = c->next;
				c->queued = false;
			}

			Signal_context_component *dequeue()
			{
				Signal_context_component * const c = _first;
				remove(c);
				return c;
			}
	};

	class Signal_source_component : public Signal_source_rpc_object
	{
		private:

			struct Finalizer
			{
				GENODE_RPC(Rpc_exit, void, exit);
				GENODE_RPC_INTERFACE(Rpc_exit);
			};

			struct Finalizer_component : Rpc_object<Finalizer, Finalizer_component>
			{
				Signal_source_component &source;

				explicit Finalizer_component(Signal_source_component &source) : source(source) { }

				void exit();
			};

			Signal_queue          _signal_queue;
			Rpc_entrypoint       *_entrypoint;
			Finalizer_component   _finalizer;
			Capability<Finalizer> _finalizer_cap;

		public:

			explicit Signal_source_component(Rpc_entrypoint *);
			~Signal_source_component();

			void release(Signal_context_component *);
			void submit(Signal_context_component *, unsigned long count);

			Signal wait_for_signal() override;
	};
}

#endif
