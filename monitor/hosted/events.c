/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every log event of a hosted component is a kernel entry, so that the
 * scheduler may switch there and a test may stop there. The linker puts these
 * in front of the library's functions (--wrap); the library knows nothing.
 */
#include "kernel.h"

#include <caplog/writer.h>

void __real_caplog_append(struct caplog_writer *w, unsigned kind, uint32_t slot, uint32_t badge,
                          uint32_t other, uint32_t from);
void __real_caplog_append_thread(struct caplog_writer *w, uint32_t slot, uint32_t badge,
                                 uint64_t utcb, uint64_t thread_object);
void __real_caplog_append_irq(struct caplog_writer *w, uint32_t irq_slot, uint32_t thread_slot,
                              uint64_t label);
void __wrap_caplog_append(struct caplog_writer *w, unsigned kind, uint32_t slot, uint32_t badge,
                          uint32_t other, uint32_t from);
void __wrap_caplog_append_thread(struct caplog_writer *w, uint32_t slot, uint32_t badge,
                                 uint64_t utcb, uint64_t thread_object);
void __wrap_caplog_append_irq(struct caplog_writer *w, uint32_t irq_slot, uint32_t thread_slot,
                              uint64_t label);

static void event(void)
{
	struct hk_sys s = { HK_EVENT, 0, 0, 0, 0 };

	if (hk_running())
		hk_enter(&s);
}

void __wrap_caplog_append(struct caplog_writer *w, unsigned kind, uint32_t slot, uint32_t badge,
                          uint32_t other, uint32_t from)
{
	__real_caplog_append(w, kind, slot, badge, other, from);
	event();
}

void __wrap_caplog_append_thread(struct caplog_writer *w, uint32_t slot, uint32_t badge,
                                 uint64_t utcb, uint64_t thread_object)
{
	__real_caplog_append_thread(w, slot, badge, utcb, thread_object);
	event();
}

void __wrap_caplog_append_irq(struct caplog_writer *w, uint32_t irq_slot, uint32_t thread_slot,
                              uint64_t label)
{
	__real_caplog_append_irq(w, irq_slot, thread_slot, label);
	event();
}
