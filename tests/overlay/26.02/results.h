/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results of RPCs that only Genode 26.02 has; the end of rpc.h
 */
#ifndef OVERLAY_RESULTS_H
#define OVERLAY_RESULTS_H

namespace Overlay {

	template <> struct Result<Foc_thread_state> {
		static Foc_thread_state of(Request &r) { return state_of<Foc_thread_state>(r); } };

	template <typename T> struct Result<Attempt<T, Alloc_error>>
	{
		static Attempt<T, Alloc_error> of(Request &r)
		{
			if (r.code == Rpc_exception_code::EXCEPTION_BASE)
				return Alloc_error::OUT_OF_RAM;
			T const result = Result<T>::of(r);
			if (r.code || !result.valid())
				return Alloc_error::DENIED;
			return result;
		}
	};
}

#endif
