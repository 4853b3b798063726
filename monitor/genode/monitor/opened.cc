/* SPDX-License-Identifier: BSD-2-Clause */
#include "opened.h"
#include "target.h"

namespace Caplog {


Opened_session::Opened_session(Target &target, char const *service, char const *args,
                               Affinity const &affinity)
:
	_real(target.open_at_parent(service, args, affinity)), target(target)
{
	strncpy(saved.args, args, sizeof(saved.args));
}


Opened_session::~Opened_session() { target.env().parent().close(_real); }


bool Opened_session::end()
{
	Gate::Outside outside(target.gate());
	destroy(target.alloc(), this);
	return true;
}

} /* namespace Caplog */
