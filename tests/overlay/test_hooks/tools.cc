/* SPDX-License-Identifier: BSD-2-Clause */
#include "hooks.h"

#include <base/internal/lock_helper.h>


Native_capability ask(Peer_opcode op, unsigned long a)
{
	Overlay::Request r;

	r.word(op);
	r.word(a);
	r.call(peer());
	return r.rcv.used_caps() ? r.rcv.cap(0) : Native_capability();
}

Native_capability give(unsigned badge) { return ask(PEER_GIVE, badge); }

void destroy(unsigned badge)
{
	ask(PEER_DESTROY, badge);
	for (uint32_t s = 0; s < HK_SLOTS; s++)
		if (cap_space.map.badge[s] == badge)
			dead[s] = true;
}

void wait_for(bool (*condition)())
{
	for (unsigned n = 0; !condition(); n++) {
		check(n < 100000);
		thread_yield();
	}
}
