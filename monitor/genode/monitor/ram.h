/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM session, and the dataspaces that come from it
 */
#ifndef CAPLOG_RAM_H
#define CAPLOG_RAM_H

#include <ram_session/ram_session.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


struct Caplog::Ram : Served<Ram_session>, Session_base
{
	Target &target;

	Ram(Target &target, Gate &gate) : Served(gate), target(target) { }

	Ram_dataspace_capability alloc(size_t, Cache_attribute) override;
	void   free(Ram_dataspace_capability) override;
	int    ref_account(Ram_session_capability) override;
	int    transfer_quota(Ram_session_capability, size_t) override;
	size_t quota() override;
	size_t used() override;

	Native_capability  given() const override { return cap(); }
	Session_capability real()  const override;
	void settle() override;

	/* Fresh memory for a line that carries some, the log's as well */
	static void allocate(Target &, caplog_object &);

	static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
