/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All PDs below the monitor, and what they share
 *
 * The main thread adds and removes them; others look for one.
 */
#ifndef CAPLOG_TARGETS_H
#define CAPLOG_TARGETS_H

#include <base/entrypoint.h>
#include <base/mutex.h>
#include <util/list.h>

#include "limits.h"
#include "target.h"


class Caplog::Targets
{
	private:

		Mutex        mutable      _mutex { };
		List<Target>              _all   { };
		Signal_context_capability _sigh  { };

		Target *_first() const { return const_cast<List<Target> &>(_all).first(); }

		/* Counts what the sandbox tells the monitor in the place of components */
		struct News : Signal_dispatcher_base
		{
			unsigned count = 0;

			void dispatch(unsigned) override { __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST); }
		};

		News _news { };

	public:

		Limits     limits { };
		Entrypoint timer_ep;

		/* Told when a session is there that was asked for in the place of a component */
		Signal_context_capability const news_sigh;

		Targets(Env &env)
		: timer_ep(env, 16*1024*sizeof(long), "timers", { }), news_sigh(timer_ep.manage(_news)) { }

		~Targets() { timer_ep.dissolve(_news); }

		unsigned news() const { return __atomic_load_n(&_news.count, __ATOMIC_SEQ_CST); }

		/* Told when a target is ready or ended */
		void sigh(Signal_context_capability sigh) { _sigh = sigh; }

		void state_changed() const
		{
			if (_sigh.valid())
				Signal_transmitter(_sigh).submit();
		}

		void add(Target &t)
		{
			Mutex::Guard guard(_mutex);
			_all.insert(&t);
		}

		void remove(Target &t)
		{
			Mutex::Guard guard(_mutex);
			_all.remove(&t);
		}

		/* By the main thread only: fn(Target &) returns whether that is the one */
		Target *find(auto const &fn)
		{
			for (Target *t = _first(); t; t = t->next())
				if (fn(*t))
					return t;
			return nullptr;
		}

		/* Core's account in place of one that the monitor serves */
		Capability<Pd_account> at_core(Capability<Pd_account> cap) const
		{
			Mutex::Guard guard(_mutex);

			for (Target *t = _first(); t; t = t->next())
				if (t->pd().cap().local_name() == cap.local_name())
					return t->core().pd_cap();
			return cap;
		}
};

#endif
