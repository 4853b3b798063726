/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log of capabilities of a PD session of core; takes the place of the header of
 * components, whose sessions have none
 */
#ifndef CAPLOG_LOG_DATASPACE_H
#define CAPLOG_LOG_DATASPACE_H

#include <dataspace/capability.h>

namespace Genode {

	struct Pd_session;

	Dataspace_capability log_dataspace(Pd_session &);
}

#endif
