/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/internal/elf.h>
#include <base/internal/stub_labels.h>

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


Program::Program(Env &env, char const *binary) : _binary(env, binary)
{
	if (dynamically_linked(env, _binary.dataspace()))
		_ldso.construct(env, ldso_name());
}


Dataspace_capability Program::ldso()
{
	return dynamic() ? Dataspace_capability(_ldso->dataspace()) : Dataspace_capability();
}


/* The bytes of a dataspace are those at an address of the monitor's */
static bool same_bytes(Region_map &rm, Dataspace_capability ds, uint64_t offset,
                       char const *own, size_t size)
{
	uint64_t const page = offset & ~4095ULL;
	bool same = false;

	try {
		char * const at = rm.attach(ds, in_pages(offset - page + size), page);
		same = !memcmp(at + (offset - page), own, size);
		rm.detach(at);
	} catch (...) { /* what cannot be read is not the same */ }
	return same;
}


int Program::check_entry(Target &t, uint64_t const *labels, caplog_diag *diag)
{
	enum { FIRST = CAPLOG_STUB_READY, LAST_INSTRUCTION = 2 };

	uint64_t const at = labels[FIRST];
	uint64_t own[CAPLOG_STUB_LABELS];
	stub_labels(own);

	/* its first instructions name data, and differ in each program */
	size_t const size = own[CAPLOG_STUB_SAVED] - own[FIRST] + LAST_INSTRUCTION;

	caplog_object const *line = caplog_region_at(&t.objects().ledger(), CAPLOG_MAP_ADDRESS_SPACE, at);
	Object const *text = line && line->kind == CAPLOG_OBJECT_REGION && line->region.executable
	                   ? t.objects().of(line->region.dataspace, CAPLOG_OBJECT_BINARY_DS) : nullptr;
	uint64_t const in_region = line ? at - line->region.address : 0;

	if (!text || line->region.size - in_region < size)
		return caplog_say(diag, CAPLOG_EINVAL, "its log says that the kernel entry is at %n, where "
		                  "no code of its program is", at);

	static unsigned char const used[] = {
#define X(number, id, name) number,
		CAPLOG_STUBS(X)
#undef X
	};
	for (unsigned i : used)
		if (labels[i] - at != own[i] - own[FIRST])
			return caplog_say(diag, CAPLOG_EINVAL, "its log says that a part of the kernel entry is "
			                  "at %n, where the base library of the monitor has none: link both "
			                  "with the same one", labels[i]);

	if ((_entry != at || _entry_region != line->id)
	 && !same_bytes(t.env().rm(), reinterpret_cap_cast<Dataspace>(text->cap),
	                line->region.offset + in_region, (char const *)(addr_t)own[FIRST], size))
		return caplog_say(diag, CAPLOG_EINVAL, "the kernel entry at %n is not the one of the "
		                  "monitor's base library: link both with the same one", at);
	_entry        = at;
	_entry_region = line->id;
	return 0;
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
