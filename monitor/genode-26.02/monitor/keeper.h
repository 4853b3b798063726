/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeper of a checkpoint node: which components it names, which of them exist, and
 * how the sandbox is told to make and end them
 *
 * The main thread serves the sandbox, and never waits. The thread of the steps
 * waits for what it does.
 */
#ifndef CAPLOG_KEEPER_H
#define CAPLOG_KEEPER_H

#include <base/node.h>

#include "config.h"
#include "instance.h"
#include "platform.h"
#include "targets.h"

namespace Caplog { class Keeper; }


class Caplog::Keeper : public Platform::Maker
{
	private:

		enum { LOG = 256*1024, WAIT_MS = 20000, POLL_MS = 1 };

		/* Of a component that is no member */
		struct Alone : Group { caplog_ledger ledger { }; };

		Allocator &_alloc;

		Name     _member[Group::MAX] { };
		unsigned _count = 0;
		size_t   _log   = LOG;

		Signal_context_capability _apply { };

		Mutex mutable _mutex    { };         /* of what follows */
		Instance     *_instance = nullptr;
		bool          _exist    = true;      /* the sandbox is to have the members */
		bool          _image    = false;     /* they are to be filled from one     */

		/* Group::MAX: it is no member */
		unsigned _index_of(Name const &) const;

		void   _tell(bool exist);
		bool   _all_gone() const;
		Target *_member_at(unsigned) const;

	public:

		Keeper(Allocator &alloc) : _alloc(alloc) { }

		/*
		 * Main thread
		 */

		/* Told when the sandbox's configuration has to be applied again */
		void apply_sigh(Signal_context_capability sigh) { _apply = sigh; }

		void configure(Node const &config);

		/* Is a member to exist? */
		bool exists(Name const &) const;

		Target::Place place(Target::Label const &);

		void created(Target &);

		/* It was destroyed, and what it belonged to may go as well */
		void gone(Group &, unsigned index);

		/*
		 * Thread of the steps
		 */

		unsigned  count() const { return _count; }
		Instance *instance()    { return _instance; }

		/* All members are there and run. \return false: the sandbox did not start them in time */
		bool wait_started();

		/* A place for members that an image fills; those before are gone */
		Instance &begin_restore();
		void      end_restore();

		Target *make(char const *name) override;
		bool    end_all() override;
		bool    is_member(char const *name) const override;
};

#endif
