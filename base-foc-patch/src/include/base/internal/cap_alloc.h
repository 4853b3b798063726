/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slot allocator with the storage of the cap map
 *
 * Takes the place of base-foc's header of this name. Core's entries (T) hold
 * more than a component's.
 */
#ifndef _INCLUDE__BASE__CAP_ALLOC_H_
#define _INCLUDE__BASE__CAP_ALLOC_H_

#include <base/native_capability.h>
#include <util/construct_at.h>
#include <foc/native_capability.h>

#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>
#include <base/internal/foc_assert.h>

namespace Genode { template <typename T, unsigned SZ> class Cap_index_allocator_tpl; }


template <typename T, unsigned SZ>
class Genode::Cap_index_allocator_tpl : public Cap_index_allocator
{
	private:

		enum {
			FIRST   = Fiasco::USER_BASE_CAP >> Fiasco::L4_CAP_SHIFT,
			BUCKETS = SZ > 4096 ? 4096 : 2048
		};

		typedef CAPLOG_MAP_STORAGE(SZ, BUCKETS) Storage;

		alignas(T) unsigned char _data[SZ*sizeof(T)];

		Storage        _storage;
		caplog_writer *_log;

		void _init()
		{
			memset(_data, 0, sizeof(_data));
			cap_space.entries = (addr_t)_data;
			cap_space.stride  = sizeof(T);
			CAPLOG_MAP_BIND(&cap_space.map, &_storage);
			caplog_map_init(&cap_space.map, SZ, FIRST, BUCKETS, _log);
		}

		T *_at(unsigned slot) const { return static_cast<T *>((Cap_index *)cap_space.data(slot)); }

		/* Slot of the first of 'cnt' entries */
		unsigned _checked(Cap_index const *idx, size_t cnt) const
		{
			addr_t const offset = (addr_t)idx - cap_space.entries;

			if ((addr_t)idx < cap_space.entries || offset >= sizeof(_data)
			 || cnt > SZ - cap_space.slot(idx)) {
				ASSERT(0, "entry is not one of this map");
				throw Index_out_of_bounds();
			}
			return cap_space.slot(idx);
		}

	public:

		/*
		 * \param log  where the events of the map go; core has none
		 */
		explicit Cap_index_allocator_tpl(caplog_writer *log = nullptr) : _log(log) { _init(); }

		Cap_index *alloc_range(size_t cnt) override
		{
			uint32_t slot;
			{
				Cap_space::Guard guard;
				slot = caplog_map_alloc(&cap_space.map, cnt);
			}
			if (slot == CAPLOG_NONE) {
				ASSERT(0, "out of capability slots");
				return nullptr;
			}
			for (size_t i = 0; i < cnt; i++)
				new (_at(slot + i)) T();
			return _at(slot);
		}

		Cap_index *alloc(addr_t kcap) override
		{
			unsigned const slot = _checked(kcap_to_idx(kcap), 1);
			{
				Cap_space::Guard guard;
				caplog_map_set_badge(&cap_space.map, slot, 0);
				caplog_map_set_badge(&cap_space.map, slot, _no_badge());
			}
			return construct(slot);
		}

		Cap_index *construct(unsigned slot) override { return new (_at(slot)) T(); }

		void free(Cap_index *idx, size_t cnt) override
		{
			unsigned const slot = _checked(idx, cnt);

			Cap_space::Guard guard;
			caplog_map_free(&cap_space.map, slot, cnt);
		}

		addr_t idx_to_kcap(Cap_index const *idx) const override {
			return (addr_t)cap_space.slot(idx) << Fiasco::L4_CAP_SHIFT; }

		Cap_index *kcap_to_idx(addr_t kcap) override {
			return (Cap_index *)cap_space.data(kcap >> Fiasco::L4_CAP_SHIFT); }

		bool static_idx(Cap_index *idx) override { return cap_space.slot(idx) < FIRST; }

		void reinit() override { _init(); }

		static constexpr uint16_t _no_badge() { return 0xffff; }
};

#endif
