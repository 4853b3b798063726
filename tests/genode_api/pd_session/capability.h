/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_PD_SESSION_CAPABILITY_H
#define GENODE_API_PD_SESSION_CAPABILITY_H

#include <pd_session/pd_session.h>

namespace Genode { typedef Capability<Pd_session> Pd_session_capability; }

#endif
