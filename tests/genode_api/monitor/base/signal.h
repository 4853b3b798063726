/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_BASE_SIGNAL_H
#define GENODE_API_MONITOR_BASE_SIGNAL_H

#include <base/capability.h>
#include <base/lock.h>
#include <base/semaphore.h>
#include <util/noncopyable.h>

namespace Genode {

	class Entrypoint;
	class Signal_source;
	class Signal_receiver;
	class Signal_context;

	typedef Capability<Signal_context> Signal_context_capability;

	template <typename, typename> struct Signal_handler;
}


namespace Genode {

	class Signal
	{
		private:

			Signal_context *_context;
			unsigned        _num;

		public:

			Signal(Signal_context *context, unsigned num) : _context(context), _num(num) { }

			Signal_context *context()       { return _context; }
			unsigned        num()     const { return _num; }
	};
}


class Genode::Signal_context : Noncopyable
{
	private:

		friend class Signal_receiver;

		Signal_receiver          *_receiver = nullptr;
		Signal_context           *_next     = nullptr;
		unsigned                  _pending  = 0;
		Signal_context_capability _cap;

	public:

		virtual ~Signal_context() { }

		/* What a timer or another server does: the context's receiver gets signals */
		void submit(unsigned num);

		GENODE_RPC_INTERFACE();
};


class Genode::Signal_receiver : Noncopyable
{
	private:

		friend class Signal_context;

		Semaphore       _available;
		Signal_context *_contexts = nullptr;
		Signal_context *_handled  = nullptr; /* by the thread that waited last */

	public:

		Signal_context_capability manage(Signal_context *);
		void                      dissolve(Signal_context *);

		Signal wait_for_signal();

		/* A call of wait_for_signal would not wait */
		bool pending();
};


namespace Genode {

	struct Signal_dispatcher_base : Signal_context
	{
		virtual void dispatch(unsigned num) = 0;
	};

	/* Called by its entrypoint whenever a signal comes */
	template <typename T, typename EP = Entrypoint>
	struct Signal_handler : Signal_dispatcher_base, Signal_context_capability
	{
		EP &ep;
		T  &obj;
		void (T::*member)();

		Signal_handler(EP &ep, T &obj, void (T::*member)())
		: Signal_context_capability(ep.manage(*this)), ep(ep), obj(obj), member(member) { }

		~Signal_handler() { ep.dissolve(*this); }

		void dispatch(unsigned) override { (obj.*member)(); }
	};
}

#endif
