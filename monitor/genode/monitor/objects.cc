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


Object &Objects::_insert(uint32_t id, uint32_t kind, Native_capability cap)
{
	Object *o = new (_memory) Object(id, kind, cap);

	_tree.insert(o);
	return *o;
}


Object &Objects::enter(caplog_object &line, Native_capability cap)
{
	caplog_ledger_rebadge(&_ledger, &line, badge_of(cap));
	return _insert(line.id, line.kind, cap);
}


Object &Objects::enter_gate(caplog_object &line, uint32_t badge)
{
	caplog_ledger_rebadge(&_ledger, &line, badge);
	return _insert(line.id, line.kind, Native_capability());
}


Object &Objects::give(uint32_t kind, Native_capability cap, char const *name,
                      caplog_words const &words)
{
	uint32_t const id = caplog_ledger_give(&_ledger, kind, badge_of(cap), &words,
	                                       name ? name : caplog_object_kind(kind)->name);
	if (id)
		return _insert(id, kind, cap);

	if (_ledger.lost == 1)
		error(_name, ": the ledger is full (", (unsigned)CAPLOG_LEDGER_MAX,
		      " objects): this component can no longer be checkpointed");
	_lost.cap     = cap;
	_lost.session = nullptr;
	return _lost;
}


Object *Objects::by_id(uint64_t id)
{
	return id && id <= ~0U && _tree.first() ? _tree.first()->find(id) : nullptr;
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


void Objects::gone(Object &o)
{
	if (&o == &_lost)
		return;
	if (o.local)
		_rm.detach(o.local);
	if (&o == _log_ds)
		_log_ds = nullptr;

	caplog_object &l = line(o);
	/* core detaches memory that is freed */
	if (o.kind == CAPLOG_OBJECT_DATASPACE)
		caplog_region_detach_all(&_ledger, &l);

	caplog_ledger_drop(&_ledger, &l);
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
	/* called by way of C code, which no exception may pass: nullptr says it as well */
	try {
		if (!o.local && caplog_object_bytes(&line(o)))
			o.local = _rm.attach(reinterpret_cap_cast<Dataspace>(o.cap));
	} catch (...) { }
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
