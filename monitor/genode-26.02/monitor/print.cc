/* SPDX-License-Identifier: BSD-2-Clause */
#include "print.h"
#include "target.h"

namespace Caplog {


/* Where an event has the value of a field: the members of CAPLOG_FIELDS */
enum Member { BADGE, SLOT, OTHER, FROM, FLAG, A, B, TEXT };


static void print_value(Output &out, unsigned shift, caplog_event const &e, Member member)
{
	switch (member) {
	case BADGE: print(out, Hex(e.badge));                   break;
	case SLOT:  print(out, Hex((addr_t)e.slot  << shift));  break;
	case OTHER: print(out, Hex((addr_t)e.other << shift));  break;
	case FROM:  print(out, Hex((addr_t)e.from  << shift));  break;
	case FLAG:  print(out, e.from ? "yes" : "no");          break;
	case A:     print(out, Hex((addr_t)e.a));               break;
	case B:     print(out, Hex((addr_t)e.b));               break;
	case TEXT:  print(out, "new");                          break;
	}
}


/* One function per field */
#define X(id, key, member) \
	static void print_##id(Output &out, unsigned shift, caplog_event const &e) \
	{ \
		print(out, " " #key "="); \
		print_value(out, shift, e, member); \
	}
CAPLOG_FIELDS(X)
#undef X


/* An event in the text form, with the fields of the library's list */
struct Event_text
{
	unsigned long         pd; /* badge of the component's parent capability */
	caplog_flavour const &flavour;
	caplog_event   const &e;

	void print(Output &out) const
	{
		unsigned const shift = flavour.slot_shift;

		Genode::print(out, "@cap pd=", Hex(pd), " ", caplog_event_name(e.kind));
		switch (e.kind) {
#define FIELD(id) print_##id(out, shift, e);
#define X(number, id, name, begins, fields) case number: fields break;
		CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
		}
	}
};


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
		log(Event_text { pd, f, e });
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


static int print_log(Reading &r, Target &t, caplog_diag *diag)
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

	unsigned long const pd = t.parent().cap().local_name();
	log("log of ", t.label(), ", pd=", Hex(pd));

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
		err = print_log(*r, *instance.group.target[i], diag);
		destroy(alloc, r);
	}
	return err;
}

} /* namespace Caplog */
