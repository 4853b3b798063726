/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls of core, on the hosted kernel's objects
 */
#include "core.h"

#include <base/internal/kernel_entry.h>

#include <foc/syscall.h>

#include <string.h>


hk_node *node;
hk_task *core_task, *task_a, *task_b;

Faults   fails;
unsigned destroyed, named, triggered;

void (*memory_unmapped)(addr_t, unsigned, unsigned, unsigned long);

l4_umword_t ex_regs_flags, ex_regs_asked;
unsigned ex_regs_calls;

static hk_task *task_of(l4_cap_idx_t task)
{
	hk_object *o = task == L4_BASE_TASK_CAP ? &core_task->o : hk_slot(core_task, task >> L4_CAP_SHIFT);

	check(o);
	check(o->type == HK_TASK);
	return (hk_task *)o;
}

hk_object *core_slot(l4_cap_idx_t kcap) { return hk_slot(core_task, kcap >> L4_CAP_SHIFT); }

static l4_msgtag_t result(long label) { return l4_msgtag(label, 0, 0, 0); }

static l4_msgtag_t const FAILED = l4_msgtag(0, 0, 0, L4_MSGTAG_ERROR);

/*
 * The object of an IRQ's slot
 *
 * A message to a gate would wait for its server for ever, and a thread has
 * functions of its own under the same numbers.
 */
static hk_irq *irq_of(l4_cap_idx_t kcap)
{
	hk_object *o = core_slot(kcap);

	check(o);
	check(o->type != HK_GATE);
	check(o->type != HK_THREAD);
	return o->type == HK_IRQ ? (hk_irq *)o : nullptr;
}

l4_msgtag_t Foc::l4_task_cap_valid(l4_cap_idx_t task, l4_cap_idx_t cap) {
	return result(hk_slot(task_of(task), cap >> L4_CAP_SHIFT) != nullptr); }

l4_msgtag_t Foc::l4_task_cap_equal(l4_cap_idx_t task, l4_cap_idx_t a, l4_cap_idx_t b)
{
	/* two empty slots are equal */
	return result(hk_slot(task_of(task), a >> L4_CAP_SHIFT)
	           == hk_slot(task_of(task), b >> L4_CAP_SHIFT));
}

static uint32_t first_of(l4_fpage_t page) { return page.raw >> L4_CAP_SHIFT; }
static uint32_t size_of(l4_fpage_t page)  { return 1u << (page.raw >> 6 & 63); }

l4_msgtag_t Foc::l4_task_map(l4_cap_idx_t dst, l4_cap_idx_t src, l4_fpage_t page, l4_addr_t base)
{
	uint32_t const to = base >> L4_CAP_SHIFT, from = first_of(page), size = size_of(page);
	bool any = false;

	/* a thread of a component could use what is there for a moment only */
	if (dst != L4_BASE_TASK_CAP)
		check(to >= CAPLOG_OWN(USER_BASE));
	check((base & 0xfff) == L4_ITEM_MAP);
	check(from % size == 0);
	check(to % size == 0);
	if (fails.map)
		return FAILED;
	for (uint32_t i = 0; i < size; i++) {
		hk_object *const o = hk_slot(task_of(src), from + i);

		any |= o != nullptr;
		if (o && !fails.map_silently)
			hk_map(task_of(dst), to + i, o);
	}
	check(any); /* the kernel prints a warning */
	return result(0);
}

l4_msgtag_t Foc::l4_task_unmap(l4_cap_idx_t task, l4_fpage_t page, l4_umword_t mask)
{
	if ((page.raw >> 4 & 3) == 1) {
		check(task == L4_BASE_TASK_CAP);
		if (memory_unmapped)
			memory_unmapped(page.raw & ~0xfffUL, page.raw >> 6 & 63, page.raw & 7, mask);
		return result(0);
	}
	for (uint32_t slot = first_of(page); slot < first_of(page) + size_of(page); slot++) {
		hk_object *const o = hk_slot(task_of(task), slot);

		if (o && (mask & L4_FP_DELETE_OBJ) == L4_FP_DELETE_OBJ) {
			hk_destroy(o);
			destroyed++;
		}
		hk_map(task_of(task), slot, nullptr);
	}
	return result(0);
}

l4_msgtag_t Foc::l4_irq_attach(l4_cap_idx_t kcap, l4_umword_t label, l4_cap_idx_t thread)
{
	hk_irq * const irq = irq_of(kcap);
	if (!irq)
		return result(-L4_EBADPROTO);

	check(core_slot(thread));
	check(core_slot(thread)->type == HK_THREAD);
	return result(fails.irq ? -12 : hk_irq_attach(irq, (hk_thread *)core_slot(thread), label));
}

l4_msgtag_t Foc::l4_irq_detach(l4_cap_idx_t kcap)
{
	hk_irq * const irq = irq_of(kcap);
	if (!irq)
		return result(-L4_EBADPROTO);
	if (fails.irq)
		return result(-12);

	irq->thread = nullptr;
	return result(0);
}

l4_msgtag_t Foc::l4_factory_create_irq(l4_cap_idx_t factory, l4_cap_idx_t at)
{
	check(factory == L4_BASE_FACTORY_CAP);
	hk_map(core_task, at >> L4_CAP_SHIFT, &hk_irq_create(node)->o);
	return result(0);
}

l4_msgtag_t Foc::l4_irq_trigger(l4_cap_idx_t kcap)
{
	check(irq_of(kcap));
	triggered++;
	return result(0);
}

l4_msgtag_t Foc::l4_factory_create_gate(l4_cap_idx_t factory, l4_cap_idx_t at, l4_cap_idx_t thread,
                                   l4_umword_t label)
{
	check(factory == L4_BASE_FACTORY_CAP);
	check(core_slot(thread));
	check(core_slot(thread)->type == HK_THREAD);
	if (fails.gate)
		return FAILED;
	hk_map(core_task, at >> L4_CAP_SHIFT,
	       &hk_gate_create(node, label, (hk_thread *)core_slot(thread))->o);
	return result(0);
}

void Foc::l4_debugger_set_object_name(unsigned long, char const *name) { named += !strcmp(name, "thread"); }

long Foc::l4_error(l4_msgtag_t tag) { return l4_msgtag_label(tag); }

l4_msgtag_t Foc::l4_thread_ex_regs_ret(l4_cap_idx_t thread, l4_addr_t *ip, l4_addr_t *sp,
                                  l4_umword_t *flags)
{
	check(core_slot(thread));
	check(core_slot(thread)->type == HK_THREAD);
	check(*ip == ~0UL);
	check(*sp == ~0UL);
	ex_regs_calls++;
	ex_regs_asked = *flags;
	if (fails.ex_regs)
		return result(-22);
	*ip    = 0x1234;
	*sp    = 0x5678;
	*flags = ex_regs_flags;
	return result(0);
}

l4_msgtag_t Foc::l4_thread_ex_regs(l4_cap_idx_t thread, l4_addr_t ip, l4_addr_t sp, l4_umword_t flags) {
	return l4_thread_ex_regs_ret(thread, &ip, &sp, &flags); }

/* One thread, for which nothing is worth waiting */
static void blocks() { check(!"core blocks"); }

l4_msgtag_t Foc::l4_thread_yield()              { blocks(); return FAILED; }
l4_msg_regs_t *Foc::l4_utcb_mr()                   { static l4_msg_regs_t mr; return &mr; }

extern "C" unsigned long caplog_kernel_entry(unsigned long, unsigned long, unsigned long,
                                             unsigned long *, ::uint32_t *) { blocks(); return 0; }
