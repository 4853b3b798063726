/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of a cap space: the map, and an entry per slot
 *
 * Core's entries hold more than a component's, and core has more of them.
 */
#ifndef CAPLOG_CAP_STORAGE_H
#define CAPLOG_CAP_STORAGE_H

#include <foc/native_capability.h>
#include <util/construct_at.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

namespace Genode { template <typename, unsigned, unsigned> class Cap_storage; }


/**
 * \param BUCKETS  of the index; a power of two, about half as many as slots
 */
template <typename ENTRY, unsigned SLOTS, unsigned BUCKETS>
class Genode::Cap_storage final : public Cap_index_allocator
{
	private:

		Cap_storage(Cap_storage const &);
		Cap_storage &operator = (Cap_storage const &);

		CAPLOG_MAP_STORAGE(SLOTS, BUCKETS) _map { };

		alignas(ENTRY) unsigned char _entries[SLOTS][sizeof(ENTRY)] { };

		caplog_writer * const _log;

	public:

		/* \param log  where the events of the map go; core has none */
		explicit Cap_storage(caplog_writer *log = nullptr) : _log(log) { clear(); }

		Cap_index *construct(unsigned slot) override {
			return Genode::construct_at<ENTRY>(_entries[slot]); }

		void clear() override
		{
			zero(_entries, sizeof(_entries));
			cap_space.entries = (addr_t)_entries;
			cap_space.counted = (addr_t)_entries[Cap_space::USER_BASE];
			cap_space.stride  = sizeof(ENTRY);
			CAPLOG_MAP_BIND(&cap_space.map, &_map);
			caplog_map_init(&cap_space.map, SLOTS, Cap_space::USER_BASE, BUCKETS, _log);
		}
};

#endif
