/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Uses another component's service: each call must be served once
 */
#include <base/env.h>
#include <base/log.h>
#include <timer_session/connection.h>

#include "shop.h"

using namespace Genode;


int main()
{
	enum { RECEIPTS = 8, CALLS = 20 };

	static Timer::Connection timer;

	Capability<Shop::Session> const shop =
		env()->parent()->session<Shop::Session>("ram_quota=16K");

	static Capability<Shop::Receipt> receipt[RECEIPTS];
	static unsigned long             number[RECEIPTS];

	unsigned long bought = 0;

	for (unsigned long day = 1; ; day++) {

		for (unsigned i = 0; i < CALLS; i++) {
			unsigned long const n = shop.call<Shop::Session::Rpc_buy>();
			if (n != ++bought) {
				error("FAILED: sale ", bought, " was counted as ", n);
				bought = n;
			}
		}

		/* the oldest receipt goes back */
		unsigned const i = day % RECEIPTS;
		if (receipt[i].valid())
			shop.call<Shop::Session::Rpc_give_back>(receipt[i]);
		receipt[i] = shop.call<Shop::Session::Rpc_receipt>();
		number[i]  = bought;

		for (unsigned r = 0; r < RECEIPTS; r++)
			if (receipt[r].valid() && receipt[r].call<Shop::Receipt::Rpc_number>() != number[r])
				error("FAILED: receipt of sale ", number[r], " is about another one");

		log("bought ", bought);
		timer.msleep(40);
	}
}
