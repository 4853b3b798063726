/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for signals
 */
#include "hooks.h"

#include <signal_source/client.h>


static Capability<Signal_source> signal_source;
static Test_signal_source_client *client;
static long                      imprints;
static bool                      leave;

static void signal_thread()
{
	client = new Test_signal_source_client(signal_source);
	while (!leave)
		imprints += client->wait_for_signal().imprint();
	delete client;
	client = nullptr;
}

void test_signal()
{
	imprints = 0;
	leave    = false;
	signal_source = new_signal_source();

	Worker *w = new Worker(signal_thread);
	wait_for([] () { return waits(1); });
	compare();

	/* attached to its thread, with label 0, and recorded so */
	uint32_t irq = 0;
	for (uint32_t s = USER; s < HK_SLOTS; s++)
		if (hk_slot(core.task, s) && hk_slot(core.task, s)->type == HK_IRQ
		 && cap_space.map.badge[s] && cap_space.map.badge[s] != CAPLOG_BADGE_NONE)
			irq = s;
	check(irq);
	check(((hk_irq *)hk_slot(core.task, irq))->thread == w->thread());
	if (logged()) {
		check(space.cap[irq].kind == CAPLOG_IRQ);
		check(space.cap[irq].other == GATE);
	}

	/* there is one attachment: the second fails, and is not recorded: see compare() */
	Signal_source_client * const second = new Test_signal_source_client(signal_source);
	compare();
	(void)second;

	/* a wake-up without a signal; one with; one after the thread was recreated */
	ask(PEER_SIGNAL, 0);
	ask(PEER_SIGNAL, 3);
	wait_for([] () { return imprints == 3 && waits(1); });
	ask(PEER_REMAKE, 1);
	wait_for([] () { return waits(1); });
	compare();
	leave = true;
	ask(PEER_SIGNAL, 4);
	w->join();
	check(imprints == 7);
	check(!client);

	/* detached: the IRQ object is like any other */
	compare();
	if (logged())
		check(space.cap[irq].kind == CAPLOG_RECEIVED);
	delete w;
	compare();
}
