/* SPDX-License-Identifier: BSD-2-Clause */
#include "log_session.h"
#include "opened.h"
#include "target.h"

namespace Caplog {


Session_base *Log_session::open(Target &target, char const *args, Affinity const &affinity) {
	return new (target.alloc()) Opened_session(target, "LOG", args, affinity); }

} /* namespace Caplog */
