/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/internal/elf.h>

#include "program.h"
#include "target.h"

namespace Caplog {


static bool dynamically_linked(Env &env, Dataspace_capability elf)
{
	void * const at     = env.rm().attach(elf);
	bool   const result = Elf_binary((addr_t)at).dynamically_linked();

	env.rm().detach(at);
	return result;
}


Program::Program(Env &env, char const *binary) : _binary(binary)
{
	if (dynamically_linked(env, _binary.dataspace()))
		_ldso.construct(ldso_name());
}


Dataspace_capability Program::ldso()
{
	return dynamic() ? Dataspace_capability(_ldso->dataspace()) : Dataspace_capability();
}


int Program::make_ds(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Dataspace_capability const ds = !strcmp(line.name, ldso_name()) ? t.program().ldso()
	                                                                : t.program().binary();
	if (!ds.valid())
		return caplog_say(diag, CAPLOG_ENOENT, "the binary is linked statically now: restore with "
		                  "the one that the image was made of");
	t.objects().enter(line, ds);
	return 0;
}

} /* namespace Caplog */
