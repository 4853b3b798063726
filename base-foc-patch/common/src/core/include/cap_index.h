/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry of core's cap map: what core knows of an object that it made
 *
 * Takes the place of base-foc's header of this name. All entries are of objects
 * that core made, since core enters nothing that it receives (rpc_cap_factory.cc).
 */
#ifndef CAPLOG_CAP_INDEX_H
#define CAPLOG_CAP_INDEX_H

#include <base/internal/cap_map.h>
#include <base/internal/native_thread.h>

#include <core_names.h>


class Core::Core_cap_index : public Native_capability::Data
{
	private:

		Core_cap_index(Core_cap_index const &);
		Core_cap_index &operator = (Core_cap_index const &);

		/* beside the number of references */
		bool _semaphore = false;
		bool _has_first = false;
		bool _is_first  = false;

		union {
			Pd_session_component *_session = nullptr;
			Core_cap_index       *_first;  /* has_first_gate */
		};
		Platform_thread const *_thread = nullptr;

	public:

		Core_cap_index() { }

		/* Of a gate: who made it */
		Pd_session_component const *session() const { return _has_first ? nullptr : _session; }

		/* Of a thread, and of a gate that leads to it */
		Platform_thread const *pt() const { return _thread; }

		/* Is it the IRQ object of a signal source? Requests to it end in the kernel */
		bool semaphore() const { return _semaphore; }

		/*
		 * A thread has a gate of its own from its creation to its end: the first
		 * one that is made for it
		 */
		bool has_first_gate() const { return _has_first; }
		bool is_first_gate()  const { return _is_first; }

		/*
		 * The kernel's thread faults at its own gate while core destroys it: the
		 * gate lives as long, by a reference that the thread's entry has
		 */
		void first_gate(Core_cap_index &gate)
		{
			gate.inc();
			_first     = &gate;
			_has_first = gate._is_first = true;
		}

		/* The thread is gone: whose reference to drop; nullptr: it has no gate */
		Core_cap_index *take_first_gate()
		{
			Core_cap_index * const gate = _has_first ? _first : nullptr;

			_has_first = false;
			return gate;
		}

		void session(Pd_session_component *maker) { _session = maker; }
		void pt(Platform_thread const *thread)    { _thread = thread; }
		void mark_semaphore()                     { _semaphore = true; }
};

#endif
