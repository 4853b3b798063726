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
		Thread          *thread  = nullptr; /* of the monitor's own */

		/* badges are never reused here, so no line is found by a mistake */
		Data() : badge(__sync_add_and_fetch(&last, 1)*8) { }

	private:

		static long last;
};


namespace Core_model {

	using namespace Genode;

	inline Native_capability fresh() { return Native_capability(*new Native_capability::Data()); }

	inline Native_capability::Data *data(Native_capability const &cap) {
		return const_cast<Native_capability::Data *>(cap.data()); }

	/* What core knows of the monitor's own threads */
	Capability<Cpu_thread> own_thread(Thread &);

	/* nullptr: gone, or nothing that is called */
	Rpc_object_base *object_of(Native_capability const &);
	void             object_of(Native_capability const &, Rpc_object_base *, Rpc_entrypoint *);

	/* The object of a capability, if it is one of this class */
	template <typename T> T *server(Native_capability const &cap) {
		return dynamic_cast<T *>(object_of(cap)); }

	/* Core's own entrypoint, which may call itself */
	Rpc_entrypoint &core_ep();

	/* What core and the monitor's parent know: one thread at a time */
	struct Core_turn
	{
		static void begin();
		static void end();

		Core_turn()  { begin(); }
		~Core_turn() { end(); }
	};
}

#endif
