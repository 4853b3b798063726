/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG session: passed on line by line
 *
 * A line is a call to the monitor, which is answered before a checkpoint and not
 * repeated after it: so each line is printed once.
 */
#ifndef CAPLOG_LOG_SESSION_H
#define CAPLOG_LOG_SESSION_H

#include <log_session/log_session.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"

namespace Caplog { struct Log_session; }


struct Caplog::Log_session : Served<Genode::Log_session>, Session_base
{
	private:

		Target                               &_target;
		Capability<Genode::Log_session> const _real;

	public:

		Log_session(Target &, Session_capability);
		~Log_session();

		void write(String const &) override;

		Native_capability given() const override { return cap(); }
		bool end() override;

		static Session_base *wrap(Target &, Session_capability);
};

#endif
