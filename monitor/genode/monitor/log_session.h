/* SPDX-License-Identifier: BSD-2-Clause */
/* LOG session: the parent's, whose server keeps nothing that an image would need */
#ifndef CAPLOG_LOG_SESSION_H
#define CAPLOG_LOG_SESSION_H

#include "kind.h"

namespace Caplog { struct Log_session; }


struct Caplog::Log_session
{
	static Session_base *open(Target &, char const *args, Affinity const &);
};

#endif
