/* SPDX-License-Identifier: BSD-2-Clause */
#include "log_session.h"
#include "target.h"

namespace Caplog {


Log_session::Log_session(Target &target, Session_capability real)
:
	Served(target.gate()), _target(target), _real(static_cap_cast<Genode::Log_session>(real))
{
	target.ep().manage(this);
}


Log_session::~Log_session() { _target.ep().dissolve(this); }


void Log_session::write(String const &text)
{
	Gate::Outside outside(_target.gate());

	if (text.valid_string())
		_real.call<Genode::Log_session::Rpc_write>(text);
}


bool Log_session::end()
{
	Gate::Outside outside(_target.gate());
	destroy(_target.alloc(), this);
	return true;
}


Session_base *Log_session::wrap(Target &target, Session_capability real) {
	return new (target.alloc()) Log_session(target, real); }

} /* namespace Caplog */
