/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Foc_native_pd is made of in Genode 16.08
 */
#ifndef CAPLOG_FOC_NATIVE_PD_NEEDS_H
#define CAPLOG_FOC_NATIVE_PD_NEEDS_H

#include <pd_session/pd_session.h>
#include <thread/capability.h>

#endif
