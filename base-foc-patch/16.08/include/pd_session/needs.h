/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Genode 16.08's <pd_session/pd_session.h> includes
 *
 * Under the names of their own, since that header is included with another name for
 * Pd_session, which these use as well.
 */
#ifndef CAPLOG_PD_SESSION_NEEDS_H
#define CAPLOG_PD_SESSION_NEEDS_H

#include <base/exception.h>
#include <dataspace/capability.h>
#include <region_map/region_map.h>
#include <session/session.h>
#include <thread/capability.h>

#endif
