/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include "objects.h"

namespace Caplog {


static uint32_t badge_of(Native_capability const &cap) {
	return cap.valid() ? (uint32_t)cap.local_name() : CAPLOG_PSEUDO_BADGE; }


void Objects::forget()
{
	while (_tree.first())
		gone(*_tree.first());
}


/* A thread has core's capability and its gate beside the one that it is known by */
unsigned Objects::_cost(uint32_t kind)
{
	switch (kind) {
	case CAPLOG_OBJECT_THREAD:         return 3;
	case CAPLOG_OBJECT_ROM:
	case CAPLOG_OBJECT_LOG:
	case CAPLOG_OBJECT_TIMER:
	case CAPLOG_OBJECT_UNKNOWN:        return 2;
	case CAPLOG_OBJECT_THREAD_OBJECT:
	case CAPLOG_OBJECT_SERVICE:
	case CAPLOG_OBJECT_REGION:
	case CAPLOG_OBJECT_SHARED_REGION:
	case CAPLOG_OBJECT_FOREIGN_REGION: return 0;
	}
	return 1;
}


bool Objects::room(uint32_t kind)
{
	unsigned const cost = _cost(kind);
	bool const caps  = _caps + cost <= _most && _limits.take_caps(cost);
	bool const lines = caplog_ledger_room(&_ledger);

	/* taken when it exists */
	if (caps)
		_limits.return_caps(cost);
	if (caps && lines)
		return true;

	if (!lines && !_no_line)
		error(_name, ": the ledger is full (", (unsigned)CAPLOG_LEDGER_MAX, " objects): it gets no "
		      "more");
	if (!caps && !_no_cap)
		error(_name, ": it has ", _caps, " capabilities of the monitor's, and gets no more: run fewer "
		      "components below it");
	_no_line |= !lines;
	_no_cap  |= !caps;
	return false;
}


bool Objects::fits() const
{
	unsigned cost = 0;

	for (uint32_t i = 0; i < _ledger.count; i++)
		cost += _ledger.line[i].gone ? 0 : _cost(_ledger.line[i].kind);

	bool const enough = cost <= _most && _limits.take_caps(cost);
	_limits.return_caps(enough ? cost : 0);
	return enough;
}


Object &Objects::_insert(uint32_t id, uint32_t kind, Native_capability cap)
{
	Object *o = new (_memory) Object(id, kind, cap);

	if (_limits.take_caps(_cost(kind)))
		_caps += o->cost = _cost(kind);
	_tree.insert(o);
	return *o;
}


/* So that siblings find it */
void Objects::_announce(Object &o)
{
	if (o.kind != CAPLOG_OBJECT_DATASPACE)
		return;
	o.ram.badge = badge_of(o.cap);
	o.ram.owner = _index;
	o.ram.id    = o.id;
	o.ram.size  = line(o).dataspace.size;
	_dataspaces.enter(o.ram);
}


Object &Objects::enter(caplog_object &line, Native_capability cap)
{
	caplog_ledger_rebadge(&_ledger, &line, badge_of(cap));

	Object &o = _insert(line.id, line.kind, cap);
	_announce(o);
	return o;
}


Object &Objects::give(uint32_t kind, Native_capability cap, char const *name,
                      caplog_words const &words)
{
	uint32_t const id = caplog_ledger_give(&_ledger, kind, badge_of(cap), &words,
	                                       name ? name : caplog_object_kind(kind)->name);
	if (id) {
		Object &o = _insert(id, kind, cap);
		_announce(o);
		return o;
	}
	_lost.cap     = cap;
	_lost.session = nullptr;
	return _lost;
}


Object *Objects::_find(uint64_t id)
{
	return id && id <= ~0U && _tree.first() ? _tree.first()->find(id) : nullptr;
}


Object *Objects::by_id(uint64_t id)
{
	if (Object * const known = _find(id))
		return known;

	/* most gates of an image are never asked for */
	caplog_object const * const gate = caplog_ledger_of(&_ledger, id, CAPLOG_OBJECT_GATE);

	return gate && gate->badge < CAPLOG_PSEUDO_BADGE
	       ? &_insert(gate->id, gate->kind, Native_capability()) : nullptr;
}


Object *Objects::by_cap(Native_capability const &cap)
{
	caplog_object *l = cap.valid() ? caplog_ledger_by_badge(&_ledger, badge_of(cap)) : nullptr;

	return l ? by_id(l->id) : nullptr;
}


Object *Objects::of(uint64_t id, uint32_t kind)
{
	Object * const o = by_id(id);

	return o && o->kind == kind ? o : nullptr;
}


Object *Objects::of(Native_capability const &cap, uint32_t kind)
{
	Object * const o = by_cap(cap);

	return o && o->kind == kind ? o : nullptr;
}


void Objects::unmap_locally(Object &o)
{
	if (o.local)
		_env.rm().detach((addr_t)o.local);
	o.local = nullptr;
}


void Objects::gone(Object &o)
{
	if (&o == &_lost)
		return;
	unmap_locally(o);
	_dataspaces.remove(o.ram);
	if (&o == _log_ds)
		_log_ds = nullptr;

	caplog_object &l = line(o);
	/* core detaches memory that is freed, and a ROM module with its session */
	if (o.kind == CAPLOG_OBJECT_DATASPACE || o.kind == CAPLOG_OBJECT_ROM_DS)
		caplog_region_detach_all(&_ledger, &l);

	caplog_ledger_drop(&_ledger, &l);
	_limits.return_caps(o.cost);
	_caps -= o.cost;
	_tree.remove(&o);
	destroy(_memory, &o);
}


uint64_t Objects::context_id(Signal_context_capability cap)
{
	Object * const o = of(cap, CAPLOG_OBJECT_CONTEXT);

	return o ? o->id : 0;
}


Signal_context_capability Objects::context(uint64_t id)
{
	Object * const o = of(id, CAPLOG_OBJECT_CONTEXT);

	return o ? reinterpret_cap_cast<Signal_context>(o->cap) : Signal_context_capability();
}


void *Objects::map_locally(Object &o)
{
	Region_map::Attr attr { };
	attr.writeable = true;

	if (!o.local && caplog_object_bytes(&line(o)))
		_env.rm().attach(reinterpret_cap_cast<Dataspace>(o.cap), attr).with_result(
			[&] (Env::Local_rm::Attachment &at) {
				at.deallocate = false;
				o.local = at.ptr;
			},
			[] (Env::Local_rm::Error) { });
	return o.local;
}


void *Objects::memory(uint64_t address, uint64_t size)
{
	caplog_place place;

	if (caplog_region_find(&_ledger, address, size, &place))
		return nullptr;

	Object * const o = by_id(place.dataspace->id);
	char * const local = o ? (char *)map_locally(*o) : nullptr;

	return local ? local + place.offset : nullptr;
}

} /* namespace Caplog */
