/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/session_label.h>

#include <caplog_console.h>

#include "print.h"

namespace Caplog {

using Caplog_console::Line;


/* The state of a slot, as the events that led to it */
static void print_cap(unsigned long pd, caplog_flavour const &f, caplog_space const &space,
                      uint16_t slot)
{
	caplog_cap const &c = space.cap[slot];
	caplog_event e = caplog_event();

	e.slot  = slot;
	e.badge = c.badge;

	auto print = [&] (unsigned kind) {
		e.kind = kind;
		Caplog_console::print_event(pd, f, e);
	};

	bool const placed = c.kind == CAPLOG_PLACED || c.kind == CAPLOG_THREAD;
	e.from = placed ? 0 : slot;
	print(placed ? CAPLOG_INSERT_AT : CAPLOG_INSERT_MAP);
	e.from  = 0;
	e.other = c.other;
	e.a     = space.a[slot];
	e.b     = space.b[slot];
	if (c.kind == CAPLOG_RPC || c.kind == CAPLOG_TOMBSTONE) print(CAPLOG_RPC_ALLOC);
	if (c.kind == CAPLOG_TOMBSTONE)                         print(CAPLOG_RPC_FREE);
	if (c.kind == CAPLOG_THREAD)                            print(CAPLOG_THREAD_START);
	if (c.kind == CAPLOG_IRQ)                               print(CAPLOG_IRQ_ATTACH);
	if (c.stale)                                            print(CAPLOG_STALE);
}


/* A reader and what it reads, too large for a stack */
struct Reading { caplog_reader reader; caplog_space space; };


static int print_log(Reading &r, Group::Label const &label, Target &t, caplog_diag *diag)
{
	Object  *ds = t.objects().log_ds();
	void    *at = ds ? t.objects().map_locally(*ds) : nullptr;

	if (!at)
		return caplog_say(diag, CAPLOG_EAGAIN, "%s: it has no log yet", t.name());

	int err = caplog_reader_open(&r.reader, at, t.objects().line(*ds).log_ds.size, diag);
	if (!err)
		err = caplog_reader_update(&r.reader, &r.space, nullptr, diag);
	if (err)
		return err;

	unsigned long const pd = t.parent().parent_cap().local_name();
	Line::write("log of ", prefixed_label(label, t.config().name), ", pd=", Hex(pd));

	/* main thread first: with its entry caplog(1) begins the component anew, if printed before */
	caplog_flavour const &f = *r.reader.flavour;
	auto print = [&] (uint16_t slot) {
		if (r.space.cap[slot].kind != CAPLOG_EMPTY)
			print_cap(pd, f, r.space, slot); };

	print(f.thread_base);
	for (uint32_t slot = 0; slot < f.slot_count; slot++)
		if (slot != f.thread_base)
			print((uint16_t)slot);
	return 0;
}


int print_logs(Allocator &alloc, Instance &instance, caplog_diag *diag)
{
	int err = 0;

	for (unsigned i = 0; i < instance.group.count && !err; i++) {
		Reading *r = new (alloc) Reading();
		err = print_log(*r, instance.group.label, *instance.group.target[i], diag);
		destroy(alloc, r);
	}
	return err;
}


void print_image(uint8_t const *data, size_t size)
{
	enum { BYTES = 32 };

	Line::write("@image size=", size);
	for (size_t at = 0; at < size; at += BYTES) {
		char text[2*BYTES + 1];
		bool any = false;
		for (unsigned i = 0; i < BYTES; i++) {
			uint8_t const byte = data[at + i]; /* whole pages are mapped */
			any |= byte != 0;
			text[2*i]     = "0123456789abcdef"[byte >> 4];
			text[2*i + 1] = "0123456789abcdef"[byte & 15];
		}
		text[2*BYTES] = 0;
		if (any)
			Line::write("@image ", Hex(at), " ", (char const *)text);
	}
	Line::write("@image end");
}

} /* namespace Caplog */
