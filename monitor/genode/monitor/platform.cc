/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include <caplog/diag.h>
#include "platform.h"

namespace Caplog {

enum { ENOENT = -2, EIO = -5, EAGAIN = -11, ENOMEM = -12, EINVAL = -22, ENOTSUP = -95 };

static Target   &target_of(void *handle) { return *(Target *)handle; }
static Platform &self(void *ctx)         { return *(Platform *)ctx; }

static addr_t kcap(uint32_t slot) { return (addr_t)slot << caplog_flavours(nullptr)->slot_shift; }


/* Run something that calls core; its exceptions are errors */
template <typename FN>
static int guarded(caplog_diag *diag, char const *what, FN const &fn)
{
	try { return fn(); }
	catch (Refused)                     { return caplog_say(diag, ENOMEM, "%s: refused", what); }
	catch (Region_map::Region_conflict) { return caplog_say(diag, EINVAL, "%s: the place is taken", what); }
	catch (Parent::Exception)           { return caplog_say(diag, ENOENT, "%s: no such service, or no quota for it", what); }
	catch (Ram_session::Alloc_failed)   { return caplog_say(diag, ENOMEM, "%s: out of memory", what); }
	catch (Allocator::Out_of_memory)    { return caplog_say(diag, ENOMEM, "%s: out of memory", what); }
	catch (...)                         { return caplog_say(diag, EIO, "%s failed", what); }
}


Xml_node Platform::target_node(char const *name)
{
	Xml_node found = config;
	bool     known = false;

	config.for_each_sub_node("target", [&] (Xml_node node) {
		if (node.attribute("name").has_value(name)) {
			found = node;
			known = true;
		}
	});
	if (!known)
		throw Refused();
	return found;
}


/*
 * Checkpoint
 */

/* What the component says of its stub; its own business where it goes on */
static bool read_labels(Target &t)
{
	uint64_t const at = t.log_ds ? t.address_of(*t.log_ds) : 0;
	caplog_header const *header = (caplog_header *)t.memory(at, sizeof(*header));

	if (!header || !header->ready)
		return false;
	memcpy(t.stub, header->stub, sizeof(t.stub));
	return t.stub[CAPLOG_STUB_KERNEL] != 0;
}


static int p_stop(void *ctx, void *const *targets, uint32_t count, caplog_diag *diag)
{
	for (uint32_t i = 0; i < count; i++)
		if (target_of(targets[i]).full)
			return caplog_say(diag, ENOMEM, "%s: it was given more than the ledger holds",
			                  target_of(targets[i]).config.name.string());

	for (uint32_t i = 0; i < count; i++)
		if (!read_labels(target_of(targets[i])))
			return caplog_say(diag, EAGAIN, "%s: it has no log: it is just starting, or not "
			                  "linked with the patched base library",
			                  target_of(targets[i]).config.name.string());

	return self(ctx).stop((Target * const *)targets, count, diag);
}


static void p_resume(void *ctx, void *target) { self(ctx).resume(target_of(target)); }


static int p_info(void *, void *target, caplog_target_info *info)
{
	Target &t = target_of(target);

	memset(info, 0, sizeof(*info));
	strncpy(info->name, t.config.name.string(), sizeof(info->name));
	if (t.log_ds) {
		info->log_address = t.address_of(*t.log_ds);
		info->log_size    = t.log_ds->size;
	}
	return 0;
}


static void *p_memory(void *, void *target, uint64_t address, uint64_t size) {
	return target_of(target).memory(address, size); }


static bool has_bytes(uint32_t kind) { return kind == DATASPACE || kind == LOG_DS; }


static int p_region(void *, void *target, uint32_t n, caplog_image_memory *region)
{
	caplog_ledger const &l = *target_of(target).ledger;

	for (uint32_t i = 0; i < l.count; i++) {
		if (l.line[i].gone || !has_bytes(l.line[i].kind) || n--)
			continue;
		region->name = l.line[i].id;
		region->size = l.line[i].arg[0];
		return 0;
	}
	return ENOENT;
}


static void *p_bytes(void *, void *target, caplog_image_memory const *region)
{
	Target &t = target_of(target);
	Object *o = region->name <= ~0U ? t.by_id(region->name) : nullptr;

	return o && has_bytes(o->kind) && o->size == region->size ? t.map_locally(*o) : nullptr;
}


static int p_thread(void *, void *target, uint32_t n, caplog_image_thread *thread, caplog_diag *)
{
	Target &t = target_of(target);

	for (unsigned i = 0; i < Target::THREADS; i++) {
		Thread_info const &info = t.threads[i];
		if (info.state == Thread_info::UNUSED || n--)
			continue;
		thread->slot  = t.slot_of(i);
		thread->frame = info.frame;
		thread->state = info.state == Thread_info::BLOCKED ? CAPLOG_THREAD_FRAME
		              : info.state == Thread_info::RUNNING ? CAPLOG_THREAD_RUNNING
		                                                   : CAPLOG_THREAD_NEW;
		return 0;
	}
	return ENOENT;
}


static int p_valid(void *, void *target, uint32_t slot)
{
	return target_of(target).native_pd.compare(Native_capability(), kcap(slot))
	       == Foc_native_pd::DONE;
}


static int p_holds(void *, void *target, uint32_t slot, void *owner, caplog_object const *object)
{
	Object *o = target_of(owner).by_id(object->id);

	return o && o->cap.valid() &&
	       target_of(target).native_pd.compare(o->cap, kcap(slot)) == Foc_native_pd::DONE;
}


static uint32_t p_save(void *, void *target, caplog_object const *object, void *buf, uint32_t size)
{
	Target &t = target_of(target);
	Object *o = t.by_id(object->id);

	if (o && o->kind == CONTEXT) {
		uint64_t const pending =
			t.native_pd.pending_signals(reinterpret_cap_cast<Signal_context>(o->cap));
		if (!pending || size < sizeof(pending))
			return 0;
		memcpy(buf, &pending, sizeof(pending));
		return sizeof(pending);
	}
	if (!o || !o->session || size < sizeof(State))
		return 0;
	o->session->settle();
	memcpy(buf, &o->session->state, sizeof(State));
	return sizeof(State);
}


/*
 * Restore
 */

static int p_can_make(void *, caplog_object const *object, caplog_diag *diag)
{
	return object->kind >= PARENT && object->kind < KINDS
	       ? 0 : caplog_say(diag, ENOTSUP, "nothing here can make such an object");
}


static int p_create(void *ctx, caplog_target_info const *info, caplog_ledger *ledger,
                    void **target, caplog_diag *diag)
{
	Platform &p = self(ctx);

	return guarded(diag, "making a component", [&] () {

		Group &group = *p.group;
		if (group.count == Group::MAX)
			return caplog_say(diag, ENOMEM, "there are %u components already", group.count);

		Target *t = new (p.alloc) Target(p.env, p.alloc, p.timers, group, group.count,
		                                 p.target_node(info->name), ledger);
		group.target[group.count++] = t;
		*target = t;
		for (uint32_t i = 0; i < ledger->count; i++)
			if (ledger->line[i].kind == REGION)
				t->expect(ledger->line[i]);
		t->start_empty();
		return 0;
	});
}


static void p_destroy(void *ctx, void *target)
{
	Platform &p = self(ctx);
	Target   &t = target_of(target);
	Group    &group = t.group;

	group.count--;
	for (unsigned i = t.index; i < group.count; i++)
		group.target[i] = group.target[i + 1];
	destroy(p.alloc, &t);
}


/* The dataspace of a line; where it is attached is said by lines as well */
static int p_attach(void *, void *target, caplog_image_memory const *region, caplog_diag *diag)
{
	Target &t = target_of(target);
	caplog_object *line = region->name <= ~0U ? caplog_ledger_by_id(t.ledger, region->name)
	                                          : nullptr;

	if (!line || !has_bytes(line->kind) || line->arg[0] != region->size
	 || region->size != (size_t)region->size || t.by_id(line->id))
		return caplog_say(diag, EINVAL, "image has memory that belongs to no dataspace");

	return guarded(diag, "a dataspace", [&] () {
		Ram_dataspace_capability const ds = line->kind == LOG_DS
			? t.env.ram().alloc(region->size)
			: t.ram->alloc_real(region->size, (Cache_attribute)line->arg[1]);
		Object &o = t.enter(*line, ds);
		o.size = region->size;
		if (line->kind == LOG_DS)
			t.log_ds = &o;
		return 0;
	});
}


static int p_make_thread(void *, void *target, uint32_t slot, uint32_t *badge, caplog_diag *diag)
{
	Target &t = target_of(target);

	return guarded(diag, "a thread", [&] () {

		/* the name as the component gave it */
		char const *name = t.config.name.string();
		for (uint32_t i = 0; i < t.ledger->count; i++)
			if (t.ledger->line[i].kind == THREAD && t.ledger->line[i].arg[0] == slot)
				name = t.ledger->line[i].name;

		uint32_t got;
		*badge = t.make_thread(name, Affinity::Location(), Cpu_session::Weight(), got).badge;
		return got == slot ? 0 : caplog_say(diag, EINVAL, "the thread came into slot %x", got);
	});
}


static int p_drop_thread(void *, void *target, uint32_t slot)
{
	Target &t = target_of(target);
	Thread_info *thread = t.thread_at(slot);

	if (!thread || thread->state == Thread_info::UNUSED)
		return EINVAL;
	t.kill_thread(*thread);
	return 0;
}


static int p_make_gate(void *, void *target, uint32_t entrypoint, caplog_object *object,
                       caplog_diag *diag)
{
	Target &t = target_of(target);
	Thread_info *thread = t.thread_at(entrypoint);

	if (!thread || thread->state == Thread_info::UNUSED)
		return caplog_say(diag, EINVAL, "its entrypoint's thread is not there");

	return guarded(diag, "an RPC object", [&] () {
		t.enter(*object, t.pd->gate_of(*thread));
		return 0;
	});
}


/* Dataspace of a line that a region or a session refers to */
static Native_capability dataspace_of(Target &t, caplog_object const &line)
{
	if (line.kind == REGION_MAP_DS)
		return line.arg[0] < MAPS ? t.rm[line.arg[0]]->real.dataspace() : Dataspace_capability();

	if (line.kind == TRACE_DS)
		return t.real_cpu.trace_control();

	if (line.kind == BINARY_DS) {
		Rom_connection *rom = !strcmp(line.name, "ld.lib.so") ? t.ldso_rom : t.binary_rom;
		return rom ? rom->dataspace() : Rom_dataspace_capability();
	}
	return Native_capability();
}


static int make_region(Target &t, caplog_object &line, caplog_diag *diag)
{
	Object  *ds    = t.by_id((uint32_t)line.arg[2]);
	uint64_t which = line.arg[2] >> 32;

	if (!ds || which >= MAPS || line.arg[0] != (addr_t)line.arg[0])
		return caplog_say(diag, EINVAL, "image attaches at %n what is no dataspace", line.arg[0]);

	t.rm[which]->attach_real(reinterpret_cap_cast<Dataspace>(ds->cap), line.arg[1],
	                         line.arg[3] & ~EXECUTABLE, (addr_t)line.arg[0],
	                         (line.arg[3] & EXECUTABLE) != 0);
	t.enter(line, Native_capability());
	return 0;
}


static int make_parent(Target &t, caplog_object &line)
{
	t.enter(line, t.child->parent_cap()).session = t.child;
	t.child->object = t.by_id(line.id);
	t.real_pd.assign_parent(t.child->parent_cap());
	return 0;
}


template <typename SESSION>
static int make_own(Target &t, caplog_object &line, SESSION &session, State const *state)
{
	t.enter(line, session.cap()).session = &session;
	if (state)
		static_cast<Session_base &>(session).state = *state;
	return 0;
}


static int make_object(Target &t, caplog_object &line, State const *state, uint64_t pending,
                       caplog_diag *diag)
{
	Object *source;

	switch (line.kind) {
	case PARENT:
		if (state)
			static_cast<Session_base *>(t.child)->state = *state;
		return make_parent(t, line);
	case PD:         return make_own(t, line, *t.pd, state);
	case CPU:        return make_own(t, line, *t.cpu, state);
	case RAM:        return make_own(t, line, *t.ram, state);
	case REGION_MAP:
		if (line.arg[0] >= MAPS)
			return caplog_say(diag, EINVAL, "image names a region map that is none");
		return make_own(t, line, *t.rm[line.arg[0]], state);

	case REGION:     return make_region(t, line, diag);

	case DATASPACE:
	case LOG_DS:
		return t.by_id(line.id) ? 0 : caplog_say(diag, EINVAL, "image lacks its bytes");

	case REGION_MAP_DS: case TRACE_DS: case BINARY_DS: {
		Native_capability const cap = dataspace_of(t, line);
		if (!cap.valid())
			return caplog_say(diag, ENOENT, "there is no such dataspace");
		Object &o = t.enter(line, cap);
		if (line.kind == REGION_MAP_DS) {
			t.rm[line.arg[0]]->own_ds = &o;
			o.size = line.arg[0] == STACK_AREA ? 256UL*1024*1024 : Pd_session::LINKER_AREA_SIZE;
		}
		if (line.kind == TRACE_DS)
			t.cpu->traced = true;
		return 0;
	}
	case ROM: case LOG: case TIMER: {
		if (!state)
			return caplog_say(diag, EINVAL, "image lacks its arguments");
		Object &o = t.enter(line, Native_capability());
		t.serve(o, line, *state);
		caplog_ledger_rebadge(t.ledger, &line, o.cap.local_name());
		return 0;
	}
	case ROM_DS: {
		source = t.by_id((uint32_t)line.arg[0]);
		if (!source || source->kind != ROM)
			return caplog_say(diag, EINVAL, "image names no ROM session for it");
		Rom &rom = *static_cast<Rom *>(source->session);
		rom.ds = &t.enter(line, rom.real_dataspace());
		return 0;
	}
	case SOURCE:
		t.enter(line, t.real_pd.alloc_signal_source());
		return 0;
	case SEMAPHORE:
		t.enter(line, t.pd->semaphore_of(t.real_pd.alloc_signal_source()));
		return 0;
	case CONTEXT: {
		Object &o = t.enter(line,
			with_quota<Pd_session::Out_of_metadata>(t, t.real_pd.cap(), [&] () {
				return t.real_pd.alloc_context(t.real_pd.alloc_signal_source(), line.arg[0]); }));
		o.pending = pending;
		return 0;
	}
	case THREAD: {
		Thread_info *thread = t.thread_at(line.arg[0]);
		if (!thread || thread->state == Thread_info::UNUSED)
			return caplog_say(diag, EINVAL, "image has no thread in slot %x", (uint32_t)line.arg[0]);
		return make_own(t, line, *thread->server, state);
	}
	case SERVICE: {
		Object *gate = t.by_id((uint32_t)line.arg[0]);
		if (!gate || gate->kind != CAPLOG_OBJECT_GATE)
			return caplog_say(diag, EINVAL, "image names no root for it");
		t.enter(line, Native_capability());
		t.add_service(line.name, reinterpret_cap_cast<Root>(gate->cap));
		return 0;
	}
	case PEER:
		t.enter(line, Native_capability());
		return 0;
	}
	return caplog_say(diag, ENOTSUP, "nothing here can make such an object");
}


static int p_make(void *, void *target, caplog_object *object, void const *bytes, uint32_t size,
                  caplog_diag *diag)
{
	Target  &t = target_of(target);
	State    state;
	uint64_t pending = 0;

	if (size == sizeof(state)) {
		memcpy(&state, bytes, size);
		state.args[sizeof(state.args) - 1] = 0;
	}
	if (size == sizeof(pending))
		memcpy(&pending, bytes, size);

	return guarded(diag, "core's help for it", [&] () {
		return make_object(t, *object, size == sizeof(state) ? &state : nullptr, pending, diag); });
}


static int install(Target &t, uint32_t slot, Object *o, caplog_diag *diag)
{
	if (!o || !o->cap.valid())
		return caplog_say(diag, EINVAL, "the object is not there");

	/* core puts its own there: parent, threads */
	bool const cores = slot < caplog_flavours(nullptr)->user_base;

	Foc_native_pd::Result const result = cores ? t.native_pd.compare(o->cap, kcap(slot))
	                                           : t.native_pd.install(o->cap, kcap(slot));
	if (o->kind == SEMAPHORE)
		o->slot = slot;
	return result == Foc_native_pd::DONE ? 0
	       : caplog_say(diag, EIO, "core refuses to fill the slot: %u", (unsigned)result);
}


static int p_install(void *, void *target, uint32_t slot, caplog_object const *object,
                     caplog_diag *diag)
{
	Target &t = target_of(target);
	return install(t, slot, t.by_id(object->id), diag);
}


static int p_share(void *, void *target, uint32_t slot, void *from, caplog_object const *object,
                   caplog_diag *diag) {
	return install(target_of(target), slot, target_of(from).by_id(object->id), diag); }


static int p_attach_irq(void *, void *target, uint32_t irq_slot, uint32_t thread_slot,
                        uint64_t label, caplog_diag *diag)
{
	Target      &t = target_of(target);
	Thread_info *thread = t.thread_at(thread_slot);
	Object      *irq = nullptr;

	t.for_each([&] (Object &o, caplog_object &) {
		if (o.kind == SEMAPHORE && o.slot == irq_slot)
			irq = &o; });
	if (!irq || !thread || thread->state == Thread_info::UNUSED)
		return caplog_say(diag, EINVAL, "no IRQ object, or no thread to attach it to");

	Foc_native_pd::Result const result = t.native_pd.irq_attach(irq->cap, thread->cap, label);
	return result == Foc_native_pd::DONE ? 0
	       : caplog_say(diag, EIO, "core refuses to attach it: %u", (unsigned)result);
}


static int p_registers(void *, void *target, caplog_image_thread const *thread, uint64_t,
                       uint64_t, caplog_diag *diag)
{
	Target &t = target_of(target);
	Thread_info *info = t.thread_at(thread->slot);

	if (!info || info->state == Thread_info::UNUSED)
		return caplog_say(diag, EINVAL, "there is no such thread");
	if (!read_labels(t))
		return caplog_say(diag, EINVAL, "its log does not say where the stub is");
	if (thread->state != CAPLOG_THREAD_NEW && !t.memory(thread->frame, 16*sizeof(addr_t)))
		return caplog_say(diag, EINVAL, "the thread's frame at %n lies outside its memory",
		                  thread->frame);
	info->frame = thread->frame;
	info->start = thread->state == CAPLOG_THREAD_FRAME   ? CAPLOG_STUB_RESTART
	            : thread->state == CAPLOG_THREAD_RUNNING ? CAPLOG_STUB_RESUME : 0;
	return 0;
}


/* All objects are there: sessions get their handlers, contexts their signals */
static void finish(Target &t)
{
	void *raw = t.child->object ? t.memory(t.line(*t.child->object).arg[0],
	                                       sizeof(Untyped_capability::Raw)) : nullptr;
	if (raw)
		*(Untyped_capability::Raw *)raw = t.child->parent_cap().raw();

	t.for_each([&] (Object &o, caplog_object &line) {
		if (o.session)
			o.session->restored();
		if (o.pending)
			t.real_pd.submit(reinterpret_cap_cast<Signal_context>(o.cap), o.pending);
		o.pending = 0;
		if (line.kind == PEER && line.arg[0] < t.group.count)
			if (Object *gate = t.group.target[line.arg[0]]->by_id((uint32_t)line.arg[1]))
				o.cap = gate->cap;
	});
	t.finished = true;
	t.ep.activate();
}


static int p_start(void *, void *target, uint32_t slot, caplog_diag *diag)
{
	Target &t = target_of(target);
	Thread_info *info = t.thread_at(slot);

	if (!info || info->state != Thread_info::NEW || !info->start)
		return caplog_say(diag, EINVAL, "no thread to start");

	return guarded(diag, "starting", [&] () {
		if (!t.finished)
			finish(t);
		info->server->start(t.stub[info->start], info->frame);
		if (info->server->paused())
			info->server->pause();
		return 0;
	});
}


caplog_platform Platform::ops()
{
	caplog_platform p;

	p.ctx         = this;
	p.stop        = p_stop;
	p.resume      = p_resume;
	p.info        = p_info;
	p.memory      = p_memory;
	p.region      = p_region;
	p.bytes       = p_bytes;
	p.thread      = p_thread;
	p.valid       = p_valid;
	p.holds       = p_holds;
	p.save        = p_save;
	p.can_make    = p_can_make;
	p.create      = p_create;
	p.destroy     = p_destroy;
	p.attach      = p_attach;
	p.make_thread = p_make_thread;
	p.drop_thread = p_drop_thread;
	p.make_gate   = p_make_gate;
	p.make        = p_make;
	p.install     = p_install;
	p.share       = p_share;
	p.attach_irq  = p_attach_irq;
	p.registers   = p_registers;
	p.start       = p_start;
	return p;
}

} /* namespace Caplog */
