/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps that restore, from the monitor's own images or from ROM modules */
#include <base/attached_rom_dataspace.h>
#include <base/log.h>

#include "steps.h"

namespace Caplog {


Steps::Restoring *Steps::_restoring;


Steps::Restoring::Restoring(Steps &steps, Xml_node step)
:
	steps(steps), step(step), phase_began(steps._clock.now())
{
	memset(phase_us, 0, sizeof(phase_us));
}


/* A phase begins, so the one before is over */
void Steps::Restoring::phase(unsigned phase)
{
	Clock &clock = steps._clock;

	if (phase && phase <= CAPLOG_PHASE_COUNT)
		phase_us[phase - 1] = clock.us_since(phase_began);
	if (phase == CAPLOG_PHASE_START) {
		uint64_t const begin = clock.now();
		steps.run(step, true);
		within_us = clock.us_since(begin);
	}
	phase_began = clock.now();
}


void Steps::Restoring::print(unsigned long all_us) const
{
	unsigned long phases_us = 0;

	for (unsigned i = 0; i < CAPLOG_PHASE_COUNT; i++) {
		log("  phase ", caplog_phase_name(i), ": ", phase_us[i], " us");
		phases_us += phase_us[i];
	}
	log("restore: ", all_us, " us, of which memory and empty components ",
	    all_us > phases_us ? all_us - phases_us : 0, " us");
}


void Steps::_progress(void *, unsigned phase) { _restoring->phase(phase); }


bool Steps::_restore(Xml_node step, caplog_image_link const *links, unsigned count_links)
{
	if (_restoring)
		return _failed("restore", "it cannot be a step within another restore");

	Instance *instance = new (_alloc) Instance(_alloc, _targets);
	caplog_diag diag = caplog_diag();
	uint32_t count = 0;

	instance->group.label = step.attribute_value("as", Group::Label());
	_platform.group = &instance->group;
	_instances.insert(instance);

	uint64_t const begin = _clock.now();
	Restoring restoring(*this, step);
	_restoring = &restoring;
	int const err = caplog_restore_chain(&_ops, links, count_links, instance->engine, _targets,
	                                     &count, _progress, &diag);
	unsigned long const all_us = _clock.us_since(begin) - restoring.within_us;
	restoring.phase(CAPLOG_PHASE_COUNT);
	_restoring = nullptr;

	if (err) {
		_instances.remove(instance);
		destroy(_alloc, instance);
		return _failed("restore", diag.text);
	}
	_restores++;
	restoring.print(all_us);
	_report("restore");
	return true;
}


/* Images in ROM modules, newest first: the step's own, then that of each of its nodes `parent` */
struct Steps::Modules
{
	enum { PAGE = 4096 };

	Env                    &env;
	Allocator              &alloc;
	Attached_rom_dataspace *rom[CAPLOG_CHAIN_MAX];
	caplog_image_link       link[CAPLOG_CHAIN_MAX + 1];
	unsigned                count = 0, links = 0;

	Modules(Env &env, Allocator &alloc) : env(env), alloc(alloc) { }

	~Modules() { while (count) destroy(alloc, rom[--count]); }

	/* \return  false: the module is empty. \throw Parent::Exception: there is none */
	bool add(Xml_node node)
	{
		/* the engine refuses that number */
		if (links++ >= CAPLOG_CHAIN_MAX)
			return true;

		Attached_rom_dataspace &module = *new (alloc)
			Attached_rom_dataspace(env, node.attribute_value("rom", String<64>()).string());
		rom[count] = &module;

		if (module.valid()) {
			caplog_image_header const *header = module.local_addr<caplog_image_header>();

			/* loaded once: whoever provides the module may write to it meanwhile */
			uint64_t const size = *(uint64_t const volatile *)&header->size;

			/* core pads modules to whole pages; what does not fit is for the engine to refuse */
			uint64_t const padding = module.size() - size;
			link[count] = caplog_image_link { header, padding < PAGE ? size : module.size() };
		}
		return rom[count++]->valid();
	}
};


bool Steps::_restore(Xml_node step)
{
	if (!step.has_attribute("rom")) {
		unsigned count;
		caplog_image_link const * const links = step.attribute_value("second", false)
		                                      ? _images.second(count) : _images.links(count);

		return count ? _restore(step, links, count)
		             : _failed("restore", "there is no checkpoint to restore");
	}

	try {
		Modules modules(_platform.env, _alloc);
		bool    valid = modules.add(step);

		step.for_each_sub_node("parent", [&] (Xml_node parent) { valid = modules.add(parent) && valid; });
		return valid ? _restore(step, modules.link, modules.links)
		             : _failed("restore", "the ROM module is empty");
	}
	catch (Parent::Exception) {
		return _failed("restore", "there is no ROM module of the name in the attribute rom"); }
}

} /* namespace Caplog */
