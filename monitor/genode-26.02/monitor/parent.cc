/* SPDX-License-Identifier: BSD-2-Clause */
#include <util/arg_string.h>

#include "clock.h"
#include "parent.h"
#include "target.h"
#include "targets.h"

namespace Caplog {


Parent_proxy::Parent_proxy(Target &target, Gate &gate) : Served(gate), _target(target) { }


Parent_proxy::~Parent_proxy() { end_sessions(); }


void Parent_proxy::end_sessions()
{
	while (Opened *o = _opened.first())
		_forget(*o);
}


void Parent_proxy::begin(Capability<Parent> real)
{
	_real = real;
	_target.core().pd.assign_parent(cap());
}


Rpc_exception_code Parent_proxy::dispatch(Rpc_opcode opcode, Ipc_unmarshaller &in, Msgbuf_base &out)
{
	Rpc_exception_code const result = through(gate, Gate::PARENT, [&] () {
		return Rpc_object<Parent>::dispatch(opcode, in, out); });

	_target.left();
	return result;
}


void Parent_proxy::write_raw(uint64_t address)
{
	void * const raw = _target.objects().memory(address, sizeof(Untyped_capability::Raw));

	if (raw)
		*(Untyped_capability::Raw *)raw = cap().raw();
}


int Parent_proxy::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *)
{
	t.enter_own(line, t.parent(), saved);
	return 0;
}


/*
 * Sessions
 */

Parent_proxy::Opened *Parent_proxy::_find(Client::Id id)
{
	Opened *o = _opened.first();

	while (o && !(o->id == id))
		o = o->next();
	return o;
}


void Parent_proxy::_forget(Opened &o)
{
	Object * const object = o.line ? _target.objects().by_id(o.line) : nullptr;

	_opened.remove(&o);
	if (object)
		_target.objects().gone(*object);
	if (o.session)
		o.session->end();
	destroy(_target.alloc(), &o);
}


Session_base *Parent_proxy::_wrap(Opened &o, Session_capability real)
{
	Kind_row const * const row = Kind_row::of_service(o.service.string());

	if (!row)
		return nullptr;
	Session_base * const session = row->wrap(_target, real);
	copy_cstring(session->saved.args, o.args.string(), sizeof(session->saved.args));
	o.session = session;
	return session;
}


Session_capability Parent_proxy::_deliver(Opened &o, Session_capability real)
{
	if (!real.valid())
		return real;

	Kind_row     const * const row     = Kind_row::of_service(o.service.string());
	Session_base * const       session = _wrap(o, real);
	Native_capability    const cap     = session ? session->given() : Native_capability(real);

	caplog_words words = caplog_words();
	words.log.client = o.id.value; /* the same word of all sessions */

	Session_label const label = label_from_args(o.args.string());
	Object &object = row ? _target.objects().give(row->kind, cap, label.last_element().string(), words)
	                     : _target.objects().give(CAPLOG_OBJECT_UNKNOWN, cap, o.service.string());
	object.session = session;
	o.line         = object.id;
	if (session)
		session->entered(object);
	return reinterpret_cap_cast<Session>(cap);
}


Parent::Session_result Parent_proxy::session(Client::Id id, Service_name const &name,
                                             Session_args const &args, Affinity const &affinity)
{
	if (!name.valid_string() || !args.valid_string() || _find(id)
	 || !_target.objects().room(CAPLOG_OBJECT_UNKNOWN))
		return Session_error::DENIED;

	Opened &o = *new (_target.alloc()) Opened(id, name.string(), args.string());

	Session_result result = Session_error::DENIED;
	{
		Gate::Outside outside(gate);
		result = _real.call<Rpc_session>(id, name, args, affinity);
	}
	if (result.failed()) {
		destroy(_target.alloc(), &o);
		return result;
	}
	_opened.insert(&o);
	return result.convert<Session_result>(
		[&] (Session_capability cap) { return _deliver(o, cap); },
		[] (Session_error e)         { return e; });
}


/* Sessions that each component has, by number */
static char const *env_service(Parent::Client::Id id)
{
	return id == Parent::Env::log() ? "LOG"
	     : id == Parent::Env::binary() || id == Parent::Env::linker() ? "ROM" : nullptr;
}


static char const *env_label(Parent::Client::Id id)
{
	return id == Parent::Env::binary() ? "label=\"binary\""
	     : id == Parent::Env::linker() ? "label=\"linker\"" : "";
}


Parent::Session_cap_result Parent_proxy::session_cap(Client::Id id)
{
	if (id == Env::pd())
		return static_cap_cast<Session>(_target.pd().cap());
	if (id == Env::cpu())
		return static_cap_cast<Session>(_target.cpu().cap());

	Opened *o = _find(id);
	if (o && o->session)
		return reinterpret_cap_cast<Session>(o->session->given());

	if (!o && (!env_service(id) || !_target.objects().room(CAPLOG_OBJECT_UNKNOWN)))
		return Session_cap_error::DENIED;
	if (!o) {
		o = new (_target.alloc()) Opened(id, env_service(id), env_label(id));
		_opened.insert(o);
	}

	Session_cap_result result = Session_cap_error::DENIED;
	{
		Gate::Outside outside(gate);
		result = _real.call<Rpc_session_cap>(id);
	}
	/* the parent has forgotten the request */
	if (result.failed()) {
		_forget(*o);
		return result;
	}
	return result.convert<Session_cap_result>(
		[&] (Session_capability cap) { return o->line ? cap : _deliver(*o, cap); },
		[] (Session_cap_error e)     { return e; });
}


Parent::Upgrade_result Parent_proxy::upgrade(Client::Id id, Upgrade_args const &args)
{
	if (!args.valid_string())
		return Upgrade_result::OK;

	Gate::Outside outside(gate);
	return _real.call<Rpc_upgrade>(id, args);
}


Parent::Close_result Parent_proxy::close(Client::Id id)
{
	Opened * const o = _find(id);

	/* first what depends on it */
	if (o)
		_forget(*o);

	Gate::Outside outside(gate);
	return _real.call<Rpc_close>(id);
}


/* A session that a sibling or the sandbox serves may come later */
Session_capability Parent_proxy::_wait_for(Client::Id id, unsigned news)
{
	enum { WAIT_MS = 5000 };

	Session_capability real { };
	for (unsigned ms = 0; !real.valid() && ms < WAIT_MS; ms++) {
		if (_target.targets().news() == news) {
			Clock::sleep_ms(1);
			continue;
		}
		news = _target.targets().news();
		_real.call<Rpc_session_cap>(id).with_result(
			[&] (Session_capability cap) { real = cap; },
			[&] (Session_cap_error)      { ms = WAIT_MS; });
	}
	return real;
}


Session_capability Parent_proxy::_open_again(Client::Id id, char const *service, Args const &args)
{
	Session_capability real { };

	if (Env::session_id(id)) {
		_real.call<Rpc_session_cap>(id).with_result(
			[&] (Session_capability cap) { real = cap; }, [] (Session_cap_error) { });
		return real;
	}
	unsigned const news = _target.targets().news();
	bool           wait = false;

	_real.call<Rpc_session_sigh>(_target.targets().news_sigh);
	_real.call<Rpc_session>(id, Service_name(service), Session_args(args.string()), Affinity()).with_result(
		[&] (Session_capability cap) { real = cap; wait = !cap.valid(); },
		[] (Session_error) { });

	return wait ? _wait_for(id, news) : real;
}


int Parent_proxy::reopen(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	Kind_row const * const row = Kind_row::of(line.kind);
	Parent_proxy &parent = t.parent();
	Client::Id const id { (unsigned long)line.log.client };

	if (!saved.session || !row->service)
		return caplog_say(diag, CAPLOG_EINVAL, "the image lacks the arguments of the session");

	Args               const args(Cstring(saved.session->args));
	Session_capability const real = parent._open_again(id, row->service, args);

	if (!real.valid())
		return caplog_say(diag, CAPLOG_ENOENT, "the %s session \"%s\" is denied, or its server does "
		                  "not answer", row->service, args.string());

	Opened &o = *new (t.alloc()) Opened(id, row->service, args);
	parent._opened.insert(&o);
	Session_base * const session = parent._wrap(o, real);
	session->saved = *saved.session;

	Object &object = t.objects().enter(line, session->given());
	object.session = session;
	o.line         = object.id;
	session->entered(object);
	return 0;
}


/*
 * Services of the component
 */

void Parent_proxy::announce(Service_name const &name)
{
	/* its clients' sessions cannot be recreated, so the checkpoint is refused by name */
	if (name.valid_string() && _target.objects().room(CAPLOG_OBJECT_UNKNOWN))
		_target.objects().give(CAPLOG_OBJECT_UNKNOWN, Native_capability(), name.string());

	Gate::Outside outside(gate);
	_real.call<Rpc_announce>(name);
}


void Parent_proxy::session_response(Server::Id id, Session_response response)
{
	Gate::Outside outside(gate);
	_real.call<Rpc_session_response>(id, response);
}


void Parent_proxy::deliver_session_cap(Server::Id id, Session_capability cap)
{
	Gate::Outside outside(gate);
	_real.call<Rpc_deliver_session_cap>(id, cap);
}


/*
 * Life of the component
 */

void Parent_proxy::exit(int value)
{
	saved.parent.exited = 1;
	saved.parent.value  = (uint64_t)value;

	Gate::Outside outside(gate);
	_real.call<Rpc_exit>(value);
}


Thread_capability Parent_proxy::main_thread_cap() const
{
	return _target.threads()[0].server->cap();
}


void Parent_proxy::session_sigh(Signal_context_capability cap)
{
	if (_object)
		_target.objects().line(*_object).parent.sessions = (uint32_t)_target.objects().context_id(cap);

	Gate::Outside outside(gate);
	_real.call<Rpc_session_sigh>(cap);
}


void Parent_proxy::resource_avail_sigh(Signal_context_capability cap)
{
	saved.handler[0] = _target.objects().context_id(cap);

	Gate::Outside outside(gate);
	_real.call<Rpc_resource_avail_sigh>(cap);
}


void Parent_proxy::resource_request(Resource_args const &args)
{
	Gate::Outside outside(gate);
	_real.call<Rpc_resource_request>(args);
}


void Parent_proxy::yield_sigh(Signal_context_capability cap)
{
	saved.handler[1] = _target.objects().context_id(cap);

	Gate::Outside outside(gate);
	_real.call<Rpc_yield_sigh>(cap);
}


Parent::Resource_args Parent_proxy::yield_request()
{
	Gate::Outside outside(gate);
	return _real.call<Rpc_yield_request>();
}


void Parent_proxy::yield_response()
{
	Gate::Outside outside(gate);
	_real.call<Rpc_yield_response>();
}


void Parent_proxy::heartbeat_sigh(Signal_context_capability cap)
{
	if (_object)
		_target.objects().line(*_object).parent.heartbeat = (uint32_t)_target.objects().context_id(cap);

	Gate::Outside outside(gate);
	_real.call<Rpc_heartbeat_sigh>(cap);
}


void Parent_proxy::heartbeat_response()
{
	Gate::Outside outside(gate);
	_real.call<Rpc_heartbeat_response>();
}


void Parent_proxy::restored()
{
	Objects &objects = _target.objects();
	caplog_words_PARENT const &line = objects.line(*_object).parent;

	auto context = [&] (uint64_t id) { return objects.context(id); };

	if (line.sessions)    _real.call<Rpc_session_sigh>(context(line.sessions));
	if (line.heartbeat)   _real.call<Rpc_heartbeat_sigh>(context(line.heartbeat));
	if (saved.handler[0]) _real.call<Rpc_resource_avail_sigh>(context(saved.handler[0]));
	if (saved.handler[1]) _real.call<Rpc_yield_sigh>(context(saved.handler[1]));
	write_raw(line.raw);
}

} /* namespace Caplog */
