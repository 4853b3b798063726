/* SPDX-License-Identifier: BSD-2-Clause */
#include "target.h"
#include "targets.h"

namespace Caplog {


Target::Target(Env &env, Allocator &alloc, Targets &targets, Label const &label, Args const &args,
               Place const &place)
:
	_env(env), _alloc(alloc), _targets(targets), _label(label), _place(place),
	_objects(name(), alloc, env, place.ledger, targets.limits, place.group.dataspaces, place.index,
	         place.caps),
	_core(env, label, args)
{
	_ep.manage(&_pd);
	_ep.manage(&_native_cpu);
	_parent_ep.manage(&_parent);
	for (unsigned i = 0; i < CAPLOG_MAPS; i++)
		_ep.manage(&rm(i));
}


/*
 * What the sandbox does
 */

Cpu &Target::open_cpu(Args const &args, Affinity const &affinity)
{
	_core.cpu.construct(_env, _label, args, affinity);
	_ep.manage(&_cpu);
	_cpu_open = true;
	return _cpu;
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
	if (loading())
		return;

	caplog_words words = caplog_words();

	words.thread.slot = _threads.slot_of(thread);
	_objects.give(CAPLOG_OBJECT_THREAD, thread.server->cap(), name, words).session = thread.server;
}


caplog_object *Target::give_program(Dataspace_capability ds)
{
	if (!_objects.room(CAPLOG_OBJECT_BINARY_DS))
		return nullptr;
	return &_objects.line(_objects.give(CAPLOG_OBJECT_BINARY_DS, ds, "program"));
}


int Target::make_program(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	if (!t._program.valid())
		return caplog_say(diag, CAPLOG_ENOENT, "there is no program");
	t.objects().enter(line, t._program);
	return 0;
}


void Target::_start(addr_t ip)
{
	_objects.give(CAPLOG_OBJECT_PD,         _pd.cap()).session         = &_pd;
	_objects.give(CAPLOG_OBJECT_CPU,        _cpu.cap()).session        = &_cpu;
	_objects.give(CAPLOG_OBJECT_NATIVE_CPU, _native_cpu.cap()).session = &_native_cpu;
	for (unsigned i = 0; i < CAPLOG_MAPS; i++) {
		caplog_words words = caplog_words();
		words.region_map.map = i;
		_objects.give(CAPLOG_OBJECT_REGION_MAP, rm(i).cap(), nullptr, words).session = &rm(i);
	}
	caplog_words words = caplog_words();
	words.parent.raw = _first_memory();
	Object &parent = _objects.give(CAPLOG_OBJECT_PARENT, _parent.cap(), nullptr, words);
	parent.session = &_parent;
	_parent.entered(parent);
	_parent.write_raw(words.parent.raw);

	_running = true;
	_threads[0].server->start(ip, 0);
	_gate.open();
}


void Target::start_initial_thread(addr_t ip)
{
	if (!loading()) {
		_start(ip);
		__atomic_store_n(&_ready, true, __ATOMIC_RELEASE);
		return;
	}
	_program = _loaded.program();
	_loaded.forget();
	__atomic_store_n(&_ready, true, __ATOMIC_RELEASE);
	_targets.state_changed();
}


/* Its threads call no more; requests that they made are over as soon as they are answered */
void Target::close_cpu()
{
	_cpu_open = false;
	_gate.end();
	_threads.stop_living();
	if (!_pd_open)
		_ended = true;
	if (_ended)
		_targets.state_changed();
}


void Target::close_pd()
{
	_pd_open = false;
	_gate.end();
	if (_core.cpu.constructed())
		_threads.stop_living();
	if (!_cpu_open)
		_ended = true;
	if (_ended)
		_targets.state_changed();
}


bool Target::idle() { return _gate.idle(); }


void Target::left()
{
	if (_ended)
		_targets.state_changed();
}


/*
 * Filled from an image
 */

int Target::enter_own(caplog_object &line, Session_base &session, Saved const &saved)
{
	Object &o = _objects.enter(line, session.given());

	if (saved.session)
		session.saved = *saved.session;
	o.session = &session;
	session.entered(o);
	return 0;
}


void Target::finish()
{
	if (_running)
		return;

	_objects.for_each([&] (Object &o, caplog_object &line) {
		Kind_row const * const row = Kind_row::of(line.kind);

		if (o.session)
			o.session->restored();
		if (row && row->finish)
			row->finish(*this, o, line);
	});
	_running = true;
}


Dataspace_capability Target::make_log(size_t size)
{
	try { _log.construct(_env.ram(), _env.rm(), size); }
	catch (...) { return Dataspace_capability(); }
	return _log->cap();
}


/*
 * The main thread of the engine
 */

void Target::close()
{
	_gate.close();
	for (Pinger &pinger : _pinger)
		if (_running)
			pinger.go();
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
		answered &= _gate.waiting((Gate::Door)i) || _pinger[i].answered();
	return answered && _gate.empty();
}


Target::~Target()
{
	_gate.end();

	if (_core.cpu.constructed()) {
		_threads.kill_all();
		_ep.dissolve(&_cpu);
	}
	for (unsigned i = 0; i < CAPLOG_MAPS; i++)
		_ep.dissolve(&rm(i));
	_parent_ep.dissolve(&_parent);
	_ep.dissolve(&_native_cpu);
	_ep.dissolve(&_pd);

	_parent.end_sessions();
	_objects.forget();
}

} /* namespace Caplog */
