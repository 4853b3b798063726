/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions that are opened, upgraded and closed, of core, the parent and the sibling
 */
#include <base/env.h>
#include <log_session/log_session.h>
#include <rom_session/client.h>

#include "storm.h"

using namespace Storm;


/* Nobody else opens any, but a session of core may be upgraded by a thread that makes an object */
static void sibling(unsigned long n)
{
	Capability<Counter> const session = open_sibling("ram_quota=16K");

	unsigned long sum = 0;
	for (unsigned long i = 1; i <= 4; i++) {
		sum += n + i;
		account.expect(session.call<Counter::Rpc_add>(n + i) == sum, "session", n);
		if (i == 2)
			env()->parent()->upgrade(session, "ram_quota=4K");
	}
	env()->parent()->close(session);
}


static void rom(unsigned long n)
{
	Rom_session_capability const session =
		env()->parent()->session<Rom_session>("ram_quota=4K, label=\"config\"");
	{
		Rom_session_client      rom(session);
		Rom_dataspace_capability const ds = rom.dataspace();
		char const *text = env()->rm_session()->attach(ds);

		account.expect(text[0] == '<' && text[1] == 'c', "ROM", n);
		env()->rm_session()->detach(text);
	}
	env()->parent()->close(session);
}


static void open_and_close(unsigned long n)
{
	sibling(n);
	if (n % 2)
		rom(n);
	else
		env()->parent()->close(env()->parent()->session<Log_session>("ram_quota=8K, label=\"x\""));
}


static Activity sessions { "sessions", open_and_close, 4 };
