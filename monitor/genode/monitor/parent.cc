/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>
#include <base/session_label.h>
#include <util/arg_string.h>

#include "foreign.h"
#include "parent.h"
#include "peer.h"
#include "rom.h"
#include "target.h"

namespace Caplog {


Parent_child::Parent_child(Target &t, Dataspace_capability elf, Dataspace_capability ldso,
                           Child_policy &policy, Initial_thread_base &main)
:
	Child(elf, ldso, t.pd().cap(), t.pd(), t.ram().cap(), t.ram(), t.cpu().cap(), main, t.env().rm(),
	      t.rm(CAPLOG_MAP_ADDRESS_SPACE), t.parent_ep(), policy),
	_target(t)
{ }


/* Genode's class is the RPC object, so it cannot be a Served one */
Rpc_exception_code Parent_child::dispatch(Rpc_opcode opcode, Ipc_unmarshaller &in,
                                          Msgbuf_base &out)
{
	return Served<Parent>::through(_target.gate(), Gate::PARENT, [&] () {
		return Child::dispatch(opcode, in, out); });
}


int Parent_child::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *)
{
	t.enter_own(line, t.parent(), saved);
	t.core().pd.assign_parent(t.parent().parent_cap());
	return 0;
}


void Parent_child::write_raw()
{
	Objects &objects = _target.objects();
	void *raw = _object ? objects.memory(objects.line(*_object).parent.raw,
	                                     sizeof(Untyped_capability::Raw)) : nullptr;
	if (raw)
		*(Untyped_capability::Raw *)raw = parent_cap().raw();
}


void Parent_child::announce(Service_name const &service, Root_capability root)
{
	char const * const name = service.valid_string() ? service.string() : "";
	Object     * const gate = _target.objects().of(root, CAPLOG_OBJECT_GATE);

	if (!_target.config().provides(name)) {
		error(_target.name(), ": service ", name, " not announced: its node <provides> does not "
		      "contain it");
		return;
	}
	if (!gate) {
		error(_target.name(), ": service ", name, " not announced: its root is no RPC object of "
		      "this component");
		return;
	}
	caplog_words words = caplog_words();
	words.service.gate = gate->id;
	_target.objects().give(CAPLOG_OBJECT_SERVICE, Native_capability(), name, words);
	_target.services().add(name, reinterpret_cap_cast<Root>(_target.pd().gate(*gate)));
}


/* A request that the monitor itself answers needs no route */
Session_base *Parent_child::_open_own(char const *service, Session_label const &label,
                                      char const *args, Affinity const &affinity)
{
	if (strcmp(service, "ROM"))
		return nullptr;
	if (label.last_element() == "config" && !_target.config().node.has_sub_node("config"))
		throw Service_denied();
	return Rom::is_own(label) ? Rom::open(_target, args, affinity) : nullptr;
}


Session_capability Parent_child::_open(char const *service, Session_label const &label,
                                       char const *args, Affinity const &affinity)
{
	Kind_row const *row     = Kind_row::of_service(service);
	Session_base   *session = _open_own(service, label, args, affinity);

	if (!session) {
		Routes::Server const server = _target.routes().server_for(_target, service, label, args);

		if (server.to == Routes::NOWHERE)
			throw Service_denied();
		if (server.to == Routes::SIBLING)
			return Peer::open(_target, *server.sibling, service, args, affinity);
		session = row ? row->open(_target, args, affinity)
		              : open_foreign(_target, service, args, affinity);
	}
	Native_capability const cap = session->given();

	Object &o = row ? _target.objects().give(row->kind, cap, label.last_element().string())
	                : _target.objects().give(CAPLOG_OBJECT_UNKNOWN, cap, service);
	o.session = session;
	session->entered(o);
	return reinterpret_cap_cast<Genode::Session>(cap);
}


/* Sessions that each component has from the start; its base library asks by these names */
Session_capability Parent_child::_initial(char const *name)
{
	struct { char const *name; Session_capability cap; } const own[] = {
		{ "Env::pd_session",  _target.pd().cap()  },
		{ "Env::ram_session", _target.ram().cap() },
		{ "Env::cpu_session", _target.cpu().cap() },
	};

	for (auto const &session : own)
		if (!strcmp(session.name, name))
			return session.cap;
	return Session_capability();
}


Session_capability Parent_child::session(Service_name const &name, Session_args const &args,
                                         Affinity const &affinity)
{
	if (!(name.valid_string() && args.valid_string()))
		throw Unavailable();

	Session_capability const initial = _initial(name.string());
	if (initial.valid())
		return initial;

	char labeled[Parent::Session_args::MAX_SIZE];
	strncpy(labeled, args.string(), sizeof(labeled));

	Session_label const label = _target.config().redirected(name.string(),
	                                                        label_from_args(labeled));
	Arg_string::set_arg_string(labeled, sizeof(labeled), "label",
	                           prefixed_label(Session_label(_target.name()), label).string());

	/* the component pays */
	Ram_session &ram = _target.core().ram;
	size_t const quota = Arg_string::find_arg(labeled, "ram_quota").ulong_value(0);
	if (ram.transfer_quota(_target.env().ram_session_cap(), quota))
		throw Quota_exceeded();

	try {
		return _open(name.string(), label, labeled, affinity);
	}
	catch (Quota_exceeded) {
		_target.env().ram().transfer_quota(_target.core().ram.cap(), quota);
		throw;
	}
	/* only exceptions of the RPC interface may leave this function */
	catch (...) {
		_target.env().ram().transfer_quota(_target.core().ram.cap(), quota);
		throw Service_denied();
	}
}


void Parent_child::upgrade(Session_capability to, Upgrade_args const &args)
{
	if (!args.valid_string())
		return;

	Object * const o = _target.objects().by_cap(to);
	Session_capability const real = o && o->session ? o->session->real() : Session_capability();

	size_t const quota = Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0);
	if (_target.core().ram.transfer_quota(_target.env().ram_session_cap(), quota))
		throw Quota_exceeded();
	if (real.valid()) {
		Gate::Outside outside(_target.gate());
		_target.env().parent().upgrade(real, args.string());
	}
}


void Parent_child::close(Session_capability cap)
{
	Object * const o = _target.objects().by_cap(cap);

	if (!o) {
		Peer::close(_target, cap);
		return;
	}
	if (o->session && o->session->end())
		_target.objects().gone(*o);
}


/* The words that init prints */
void Parent_child::exit(int value)
{
	log("child \"", _target.name(), "\" exited with exit value ", value);

	Lock::Guard guard(_exit);
	saved.parent.value  = value;
	saved.parent.exited = 1;
}


Thread_capability Parent_child::main_thread_cap() const
{
	return _target.threads()[0].server->cap();
}


void Parent_child::resource_avail_sigh(Signal_context_capability cap) {
	saved.handler[0] = _target.objects().context_id(cap); }

void Parent_child::yield_sigh(Signal_context_capability cap) {
	saved.handler[1] = _target.objects().context_id(cap); }


/* The monitor gives what the configuration says and no more */
void Parent_child::resource_request(Resource_args const &args)
{
	warning(_target.name(), " asks for ", args.string());
}

} /* namespace Caplog */
