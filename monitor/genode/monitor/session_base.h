/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the monitor's sessions have in common
 */
#ifndef CAPLOG_SESSION_BASE_H
#define CAPLOG_SESSION_BASE_H

#include <session/capability.h>

#include "types.h"


struct Caplog::Session_base
{
	/* what an image keeps of the session */
	caplog_state saved;

	Session_base() { memset(&saved, 0, sizeof(saved)); }

	virtual ~Session_base() { }

	/* What the component was given; invalid for those that it cannot close */
	virtual Native_capability given() const { return Native_capability(); }

	/* The session at the monitor's parent or core to which quota is passed on */
	virtual Session_capability real() const { return Session_capability(); }

	/* The object that stands for the session exists now */
	virtual void entered(Object &) { }

	/* Bring 'saved' up to date: it is about to be written to an image */
	virtual void settle() { }

	/* All objects of the component exist: install signal handlers, continue timers */
	virtual void restored() { }

	/*
	 * End the session with all that it handed out, and free it
	 *
	 * \return  false: it is no session that the component opened, and stays
	 */
	virtual bool end() { return false; }
};

#endif
