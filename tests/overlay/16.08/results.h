/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results of RPCs that only Genode 16.08 has; the end of rpc.h
 */
#ifndef OVERLAY_RESULTS_H
#define OVERLAY_RESULTS_H

namespace Overlay {

	template <> struct Result<Thread_state> {
		static Thread_state of(Request &r) { return state_of<Thread_state>(r); } };
}

#endif
