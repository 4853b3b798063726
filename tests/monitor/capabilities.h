/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a capability of the model is
 */
#ifndef MONITOR_TEST_CAPABILITIES_H
#define MONITOR_TEST_CAPABILITIES_H

#include <base/rpc_server.h>
#include <base/signal.h>


class Genode::Native_capability::Data
{
	public:

		long             badge;
		Rpc_object_base *object  = nullptr; /* nullptr: gone, or nothing that is called */
		Rpc_entrypoint  *ep      = nullptr;
		Signal_context  *context = nullptr;

		/* badges are never reused here, so no line is found by a mistake */
		Data() : badge(++last*8) { }

	private:

		static long last;
};


namespace Core_model {

	using namespace Genode;

	inline Native_capability fresh() { return Native_capability(*new Native_capability::Data()); }

	inline Native_capability::Data *data(Native_capability const &cap) {
		return const_cast<Native_capability::Data *>(cap.data()); }

	/* The object of a capability, if it is one of this class */
	template <typename T> T *server(Native_capability const &cap) {
		return data(cap) ? dynamic_cast<T *>(data(cap)->object) : nullptr; }

	/* Core's own takes calls at any time, from any thread */
	Rpc_entrypoint &core_ep();
}

#endif
