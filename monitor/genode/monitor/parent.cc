/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>
#include <base/session_label.h>
#include <root/client.h>
#include <util/arg_string.h>

#include "sessions.h"

namespace Caplog {


/*
 * Sessions of a target
 */

static uint32_t kind_of(char const *service)
{
	return !strcmp(service, "ROM")   ? ROM
	     : !strcmp(service, "LOG")   ? LOG
	     : !strcmp(service, "Timer") ? TIMER : (uint32_t)CAPLOG_OBJECT_UNKNOWN;
}


/* A server for a kind of session that is known; its capability */
static Session_base *serve_kind(Target &t, uint32_t kind, char const *args, Native_capability &cap)
{
	if (kind == ROM) {
		Rom *rom = new (t.alloc) Rom(t, args);
		cap = t.ep.manage(rom);
		return rom;
	}
	if (kind == TIMER) {
		Timer_session *timer = new (t.alloc) Timer_session(t, args);
		cap = t.ep.manage(timer);
		return timer;
	}
	Opened_session *opened = new (t.alloc) Opened_session(t, args);
	cap = opened->real;
	return opened;
}


void Target::serve(Object &o, caplog_object &, State const &state)
{
	o.session = serve_kind(*this, o.kind, state.args, o.cap);
	o.session->state = state;
	if (o.kind == ROM)
		static_cast<Rom *>(o.session)->object = &o;
}


Session_capability Target::open(char const *service, char const *args, Affinity const &affinity)
{
	uint32_t const kind = kind_of(service);

	for (unsigned i = 0; i < group.count; i++)
		if (group.target[i] != this && group.target[i]->config.provides(service))
			return open_at_peer(*group.target[i], service, args, affinity);

	if (kind == CAPLOG_OBJECT_UNKNOWN) {
		Session_capability const cap = open_at_parent(service, args, affinity);
		give(CAPLOG_OBJECT_UNKNOWN, cap, service);
		return cap;
	}
	Native_capability cap;
	Session_base * const session = serve_kind(*this, kind, args, cap);

	Object &o = give(kind, cap, label_from_args(args).last_element().string());
	o.session = session;
	if (kind == ROM)
		static_cast<Rom *>(session)->object = &o;
	return reinterpret_cap_cast<Genode::Session>(cap);
}


Session_capability Target::open_at_parent(char const *service, char const *args,
                                          Affinity const &affinity)
{
	char labeled[Parent::Session_args::MAX_SIZE];
	strncpy(labeled, args, sizeof(labeled));

	if (group.label.length() > 1)
		Arg_string::set_arg_string(labeled, sizeof(labeled), "label",
		                           prefixed_label(group.label, label_from_args(args)).string());

	return env.parent().session(service, labeled, affinity);
}


void Target::add_service(char const *name, Capability<Root> root)
{
	Lock::Guard guard(services_lock);

	services.insert(new (alloc) Service(name, root));

	for (unsigned i = 0; i < group.count; i++)
		if (group.target[i]->waits) {
			group.target[i]->waits = false;
			group.target[i]->announced.up();
		}
}


/* The root that a server announced; waits until it did */
static Capability<Root> root_of(Target &server, Target &client, char const *service)
{
	for (;;) {
		{
			Lock::Guard guard(server.services_lock);
			for (Target::Service *s = server.services.first(); s; s = s->next())
				if (s->name == service)
					return s->root;
			client.waits = true;
		}
		client.announced.down();
	}
}


/* No checkpoint while an entrypoint may block on another component */
struct Busy
{
	bool volatile &busy;

	Busy(Target &target) : busy(target.busy) { busy = true; }
	~Busy()                                  { busy = false; }
};


Session_capability Target::open_at_peer(Target &server, char const *service, char const *args,
                                        Affinity const &affinity)
{
	Busy guard(*this);

	size_t const quota = Arg_string::find_arg(args, "ram_quota").ulong_value(0);
	if (env.ram().transfer_quota(server.real_ram.cap(), quota))
		throw Parent::Quota_exceeded();

	Session_capability cap;
	try { cap = Root_client(root_of(server, *this, service)).session(args, affinity); }
	catch (Root::Quota_exceeded) { throw Parent::Quota_exceeded(); }
	catch (Root::Exception)      { throw Parent::Service_denied(); }

	give(PEER, Native_capability(), service, server.index).cap = cap;
	return cap;
}


void Target::close_at_peer(Session_capability cap)
{
	Object *peer = nullptr;

	for_each([&] (Object &o, caplog_object &line) {
		if (line.kind == PEER && o.cap.local_name() == cap.local_name())
			peer = &o;
	});
	if (!peer)
		return;

	caplog_object const &l = line(*peer);
	if (l.arg[0] < group.count) {
		Busy guard(*this);
		try { Root_client(root_of(*group.target[l.arg[0]], *this, l.name)).close(cap); }
		catch (...) { }
	}
	gone(*peer);
}


void Target::update_peers()
{
	for_each([&] (Object &o, caplog_object &line) {
		if (line.kind != PEER || line.arg[0] >= group.count)
			return;
		Object *gate = group.target[line.arg[0]]->by_cap(o.cap);
		line.arg[1] = gate && gate->kind == CAPLOG_OBJECT_GATE ? gate->id : 0;
	});
}


void Target::close(Object &o)
{
	if (o.kind == ROM && o.session) {
		Rom *rom = static_cast<Rom *>(o.session);
		if (rom->ds)
			gone(*rom->ds);
		ep.dissolve(rom);
		destroy(alloc, rom);
	}
	if (o.kind == TIMER && o.session) {
		Timer_session *timer = static_cast<Timer_session *>(o.session);
		ep.dissolve(timer);
		destroy(alloc, timer);
	}
	if (o.kind == LOG && o.session)
		destroy(alloc, static_cast<Opened_session *>(o.session));
	if (o.kind == CAPLOG_OBJECT_UNKNOWN)
		env.parent().close(reinterpret_cap_cast<Genode::Session>(o.cap));
	gone(o);
}


/*
 * Parent interface
 */

Parent_child::Parent_child(Target &t, Dataspace_capability elf, Dataspace_capability ldso,
                           Child_policy &policy, Initial_thread_base &main)
:
	Child(elf, ldso, t.pd->cap(), *t.pd, t.ram->cap(), *t.ram, t.cpu->cap(), main, t.env.rm(),
	      *t.rm[ADDRESS_SPACE], t.ep, policy),
	_target(t)
{ }


void Parent_child::announce(Service_name const &name, Root_capability root)
{
	Object *gate = _target.by_cap(root);

	if (!name.valid_string() || !gate || gate->kind != CAPLOG_OBJECT_GATE
	 || strlen(name.string()) >= CAPLOG_OBJECT_NAME) {
		error(_target.config.name.string(), ": announces a service that cannot be kept");
		return;
	}
	_target.give(SERVICE, Native_capability(), name.string(), gate->id);
	_target.add_service(name.string(), reinterpret_cap_cast<Root>(gate->cap));
}


Session_capability Parent_child::session(Service_name const &name, Session_args const &args,
                                         Affinity const &affinity)
{
	if (!name.valid_string() || !args.valid_string())
		throw Unavailable();

	if (!strcmp("Env::ram_session", name.string())) return _target.ram->cap();
	if (!strcmp("Env::cpu_session", name.string())) return _target.cpu->cap();
	if (!strcmp("Env::pd_session",  name.string())) return _target.pd->cap();

	char labeled[Parent::Session_args::MAX_SIZE];
	strncpy(labeled, args.string(), sizeof(labeled));

	Session_label const label = label_from_args(labeled);
	Arg_string::set_arg_string(labeled, sizeof(labeled), "label",
	                           label.valid() ? prefixed_label(Session_label(_target.config.name.string()),
	                                                          label).string()
	                                         : _target.config.name.string());

	/* the component pays */
	size_t const quota = Arg_string::find_arg(labeled, "ram_quota").ulong_value(0);
	if (_target.real_ram.transfer_quota(_target.env.ram_session_cap(), quota))
		throw Quota_exceeded();

	try {
		return _target.open(name.string(), labeled, affinity);
	}
	catch (Quota_exceeded) {
		_target.env.ram().transfer_quota(_target.real_ram.cap(), quota);
		throw;
	}
	/* nothing else may leave this function, but what its interface names */
	catch (...) {
		_target.env.ram().transfer_quota(_target.real_ram.cap(), quota);
		throw Service_denied();
	}
}


void Parent_child::upgrade(Session_capability to, Upgrade_args const &args)
{
	if (!args.valid_string())
		return;

	Session_capability real;
	if (to.local_name() == _target.ram->cap().local_name()) real = _target.real_ram.cap();
	if (to.local_name() == _target.cpu->cap().local_name()) real = _target.real_cpu.cap();
	if (to.local_name() == _target.pd->cap().local_name())  real = _target.real_pd.cap();

	Object *o = _target.by_cap(to);
	if (o && o->kind == ROM)   real = static_cast<Rom *>(o->session)->real;
	if (o && o->kind == TIMER) real = static_cast<Timer_session *>(o->session)->real;
	if (o && (o->kind == LOG || o->kind == CAPLOG_OBJECT_UNKNOWN))
		real = reinterpret_cap_cast<Genode::Session>(o->cap);

	size_t const quota = Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0);
	if (_target.real_ram.transfer_quota(_target.env.ram_session_cap(), quota))
		throw Quota_exceeded();
	if (real.valid())
		_target.env.parent().upgrade(real, args.string());
}


void Parent_child::close(Session_capability cap)
{
	Object *o = _target.by_cap(cap);

	if (o && (o->kind == ROM || o->kind == TIMER || o->kind == LOG
	       || o->kind == CAPLOG_OBJECT_UNKNOWN))
		_target.close(*o);
	else
		_target.close_at_peer(cap);
}


void Parent_child::exit(int value)
{
	log(_target.config.name.string(), " exited with ", value);
	_target.exited = true;
}


Thread_capability Parent_child::main_thread_cap() const
{
	return _target.threads[0].server->cap();
}


void Parent_child::resource_avail_sigh(Signal_context_capability cap) {
	Session_base::state.handler[0] = _target.context_id(cap); }

void Parent_child::yield_sigh(Signal_context_capability cap) {
	Session_base::state.handler[1] = _target.context_id(cap); }


/* The monitor gives what the configuration says and no more */
void Parent_child::resource_request(Resource_args const &args)
{
	warning(_target.config.name.string(), " asks for ", args.string());
}

} /* namespace Caplog */
