/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the monitor's sessions have in common
 */
#ifndef CAPLOG_SESSION_BASE_H
#define CAPLOG_SESSION_BASE_H

#include <base/signal.h>
#include <session/capability.h>

#include "types.h"


struct Caplog::Session_base
{
	/* what an image keeps of the session */
	caplog_state saved;

	Session_base() { bzero(&saved, sizeof(saved)); }

	virtual ~Session_base() { }

	/* What the component was given */
	virtual Native_capability given() const = 0;

	/* The object that stands for the session exists now */
	virtual void entered(Object &) { }

	/* Bring 'saved' up to date: it is about to be written to an image */
	virtual void settle() { }

	/* All objects of the component exist: install signal handlers, continue timers */
	virtual void restored() { }

	/* Time stands still for it, or goes on */
	virtual void freeze(bool) { }

	/* The component has this signal context no more */
	virtual void forget(Signal_context_capability) { }

	/*
	 * End the session with all that it handed out, and free it
	 *
	 * \return  false: it is no session that the component opened, and stays
	 */
	virtual bool end() { return false; }
};

#endif
