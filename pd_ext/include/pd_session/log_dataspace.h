/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log of capabilities of a PD session that does not implement it: there is none
 */
#ifndef CAPLOG_LOG_DATASPACE_H
#define CAPLOG_LOG_DATASPACE_H

#include <dataspace/capability.h>

namespace Genode {

	struct Pd_session;

	inline Dataspace_capability log_dataspace(Pd_session &) { return Dataspace_capability(); }
}

#endif
