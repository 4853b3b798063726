/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operations of a restore
 */
#include <caplog/stub.h>

#include "platform.h"

namespace Caplog {


static int p_accepts(void *ctx, char const *name, caplog_ledger const *ledger, caplog_diag *diag)
{
	if (!Platform::of(ctx).maker.is_member(name))
		return caplog_say(diag, CAPLOG_ENOENT, "the monitor's configuration has no child \"%s\": "
		                  "add its start node, and name it in the checkpoint node", name);

	for (uint32_t i = 0; i < ledger->count; i++) {
		caplog_object const &line = ledger->line[i];
		uint32_t const carries = caplog_kind_carries(line.kind);

		if (!line.gone && line.kind != CAPLOG_OBJECT_GATE && line.kind != CAPLOG_OBJECT_SHARED_REGION
		 && carries != CAPLOG_CARRIES_MEMORY && !Kind_row::of(line.kind))
			return caplog_say(diag, CAPLOG_ENOTSUP, "%s: \"%s\" is of kind %u, which this monitor "
			                  "cannot recreate", name, line.name, line.kind);
	}
	return 0;
}


static int p_create(void *ctx, char const *name, caplog_ledger *ledger, void **target,
                    caplog_diag *diag)
{
	Target * const t = Platform::of(ctx).maker.make(name);

	if (!t || &t->objects().ledger() != ledger)
		return caplog_say(diag, CAPLOG_ENOENT, "%s: the sandbox did not make it: see what it says on "
		                  "the console", name);
	*target = t;
	return t->objects().fits() ? 0
	       : caplog_say(diag, CAPLOG_ENOMEM, "%s: its objects need more capabilities of the monitor "
	                    "than are left: run fewer components", name);
}


static void p_destroy(void *ctx, void *) { Platform::of(ctx).maker.end_all(); }


static int p_make_memory(void *, void *target, caplog_object *line, caplog_diag *diag)
{
	Target &t = Platform::target_of(target);
	uint64_t const size = caplog_object_bytes(line);

	if (!size || size != (size_t)size)
		return caplog_say(diag, CAPLOG_EINVAL, "a dataspace of %n bytes cannot exist here", size);

	return t.pd().allocate(*line, diag);
}


/* The name as the component gave it */
static char const *name_of(Target &t, uint32_t slot)
{
	for (caplog_object *l = caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_THREAD); l;
	     l = caplog_ledger_next(&t.objects().ledger(), l))
		if (l->thread.slot == slot)
			return l->name;
	return t.name();
}


static int p_make_thread(void *, void *target, uint32_t slot, uint32_t *badge, caplog_diag *diag)
{
	Target      &t      = Platform::target_of(target);
	Thread_info *thread = nullptr;

	/* the sandbox has made the main thread */
	if (slot == CAPLOG_OWN(THREAD_BASE))
		thread = t.threads().existing(slot);
	else
		t.core().with_cpu_quota([&] {
			return t.threads().create(t, name_of(t, slot), { }); }).with_result(
				[&] (Thread_info *created) { thread = created; },
				[] (Cpu_session::Create_thread_error) { });

	if (!thread)
		return caplog_say(diag, CAPLOG_ENOMEM, "core makes no thread");

	uint32_t const got = t.threads().slot_of(*thread);

	*badge = thread->badge;
	return got == slot ? 0 : caplog_say(diag, CAPLOG_EINVAL, "core put the thread into slot %x, not into its own",
	                                    got);
}


static int p_drop_thread(void *, void *target, uint32_t slot)
{
	Threads &threads = Platform::target_of(target).threads();
	Thread_info *thread = threads.existing(slot);

	if (!thread)
		return CAPLOG_EINVAL;
	threads.kill(*thread);
	return 0;
}


static int p_make_gates(void *, void *target, uint32_t entrypoint, caplog_object *const *lines,
                        uint32_t count, caplog_diag *diag)
{
	Target &t = Platform::target_of(target);
	Thread_info *thread = t.threads().existing(entrypoint);

	if (!thread)
		return caplog_say(diag, CAPLOG_EINVAL, "its entrypoint's thread in slot %x does not exist",
		                  entrypoint);

	return t.pd().make_gates(*thread, lines, count, diag);
}


static int p_make(void *, void *target, caplog_object *object, caplog_state const *session,
                  uint64_t pending, caplog_diag *diag)
{
	Kind_row const * const row = Kind_row::of(object->kind);
	Saved const saved = { session, pending };

	if (!row)
		return caplog_say(diag, CAPLOG_ENOTSUP, "this monitor cannot recreate objects of kind %u",
		                  object->kind);

	return row->make(Platform::target_of(target), *object, saved, diag);
}


static int p_share(void *, void *target, caplog_object *region, caplog_owned const *dataspace,
                   caplog_diag *diag)
{
	Object * const ds = Platform::target_of(dataspace->owner).objects().by_id(dataspace->object->id);

	return Rm::share(Platform::target_of(target), *region, ds, diag);
}


/* Slots of a component that are filled side by side */
struct Filling
{
	Core               &core;
	uint32_t const      first;
	caplog_owned const *what;
	uint64_t            left;        /* not tried yet             */
	uint64_t            done = 0;
	unsigned            failed = CAPLOG_BATCH; /* the lowest slot that was refused */
	unsigned            reason = Foc_native_pd::DONE;

	Filling(Core &core, uint32_t first, uint64_t ask, caplog_owned const *what)
	: core(core), first(first), what(what), left(ask) { }

	void refused(unsigned n, unsigned why)
	{
		if (n >= failed)
			return;
		failed = n;
		reason = why;
	}

	/* Core puts its own there: parent, threads */
	void compare()
	{
		Foc_native_pd::Badges badges = Foc_native_pd::Badges();

		for (unsigned n = 0; n < CAPLOG_BATCH; n++)
			if (left >> n & 1)
				badges.badge[n] = Platform::badge_of(what[n].object);

		done = core.native_pd.look(Platform::kcap(first), badges).same & left;
		if (left & ~done)
			refused(__builtin_ctzll(left & ~done), Foc_native_pd::CORE_SLOT);
		left = 0;
	}

	/* All gates of one owner */
	void gates(void *owner)
	{
		Foc_native_pd::Badges badges = Foc_native_pd::Badges();
		uint64_t              asked = 0;

		for (unsigned n = 0; n < CAPLOG_BATCH; n++) {
			if (!(left >> n & 1) || what[n].owner != owner
			 || what[n].object->kind != CAPLOG_OBJECT_GATE)
				continue;
			badges.badge[n] = Platform::badge_of(what[n].object);
			asked |= 1ULL << n;
		}
		Foc_native_pd_client &maker = Platform::target_of(owner).core().native_pd;
		Foc_native_pd::Installed const answer =
			core.native_pd.install_gates(reinterpret_cap_cast<Pd_session::Native_pd>(maker.rpc_cap()),
			                             Platform::kcap(first), badges);

		done |= answer.done & asked;
		left &= ~asked;
		if (asked & ~answer.done)
			refused(__builtin_ctzll(asked & ~answer.done), answer.result);
	}

	void one(unsigned n)
	{
		Object *o = Platform::target_of(what[n].owner).objects().by_id(what[n].object->id);
		Foc_native_pd::Result const result =
			o ? core.native_pd.install(o->cap, Platform::kcap(first + n)) : Foc_native_pd::INVALID_CAP;

		left &= ~(1ULL << n);
		if (result != Foc_native_pd::DONE)
			refused(n, result);
		else
			done |= 1ULL << n;
		if (o && o->kind == CAPLOG_OBJECT_SEMAPHORE)
			o->slot = first + n;
	}

	void all()
	{
		if (first < CAPLOG_OWN(USER_BASE))
			compare();
		while (left && (unsigned)__builtin_ctzll(left) < failed) {
			unsigned const n = __builtin_ctzll(left);

			if (what[n].object->kind == CAPLOG_OBJECT_GATE)
				gates(what[n].owner);
			else
				one(n);
		}
	}
};


static int p_install(void *, void *target, uint32_t first, uint64_t ask, caplog_owned const *what,
                     uint64_t *done, caplog_diag *diag)
{
	Filling filling(Platform::target_of(target).core(), first, ask, what);

	filling.all();
	*done = filling.done;
	return filling.done == ask ? 0
	       : caplog_say(diag, CAPLOG_EIO, "core refuses to fill the slot: reason %u of "
	                    "foc_native_pd.h", filling.reason);
}


static int p_attach_irq(void *, void *target, uint32_t irq_slot, uint32_t thread_slot,
                        uint64_t label, caplog_diag *diag)
{
	Target      &t = Platform::target_of(target);
	Thread_info *thread = t.threads().existing(thread_slot);
	Object      *irq = nullptr;

	t.objects().for_each(CAPLOG_OBJECT_SEMAPHORE, [&] (Object &o, caplog_object &) {
		if (o.slot == irq_slot)
			irq = &o; });
	if (!irq)
		return caplog_say(diag, CAPLOG_EINVAL, "the component has no IRQ object in slot %x",
		                  irq_slot);
	if (!thread)
		return caplog_say(diag, CAPLOG_EINVAL, "there is no thread in slot %x to attach the IRQ "
		                  "object to", thread_slot);

	Foc_native_pd::Result const result = t.core().native_pd.irq_attach(irq->cap, thread->cap, label);
	return result == Foc_native_pd::DONE ? 0
	       : caplog_say(diag, CAPLOG_EIO, "core refuses to attach it: reason %u of foc_native_pd.h",
	                    (unsigned)result);
}


static int p_registers(void *, void *target, caplog_image_thread const *thread,
                       uint64_t const *stub, uint64_t, uint64_t, caplog_diag *diag)
{
	Thread_info *info = Platform::target_of(target).threads().existing(thread->slot);

	if (!info)
		return caplog_say(diag, CAPLOG_EINVAL, "there is no such thread");

	info->sp = thread->frame;
	info->ip = thread->state == CAPLOG_THREAD_FRAME   ? stub[CAPLOG_STUB_RESTART]
	         : thread->state == CAPLOG_THREAD_RUNNING ? stub[CAPLOG_STUB_RESUME] : 0;
	return 0;
}


static int p_start(void *, void *target, uint32_t slot, caplog_diag *diag)
{
	Target &t = Platform::target_of(target);
	Thread_info *info = t.threads().existing(slot);

	if (!info || info->started() || !info->ip)
		return caplog_say(diag, CAPLOG_EINVAL, "there is no thread to start");

	t.finish();
	info->server->start(info->ip, info->sp);
	if (info->server->paused())
		info->server->pause();
	return 0;
}


void Platform::restore_ops(caplog_platform &p)
{
	p.accepts     = p_accepts;
	p.create      = p_create;
	p.destroy     = p_destroy;
	p.make_memory = p_make_memory;
	p.make_thread = p_make_thread;
	p.drop_thread = p_drop_thread;
	p.make_gates  = p_make_gates;
	p.make        = p_make;
	p.share       = p_share;
	p.install     = p_install;
	p.attach_irq  = p_attach_irq;
	p.registers   = p_registers;
	p.start       = p_start;
}

} /* namespace Caplog */
