/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM sessions of core that compare an amount of quota before they add to it
 *
 * Takes the place of base's header of this name, and includes it. A session of
 * Genode adds what is in use to the amount first: one that is nearly 2^64 passes
 * as a small one, and is then taken from the receiver.
 */
#ifndef CAPLOG_RAM_ROOT_H
#define CAPLOG_RAM_ROOT_H

#define Ram_root Unchecked_ram_root
#include_next <ram_root.h>
#undef Ram_root

namespace Genode {

	struct Checked_ram_session;
	class  Ram_root;
}


struct Genode::Checked_ram_session : Ram_session_component
{
	enum { INSUFFICIENT = -3 };

	using Ram_session_component::Ram_session_component;

	int transfer_quota(Ram_session_capability to, size_t amount) override
	{
		return amount > quota() ? (int)INSUFFICIENT : Ram_session_component::transfer_quota(to, amount);
	}
};


class Genode::Ram_root : public Unchecked_ram_root
{
	private:

		Rpc_entrypoint  &_dataspaces;
		Range_allocator &_memory;

	protected:

		Ram_session_component *_create_session(char const *args) override
		{
			return new (*md_alloc())
				Checked_ram_session(&_dataspaces, ep(), &_memory, md_alloc(), args);
		}

	public:

		Ram_root(Rpc_entrypoint *sessions, Rpc_entrypoint *dataspaces, Range_allocator *memory,
		         Allocator *meta_data)
		:
			Unchecked_ram_root(sessions, dataspaces, memory, meta_data),
			_dataspaces(*dataspaces), _memory(*memory)
		{ }
};

#endif
