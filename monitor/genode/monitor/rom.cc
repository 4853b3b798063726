/* SPDX-License-Identifier: BSD-2-Clause */
#include "rom.h"
#include "target.h"

namespace Caplog {


static Session_label module_of(char const *args) { return label_from_args(args).last_element(); }


bool Rom::is_own(Session_label const &label) {
	return label.last_element() == "config" || label.last_element() == "binary"; }


Rom::Rom(Target &target, char const *args) : Served(target.gate()), _target(target)
{
	strncpy(saved.args, args, sizeof(saved.args));

	if (module_of(args) == "config" && target.account().config().valid()) {
		_text = target.account().config();
	} else {
		/* the dynamic linker asks for the program by this name, which the monitor's parent
		 * takes for the monitor's own */
		char labeled[Parent::Session_args::MAX_SIZE];
		strncpy(labeled, args, sizeof(labeled));
		if (module_of(args) == "binary")
			Arg_string::set_arg_string(labeled, sizeof(labeled), "label",
			                           prefixed_label(target.config().name,
			                                          target.config().binary).string());

		_real = static_cap_cast<Rom_session>(target.open_at_parent("ROM", labeled));
	}
	target.ep().manage(this);
}


Rom::~Rom()
{
	if (_real.valid())
		_target.env().parent().close(_real);
}


Session_base *Rom::open(Target &target, char const *args, Affinity const &) {
	return new (target.alloc()) Rom(target, args); }


bool Rom::end()
{
	if (_ds)
		_target.objects().gone(*_ds);
	_ended = true;
	_target.retire(this);
	return true;
}


Dataspace_capability Rom::_dataspace()
{
	if (_text.valid())
		return _text;

	Gate::Outside outside(_target.gate(), Gate::OTHERS);
	return Rom_session_client(_real).dataspace();
}


Rom_dataspace_capability Rom::dataspace()
{
	Dataspace_capability const cap = _dataspace();

	/* it was closed meanwhile */
	if (_ended)
		return Rom_dataspace_capability();

	if (_ds && _ds->cap.local_name() != cap.local_name()) {
		_target.objects().gone(*_ds);
		_ds = nullptr;
	}
	/* all sessions hand out the same one for the module "config" */
	if (_text.valid()) {
		if (!_target.objects().by_cap(cap) && _target.objects().room(CAPLOG_OBJECT_ROM_DS))
			_target.objects().give(CAPLOG_OBJECT_ROM_DS, cap, "config");
		return static_cap_cast<Rom_dataspace>(cap);
	}
	if (!_ds && cap.valid() && _target.objects().room(CAPLOG_OBJECT_ROM_DS)) {
		caplog_words words = caplog_words();
		words.rom_ds.session = _object->id;
		_ds = &_target.objects().give(CAPLOG_OBJECT_ROM_DS, cap, nullptr, words);
	}
	return static_cap_cast<Rom_dataspace>(cap);
}


bool Rom::update()
{
	Gate::Outside outside(_target.gate(), Gate::OTHERS);

	return _real.valid() && Rom_session_client(_real).update();
}


void Rom::sigh(Signal_context_capability cap)
{
	saved.handler[0] = _target.objects().context_id(cap);
	if (!_real.valid())
		return;

	Gate::Outside outside(_target.gate(), Gate::OTHERS);
	Rom_session_client(_real).sigh(cap);
}


void Rom::restored()
{
	if (saved.handler[0])
		sigh(_target.objects().context(saved.handler[0]));
}


int Rom::make_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Object * const session = t.objects().of(line.rom_ds.session, CAPLOG_OBJECT_ROM);

	if (!line.rom_ds.session) {
		if (!t.account().config().valid())
			return caplog_say(diag, CAPLOG_ENOENT, "the configuration of the component has no node "
			                  "config any more");
		t.objects().enter(line, t.account().config());
		return 0;
	}
	if (!session || !session->session)
		return caplog_say(diag, CAPLOG_EINVAL, "the image names no ROM session for it");

	Rom &rom = *static_cast<Rom *>(session->session);
	rom._ds = &t.objects().enter(line, rom._dataspace());
	return 0;
}

} /* namespace Caplog */
