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


int Parent_child::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	int const err = saved.session ? t.account().restore_granted(saved.session->parent.granted, diag)
	                              : 0;
	if (err)
		return err;

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
	/* as below init, a root takes the place of the one before */
	Object *before = nullptr;
	_target.objects().for_each(CAPLOG_OBJECT_SERVICE, [&] (Object &o, caplog_object &line) {
		if (_target.config().service_that_begins(line.name) == name)
			before = &o; });
	if (before)
		_target.objects().gone(*before);

	if (!_target.objects().room(CAPLOG_OBJECT_SERVICE))
		return;
	caplog_words words = caplog_words();
	words.service.gate = gate->id;
	_target.objects().give(CAPLOG_OBJECT_SERVICE, Native_capability(), name, words);
	_target.services().add(name, reinterpret_cap_cast<Root>(_target.pd().gate(*gate)));
}


static size_t ram_quota(char const *args) {
	return Arg_string::find_arg(args, "ram_quota").ulong_value(0); }


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
	if (!_target.objects().room(CAPLOG_OBJECT_UNKNOWN))
		throw Service_denied();

	/* the component pays; it gets it back if no session comes of it */
	Account::Donation donation(_target.account(), ram_quota(args));
	Account::Kept     record(_target.account());

	Kind_row const *row     = Kind_row::of_service(service);
	Session_base   *session = _open_own(service, label, args, affinity);

	if (!session) {
		Routes::Server const server = _target.routes().server_for(_target, service, label, args);

		if (server.to == Routes::NOWHERE)
			throw Service_denied();
		if (server.to == Routes::SIBLING)
			return Peer::open(_target, *server.sibling, service, args, affinity, donation, record);
		session = row ? row->open(_target, args, affinity)
		              : open_foreign(_target, service, args, affinity);
	}
	Native_capability const cap = session->given();

	Object &o = row ? _target.objects().give(row->kind, cap, label.last_element().string())
	                : _target.objects().give(CAPLOG_OBJECT_UNKNOWN, cap, service);
	o.session = session;
	o.record  = record.keep();
	session->saved.quota = donation.keep();
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


/*
 * Put the component's name before its label
 *
 * A second label would be the first one afterwards, and be taken for the one
 * that the monitor gave. One that does not fit would be left out.
 */
static bool set_label(char *args, size_t size, char const *name, Session_label const &label)
{
	/* lengths count the end of a string */
	Session_label const prefixed = prefixed_label(Session_label(name), label);
	size_t        const length   = strlen(name) + (label.length() > 1 ? 4 + label.length() : 1);

	Arg_string::remove_arg(args, "label");
	return !Arg_string::find_arg(args, "label").valid() && prefixed.length() >= length
	    && Arg_string::set_arg_string(args, size, "label", prefixed.string());
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
	if (!set_label(labeled, sizeof(labeled), _target.name(), label)) {
		error(_target.name(), ": its request for a ", name.string(), " session was denied, since it "
		      "has two labels, or one that is too long with the component's name before it");
		throw Service_denied();
	}
	/* only exceptions of the RPC interface may leave this function */
	try { return _open(name.string(), label, labeled, affinity); }
	catch (Quota_exceeded) { throw; }
	catch (...)            { throw Service_denied(); }
}


void Parent_child::upgrade(Session_capability to, Upgrade_args const &args)
{
	if (!args.valid_string())
		return;

	size_t const   quota = ram_quota(args.string());
	Object * const o     = _target.objects().by_cap(to);

	if (!o || !o->session) {
		Peer::upgrade(_target, to, quota);
		return;
	}
	Session_capability const real = o->session->real();
	if (!real.valid() && !o->record) {
		warning(_target.name(), ": it upgrades what is no session");
		return;
	}
	Account::Donation donation(_target.account(), quota);

	if (real.valid()) {
		Gate::Outside outside(_target.gate());
		_target.core().upgrade(real, quota);
	}
	o->session->saved.quota += donation.keep();
}


void Parent_child::close(Session_capability cap)
{
	Object * const o = _target.objects().by_cap(cap);

	if (!o) {
		Peer::close(_target, cap);
		return;
	}
	if (!o->session)
		return;

	Session_base    * const session = o->session;
	size_t            const quota   = session->saved.quota;
	Account::Record * const record  = o->record;

	/* it ends outside of the gate, where other requests must not find it */
	o->session = nullptr;
	if (!session->end()) {
		o->session = session;
		return;
	}
	_target.objects().gone(*o);
	_target.account().remove_record(record);
	_target.account().give(quota);
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


void Parent_child::settle() { saved.parent.granted = _target.account().granted(); }


/* From the reserve of the monitor's configuration; what it has not got stays unanswered */
void Parent_child::resource_request(Resource_args const &args)
{
	log("child \"", _target.name(), "\" requests resources: ", args.string());

	if (!_target.account().request(ram_quota(args.string()))) {
		warning(_target.name(), ": the monitor's reserve does not suffice for its request: raise "
		        "the attribute reserve");
		return;
	}
	Signal_context_capability const handler = _target.objects().context(saved.handler[0]);
	if (handler.valid())
		_target.core().pd.submit(handler, 1);
}

} /* namespace Caplog */
