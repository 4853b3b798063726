/* SPDX-License-Identifier: BSD-2-Clause */
#include "rom.h"
#include "target.h"

namespace Caplog {


Rom::Rom(Target &target, Session_capability real)
:
	Served(target.gate()), _target(target), _real(static_cap_cast<Rom_session>(real))
{
	target.ep().manage(this);
}


Rom::~Rom() { _target.ep().dissolve(this); }


Session_base *Rom::wrap(Target &target, Session_capability real) {
	return new (target.alloc()) Rom(target, real); }


bool Rom::end()
{
	if (_ds)
		_target.objects().gone(*_ds);
	_ended = true;

	Gate::Outside outside(_target.gate());
	destroy(_target.alloc(), this);
	return true;
}


Rom_dataspace_capability Rom::_dataspace()
{
	Gate::Outside outside(_target.gate());
	return _real.call<Rpc_dataspace>();
}


Rom_dataspace_capability Rom::dataspace()
{
	Rom_dataspace_capability const cap = _dataspace();

	/* it was closed meanwhile */
	if (_ended)
		return Rom_dataspace_capability();

	if (_ds && _ds->cap.local_name() != cap.local_name()) {
		_target.objects().gone(*_ds);
		_ds = nullptr;
	}
	/* two sessions may have the same: the one of the program, for instance */
	if (!_ds && cap.valid() && !_target.objects().by_cap(cap)
	 && _target.objects().room(CAPLOG_OBJECT_ROM_DS)) {
		caplog_words words = caplog_words();
		words.rom_ds.session = _object->id;
		_ds = &_target.objects().give(CAPLOG_OBJECT_ROM_DS, cap, nullptr, words);
	}
	return cap;
}


bool Rom::update()
{
	Gate::Outside outside(_target.gate());

	return _real.call<Rpc_update>();
}


void Rom::sigh(Signal_context_capability cap)
{
	saved.handler[0] = _target.objects().context_id(cap);

	Gate::Outside outside(_target.gate());
	_real.call<Rpc_sigh>(cap);
}


void Rom::restored()
{
	if (saved.handler[0])
		_real.call<Rpc_sigh>(_target.objects().context(saved.handler[0]));
}


int Rom::make_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Object * const session = t.objects().of(line.rom_ds.session, CAPLOG_OBJECT_ROM);

	if (!session || !session->session)
		return caplog_say(diag, CAPLOG_EINVAL, "the image names no ROM session for it");

	Rom &rom = *static_cast<Rom *>(session->session);
	rom._ds = &t.objects().enter(line, rom._dataspace());
	return 0;
}

} /* namespace Caplog */
