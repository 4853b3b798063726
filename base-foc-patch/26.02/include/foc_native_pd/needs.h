/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Foc_native_pd is made of in Genode 26.02
 */
#ifndef CAPLOG_FOC_NATIVE_PD_NEEDS_H
#define CAPLOG_FOC_NATIVE_PD_NEEDS_H

#include <cpu_session/cpu_session.h>
#include <foc/native_capability.h>
#include <pd_session/pd_session.h>
#include <util/interface.h>

#include <caplog/flavour.h>

/* Genode only declares it, since it has none on this kernel */
struct Genode::Stock_pd_session::Native_pd : Interface { };

static_assert(CAPLOG_OWN(PARENT_SLOT) << CAPLOG_OWN(SLOT_SHIFT) == Foc::PARENT_CAP
              && CAPLOG_OWN(BADGE_BITS) == 28,
              "compiled for another release: CC_OPT += -DCAPLOG_FLAVOUR=CAPLOG_FOC_26_02");

#endif
