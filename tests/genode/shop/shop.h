/* SPDX-License-Identifier: BSD-2-Clause */
/* Service of the test's server */
#ifndef CAPLOG_TEST_SHOP_H
#define CAPLOG_TEST_SHOP_H

#include <base/rpc.h>
#include <base/capability.h>
#include <session/session.h>

namespace Shop {

	struct Receipt
	{
		/* Number of the sale that it is about */
		GENODE_RPC(Rpc_number, unsigned long, number);
		GENODE_RPC_INTERFACE(Rpc_number);
	};

	struct Session : Genode::Session
	{
		static char const *service_name() { return "Shop"; }

		/* Number of this customer's sales, this one included */
		GENODE_RPC(Rpc_buy, unsigned long, buy);
		/* About the last sale */
		GENODE_RPC(Rpc_receipt, Genode::Capability<Receipt>, receipt);
		GENODE_RPC(Rpc_give_back, void, give_back, Genode::Capability<Receipt>);
		GENODE_RPC_INTERFACE(Rpc_buy, Rpc_receipt, Rpc_give_back);
	};
}

#endif
