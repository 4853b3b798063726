/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_UTIL_RETRY_H
#define GENODE_API_UTIL_RETRY_H

namespace Genode {

	template <typename EXC, typename FUNC, typename HANDLER>
	auto retry(FUNC func, HANDLER handler, unsigned attempts = ~0U) -> decltype(func())
	{
		for (; attempts; attempts--) {
			try { return func(); }
			catch (EXC) { handler(); }
		}
		throw EXC();
	}
}

#endif
