/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the monitor does with objects of one kind
 *
 * The engine's list says what a kind is; a row of this table says how Genode is
 * asked for an object of it (kind.cc). One more service is a file with its
 * session, and a row.
 */
#ifndef CAPLOG_KIND_H
#define CAPLOG_KIND_H

#include <session/capability.h>

#include "types.h"

namespace Caplog { struct Kind_row; }


/* What an image keeps of an object beside its line */
struct Caplog::Saved
{
	caplog_state const *session; /* nullptr: nothing */
	uint64_t            pending; /* signals of a context that were not fetched */
};


struct Caplog::Kind_row
{
	uint32_t kind;

	/* Create the object of a line again, 0 or an error of <caplog/diag.h> */
	int (*make)(Target &, caplog_object &, Saved const &, caplog_diag *);

	/* Service by whose name components open such a session, and what they get for the
	 * session that the parent opened; nullptr: none */
	char const   *service;
	Session_base *(*wrap)(Target &, Session_capability);

	/* Signals that were not fetched; nullptr: objects of this kind have none */
	uint64_t (*pending)(Target &, Object &);

	/* All objects of the group exist */
	void (*finish)(Target &, Object &, caplog_object &);

	/* nullptr: no such kind */
	static Kind_row const *of(uint32_t kind);

	/* nullptr: a service that the monitor cannot open again */
	static Kind_row const *of_service(char const *name);
};

#endif
