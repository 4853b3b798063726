/* SPDX-License-Identifier: BSD-2-Clause */
#include "keeper.h"

namespace Caplog {


unsigned Keeper::_index_of(Name const &name) const
{
	unsigned i = 0;

	while (i < _count && !(_member[i] == name))
		i++;
	return i < _count ? i : (unsigned)Group::MAX;
}


/*
 * Main thread
 */

void Keeper::configure(Node const &config)
{
	/* members are those of the first configuration */
	if (_instance)
		return;

	Config::with_group(config, [&] (Node const &node) {
		_log = node.attribute_value("log", Number_of_bytes(LOG));
		node.for_each_sub_node("child", [&] (Node const &child) {
			if (_count == Group::MAX)
				error("config: a checkpoint node has at most ", (unsigned)Group::MAX, " children");
			else
				_member[_count++] = Config::name_of(child); });
	});
	_instance = new (_alloc) Instance(_alloc, _count);
}


bool Keeper::exists(Name const &name) const
{
	Mutex::Guard guard(_mutex);

	return _exist || _index_of(name) == Group::MAX;
}


Target::Place Keeper::place(Target::Label const &label)
{
	Mutex::Guard guard(_mutex);

	unsigned const i = _index_of(Name(label));

	if (i < Group::MAX && !_instance->engine[i]->handle)
		return { _instance->group, i, _instance->engine[i]->ledger, _log,
		         (unsigned)Limits::CAPS/_count, _image };

	Alone &alone = *new (_alloc) Alone();
	caplog_ledger_init(&alone.ledger);
	return { alone, 0, alone.ledger, 0, Limits::CAPS/4, false };
}


void Keeper::created(Target &t)
{
	Mutex::Guard guard(_mutex);

	if (&t.group() != &_instance->group)
		return;
	_instance->group.target[t.index()] = &t;
	_instance->group.count = max(_instance->group.count, t.index() + 1);
	_instance->engine[t.index()]->handle = &t;
}


void Keeper::gone(Group &group, unsigned index)
{
	Mutex::Guard guard(_mutex);

	if (&group != &_instance->group) {
		destroy(_alloc, &static_cast<Alone &>(group));
		return;
	}
	_instance->group.target[index]   = nullptr;
	_instance->engine[index]->handle = nullptr;
}


/*
 * Thread of the steps
 */

bool Keeper::is_member(char const *name) const { return _index_of(Name(name)) < Group::MAX; }


Target *Keeper::_member_at(unsigned i) const
{
	Mutex::Guard guard(_mutex);

	return (Target *)_instance->engine[i]->handle;
}


bool Keeper::_all_gone() const
{
	for (unsigned i = 0; i < _count; i++)
		if (_member_at(i))
			return false;
	return true;
}


void Keeper::_tell(bool exist)
{
	{
		Mutex::Guard guard(_mutex);
		_exist = exist;
	}
	Signal_transmitter(_apply).submit();
}


bool Keeper::wait_started()
{
	bool all = false;

	for (unsigned ms = 0; !all && ms < WAIT_MS; ms += POLL_MS) {
		Clock::sleep_ms(POLL_MS);
		all = true;
		for (unsigned i = 0; i < _count; i++)
			all &= _member_at(i) && _member_at(i)->ready();
	}
	return all;
}


Instance &Keeper::begin_restore()
{
	Instance * const fresh = new (_alloc) Instance(_alloc, _count);
	Instance *       old;
	{
		Mutex::Guard guard(_mutex);
		old       = _instance;
		_instance = fresh;
		_image    = true;
	}
	destroy(_alloc, old);
	return *fresh;
}


void Keeper::end_restore()
{
	Mutex::Guard guard(_mutex);

	_image = false;
}


Target *Keeper::make(char const *name)
{
	unsigned const i = _index_of(Name(name));

	if (!_member_at(i))
		_tell(true);
	for (unsigned ms = 0; ms < WAIT_MS; ms += POLL_MS) {
		Target * const t = _member_at(i);

		if (t && t->ready())
			return t;
		Clock::sleep_ms(POLL_MS);
	}
	return nullptr;
}


bool Keeper::end_all()
{
	_tell(false);
	for (unsigned ms = 0; !_all_gone() && ms < WAIT_MS; ms += POLL_MS)
		Clock::sleep_ms(POLL_MS);
	return _all_gone();
}

} /* namespace Caplog */
