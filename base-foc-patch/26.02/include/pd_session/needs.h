/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Genode 26.02's <pd_session/pd_session.h> includes
 *
 * Under the names of their own, since that header is included with another name for
 * Pd_session, which these use as well.
 */
#ifndef CAPLOG_PD_SESSION_NEEDS_H
#define CAPLOG_PD_SESSION_NEEDS_H

#include <base/affinity.h>
#include <base/local.h>
#include <base/ram_allocator.h>
#include <cpu/cpu_state.h>
#include <dataspace/capability.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <util/attempt.h>

#endif
