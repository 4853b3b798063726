/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions that components of a group open at each other
 */
#ifndef CAPLOG_PEER_H
#define CAPLOG_PEER_H

#include <session/capability.h>

#include "account.h"
#include "kind.h"

namespace Caplog { struct Peer; }


struct Caplog::Peer
{
	/* Session of 'client' at 'server'; waits until the service is announced */
	static Session_capability open(Target &client, Target &server, char const *service,
	                               char const *args, Affinity const &,
	                               Account::Donation &, Account::Kept &);

	/* \throw Parent::Quota_exceeded */
	static void upgrade(Target &client, Session_capability, size_t quota);

	/* A session of another kind is left alone */
	static void close(Target &client, Session_capability);

	static int  make(Target &, caplog_object &, Saved const &, caplog_diag *);
	static int  make_service(Target &, caplog_object &, Saved const &, caplog_diag *);
	static void finish(Target &, Object &, caplog_object &);
};

#endif
