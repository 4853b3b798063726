/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/internal/cap_log.h>
#include <base/internal/cap_map.h>
#include <base/internal/cap_space.h>

using namespace Genode;


static uint32_t slot_of(addr_t kcap) { return Cap_space::slot_at(kcap); }


static void append(unsigned event, Native_capability const &cap, uint32_t other)
{
	if (!cap.data() || !cap_space.map.log)
		return;

	uint32_t const slot = slot_of(cap.data()->kcap());

	Cap_space::Hold  hold;
	Cap_space::Guard guard;
	caplog_append(cap_space.map.log, event, slot, cap_space.map.badge[slot], other, 0);
}


void Genode::cap_log_rpc_alloc(Native_capability const &obj, Native_capability const &ep)
{
	append(CAPLOG_RPC_ALLOC, obj, ep.data() ? slot_of(ep.data()->kcap()) : 0);
}


void Genode::cap_log_rpc_free(Native_capability const &obj)
{
	append(CAPLOG_RPC_FREE, obj, 0);
}


void Genode::cap_log_thread(addr_t gate_kcap, addr_t utcb, addr_t thread_object)
{
	if (!cap_space.map.log)
		return;

	uint32_t const slot = slot_of(gate_kcap);

	Cap_space::Guard guard;
	caplog_append_thread(cap_space.map.log, slot, cap_space.map.badge[slot], utcb, thread_object);
}


void Genode::cap_log_irq_attach(addr_t irq_kcap, addr_t gate_kcap, unsigned long label)
{
	if (!cap_space.map.log)
		return;

	Cap_space::Guard guard;
	caplog_append_irq(cap_space.map.log, slot_of(irq_kcap), slot_of(gate_kcap), label);
}


void Genode::cap_log_irq_detach(addr_t irq_kcap)
{
	if (!cap_space.map.log)
		return;

	Cap_space::Guard guard;
	caplog_append(cap_space.map.log, CAPLOG_IRQ_DETACH, slot_of(irq_kcap), 0, 0, 0);
}


void Genode::cap_log_restart()
{
	if (cap_space.map.log)
		caplog_writer_reset(cap_space.map.log);
}
