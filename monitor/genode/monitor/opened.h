/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session of the monitor's parent, handed out as it is
 */
#ifndef CAPLOG_OPENED_H
#define CAPLOG_OPENED_H

#include <util/string.h> /* wanted by the next */
#include <base/affinity.h>

#include "session_base.h"

namespace Caplog { class Opened_session; }


class Caplog::Opened_session : public Session_base
{
	private:

		Session_capability const _real;

	protected:

		Target &target;

	public:

		Opened_session(Target &, char const *service, char const *args, Affinity const &);
		~Opened_session();

		Native_capability  given() const override { return _real; }
		Session_capability real()  const override { return _real; }
		bool end() override;
};

#endif
