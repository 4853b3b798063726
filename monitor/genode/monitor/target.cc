/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>
#include <base/session_label.h>
#include <util/arg_string.h>

#include "target.h"

namespace Caplog {


/* Bytes that an image has for the component's RAM session */
static size_t memory_of(caplog_ledger &ledger)
{
	size_t bytes = 0;

	for (caplog_object *ds = caplog_ledger_first(&ledger, CAPLOG_OBJECT_DATASPACE); ds;
	     ds = caplog_ledger_next(&ledger, ds))
		bytes += ds->dataspace.size;
	return bytes;
}


Target::Door_entrypoint::Door_entrypoint(Target &t, Gate::Door door)
:
	alloc(t._alloc), gate(t._gate), door(door),
	ep(*new (alloc) Rpc_entrypoint(&t._env.pd(), STACK_SIZE, t.name(), false))
{ }


Target::Target(Messenger_env &env, Allocator &alloc, Timers &timers, Group &group, unsigned index,
               Xml_node config, Xml_node node, caplog_ledger &ledger, Limits &limits)
:
	_env(env), _alloc(alloc), _limits(limits), _timers(timers), _group(group), _index(index),
	_config(node), _routes(config, node),
	_objects(name(), alloc, env.rm(), ledger, limits, group.dataspaces, index, _config.caps),
	_core(env, name(), Placement(config, node)),
	_account(env, _core, _config, limits, memory_of(ledger)),
	_tracked(_alloc, _core, _env, config.attribute_value("copies", Number_of_bytes(0)))
{
	ep().manage(&_ram);
	ep().manage(&_cpu);
	ep().manage(&_pd);
	for (unsigned i = 0; i < CAPLOG_MAPS; i++)
		ep().manage(&rm(i));
	_pinger[Gate::PARENT].construct(env, parent_ep());
	_pinger[Gate::SESSIONS].construct(env, ep());
}


/* Where the first dataspace of its own is attached: it begins with the raw parent capability */
uint64_t Target::_first_memory()
{
	uint64_t first = 0;

	/* the newest line comes first */
	for (caplog_object *region = caplog_ledger_first(&_objects.ledger(), CAPLOG_OBJECT_REGION);
	     region; region = caplog_ledger_next(&_objects.ledger(), region))
		if (_objects.of(region->region.dataspace, CAPLOG_OBJECT_DATASPACE))
			first = region->region.address;
	return first;
}


void Target::give_thread(Thread_info &thread, char const *name)
{
	caplog_words words = caplog_words();

	words.thread.slot = _threads.slot_of(thread);
	_objects.give(CAPLOG_OBJECT_THREAD, thread.server->cap(), name, words).session = thread.server;
}


void Target::start()
{
	_program.construct(_env, _config.binary.string());

	Dataspace_capability const elf = _program->binary(), ldso = _program->ldso();

	_objects.give(CAPLOG_OBJECT_BINARY_DS, elf, _config.binary.string());
	if (ldso.valid())
		_objects.give(CAPLOG_OBJECT_BINARY_DS, ldso, Program::ldso_name());

	_objects.give(CAPLOG_OBJECT_PD,  _pd.cap()).session  = &_pd;
	_objects.give(CAPLOG_OBJECT_CPU, _cpu.cap()).session = &_cpu;
	_objects.give(CAPLOG_OBJECT_RAM, _ram.cap()).session = &_ram;
	for (unsigned i = 0; i < CAPLOG_MAPS; i++) {
		caplog_words words = caplog_words();
		words.region_map.map = i;
		_objects.give(CAPLOG_OBJECT_REGION_MAP, rm(i).cap(), nullptr, words).session = &rm(i);
	}
	give_thread(_threads.create(*this, name(), Affinity::Location(), Cpu_session::Weight()),
	            name());

	_parent = new (_alloc) Parent_child(*this, elf, ldso, _policy, _main_thread);

	caplog_words words = caplog_words();
	words.parent.raw = _first_memory();
	Object &parent = _objects.give(CAPLOG_OBJECT_PARENT, _parent->parent_cap(), nullptr, words);
	parent.session = _parent;
	_parent->entered(parent);

	_running = true;
	ep().activate();
	parent_ep().activate();
	open();
}


void Target::start_empty()
{
	_program.construct(_env, _config.binary.string());

	_parent = new (_alloc) Parent_child(*this, Dataspace_capability(), Dataspace_capability(),
	                                    _policy, _main_thread);
}


void Target::finish()
{
	if (_running)
		return;

	_parent->write_raw();
	_objects.for_each([&] (Object &o, caplog_object &line) {
		Kind_row const * const row = Kind_row::of(line.kind);

		if (o.session)
			o.session->restored();
		if (row && row->finish)
			row->finish(*this, o, line);
	});
	_running = true;
	ep().activate();
	parent_ep().activate();
}


void Target::_end_sessions()
{
	for (;;) {
		Object *closed = nullptr;

		_objects.for_each([&] (Object &o, caplog_object &) {
			if (!closed && o.session && o.session->end())
				closed = &o; });
		if (!closed)
			return;
		_objects.gone(*closed);
	}
}


Target::~Target()
{
	/* first the threads, so that no request comes in any more */
	_gate.end();
	for (auto &pinger : _pinger)
		pinger.destruct();
	_threads.kill_all();

	for (unsigned i = 0; i < CAPLOG_MAPS; i++)
		ep().dissolve(&rm(i));
	ep().dissolve(&_pd);
	ep().dissolve(&_cpu);
	ep().dissolve(&_ram);

	_end_sessions();

	if (Object *log = _objects.log_ds()) {
		Ram_dataspace_capability const ds = reinterpret_cap_cast<Ram_dataspace>(log->cap);
		_objects.gone(*log);
		_env.ram().free(ds);
	}
	_objects.forget();
	if (_parent)
		destroy(_alloc, _parent);
}


void Target::close()
{
	_gate.close();
	for (auto &pinger : _pinger)
		if (_running)
			pinger->go();
}


bool Target::closed()
{
	bool answered = true;

	/* what came in while a sibling needed this component has to be answered, too */
	if (_gate.passed()) {
		close();
		return false;
	}
	for (unsigned i = 0; _running && i < Gate::DOORS; i++)
		answered &= _gate.waiting((Gate::Door)i) || _pinger[i]->answered();
	return answered && _gate.empty();
}


void Target::cancel()
{
	Foc_native_cpu_client own(_env.cpu().native_cpu());

	_services.cancel();
	_gate.cancel(own, _env.messenger, _limits);
}


Session_capability Target::open_at_parent(char const *service, char const *args,
                                          Affinity const &affinity)
{
	char labeled[Parent::Session_args::MAX_SIZE];
	strncpy(labeled, args, sizeof(labeled));

	if (_group.label.length() > 1
	 && !Arg_string::set_arg_string(labeled, sizeof(labeled), "label",
	                                prefixed_label(_group.label, label_from_args(args)).string()))
		throw Parent::Service_denied();

	Gate::Outside outside(_gate);
	return _env.parent().session(service, labeled, affinity);
}


int Target::enter_own(caplog_object &line, Session_base &session, Saved const &saved)
{
	Object &o = _objects.enter(line, session.given());

	if (saved.session)
		session.saved = *saved.session;
	o.session = &session;
	session.entered(o);
	return 0;
}


int Target::repay(Session_capability session, Saved const &saved, caplog_diag *diag)
{
	if (!saved.session)
		return 0;

	int const err = _account.restore_given(saved.session->quota, diag);
	if (!err)
		_core.repay(session, saved.session->quota);
	return err;
}


int Target::reopen(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	Kind_row const * const row = Kind_row::of(line.kind);

	if (!saved.session)
		return caplog_say(diag, CAPLOG_EINVAL, "the image lacks the arguments of the session");

	int const err = t.account().restore_given(saved.session->quota, diag);
	if (err)
		return err;

	Account::Kept record(t.account());
	Object &o = t.objects().enter(line, Native_capability());
	o.session = row->open(t, saved.session->args, Affinity());
	o.record  = record.keep();

	/* what it was upgraded by: the arguments say what it was opened with */
	size_t const opened = Arg_string::find_arg(saved.session->args, "ram_quota").ulong_value(0);
	if (saved.session->quota > opened && o.session->real().valid())
		t.core().upgrade(o.session->real(), saved.session->quota - opened);

	o.session->saved = *saved.session;
	o.session->entered(o);
	o.cap = o.session->given();
	caplog_ledger_rebadge(&t.objects().ledger(), &line, o.cap.local_name());
	return 0;
}

} /* namespace Caplog */
