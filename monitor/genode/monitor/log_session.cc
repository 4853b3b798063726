/* SPDX-License-Identifier: BSD-2-Clause */
#include "log_session.h"
#include "target.h"

namespace Caplog {


Log_session::Log_session(Target &target, char const *args)
:
	Served(target.gate()), _target(target),
	_real(static_cap_cast<Genode::Log_session>(target.open_at_parent("LOG", args)))
{
	strncpy(saved.args, args, sizeof(saved.args));
	target.ep().manage(this);
}


Log_session::~Log_session()
{
	_target.env().parent().close(_real);
}


size_t Log_session::write(String const &text)
{
	Gate::Outside outside(_target.gate(), Gate::OTHERS);

	return text.valid_string() ? _real.call<Genode::Log_session::Rpc_write>(text) : 0;
}


bool Log_session::end()
{
	_target.retire(this);
	return true;
}


Session_base *Log_session::open(Target &target, char const *args, Affinity const &) {
	return new (target.alloc()) Log_session(target, args); }

} /* namespace Caplog */
