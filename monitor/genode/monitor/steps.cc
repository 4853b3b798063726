/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include "fault.h"
#include "faults.h"
#include "print.h"
#include "steps.h"

namespace Caplog {


Steps::Steps(Env &env, Allocator &alloc, Xml_node config, Timer::Connection &timer)
:
	_env(env), _alloc(alloc), _config(config), _timer(timer)
{
	_reporter.enabled(config.attribute_value("report", false));

	config.for_each_sub_node("target", [&] (Xml_node) { _targets++; });
	if (!_targets || _targets > Group::MAX)
		_failed("configuration", "it must have 1 to 8 nodes of type target");
}


Instance *Steps::_oldest()
{
	Instance *i = _instances.first();

	while (i && i->next())
		i = i->next();
	return i;
}


unsigned Steps::_alive()
{
	unsigned n = 0;

	for (Instance *i = _instances.first(); i; i = i->next())
		n++;
	return n;
}


static void report_exit(Xml_generator &xml, Target &t)
{
	if (t.parent().exited())
		xml.node("exit", [&] () {
			xml.attribute("name", t.name());
			xml.attribute("value", t.parent().exit_value());
		});
}


void Steps::_report(char const *what)
{
	if (!_reporter.enabled())
		return;

	Reporter::Xml_generator xml(_reporter, [&] () {
		xml.attribute("last", what);
		xml.attribute("alive", _alive());
		xml.attribute("checkpoints", _checkpoints);
		xml.attribute("restores", _restores);
		xml.attribute("failures", _failures);
		for (Instance *i = _instances.first(); i; i = i->next())
			for (unsigned n = 0; n < i->group.count; n++)
				report_exit(xml, *i->group.target[n]);
	});
}


bool Steps::_failed(char const *what, char const *why)
{
	error(what, ": ", why);
	_failures++;
	_report("failure");
	return false;
}


bool Steps::_wait(Xml_node step)
{
	unsigned     const ms   = step.attribute_value("ms", 1000U);
	Config::Name const name = step.attribute_value("exit", Config::Name());

	if (!step.has_attribute("exit")) {
		_timer.msleep(ms);
		return true;
	}
	for (unsigned waited = 0; ; waited += POLL_MS) {
		Instance *newest = _instances.first();
		for (unsigned i = 0; newest && i < newest->group.count; i++) {
			Target &t = *newest->group.target[i];
			if (name == t.name() && t.parent().exited()) {
				_report("exit");
				return true;
			}
		}
		if (waited >= ms)
			return _failed("wait", "the component did not exit within the time of the step");
		_timer.msleep(POLL_MS);
	}
}


bool Steps::_start()
{
	Instance *instance = new (_alloc) Instance(_alloc, _targets);

	try {
		_config.for_each_sub_node("target", [&] (Xml_node node) {
			instance->add(_platform, node); });
		for (unsigned i = 0; i < instance->group.count; i++)
			instance->group.target[i]->start();
	}
	/* whatever it was: core, the parent and the loader have said it on the console */
	catch (...) {
		caplog_diag diag = caplog_diag();
		if (caplog_quiesce(&_ops, instance->engine, instance->group.count, &diag))
			error("start: ", (char const *)diag.text);
		destroy(_alloc, instance);
		return _failed("start", "a component cannot be created: check that its binary is a ROM module, "
		               "and that the monitor has quota enough for its attribute ram");
	}
	_instances.insert(instance);
	_report("start");
	return true;
}


/*
 * Checkpoint
 */

/* A component that was just started gets time to begin its log */
int Steps::_capture(Instance &instance, caplog_diag &diag)
{
	int err = 0;

	for (unsigned i = 0; i < RETRIES; i++) {
		diag = caplog_diag();
		err = caplog_capture(&_ops, instance.engine, instance.count, &diag);
		if (err != CAPLOG_EAGAIN)
			break;
		_timer.msleep(RETRY_MS);
	}
	return err;
}


static void count_caps(Instance const &instance, unsigned &slots, unsigned &threads)
{
	slots = threads = 0;
	for (unsigned i = 0; i < instance.count; i++) {
		caplog_census census;
		caplog_space_census(&instance.engine[i]->space, &census);
		slots   += census.live;
		threads += instance.engine[i]->threads;
	}
}


/* What it takes: in the pause, and after it */
struct Steps::Spent
{
	unsigned long capture_us = 0, save_us = 0, after_us = 0;

	void print(Instance const &instance, unsigned long image) const
	{
		unsigned slots, threads;

		count_caps(instance, slots, threads);
		log("checkpoint: ", slots, " capabilities, ", threads, " threads in ", capture_us,
		    " us; image of ", image >> 10, " KiB in ", save_us, " us", after_us ? ", and " : "; ",
		    after_us ? after_us : instance.engine[0]->tries,
		    after_us ? " us while they ran" : " times not at rest");
	}
};


/*
 * Write the memory that is held while the components run; if they write to more
 * of it than there is room for, they are stopped once more and wait until it is saved
 */
bool Steps::_finish(Instance &instance, bool whole, bool verify, Spent &spent, caplog_diag &diag)
{
	uint64_t const begin = _clock.now();
	int      const err   = _images.finish(_ops, instance, diag);

	spent.after_us = _clock.us_since(begin) + 1;
	if (err != CAPLOG_EAGAIN)
		return !err;

	log("checkpoint: ", (char const *)diag.text, ": they are stopped once more");
	uint64_t const again = _clock.now();
	if (_capture(instance, diag))
		return false;
	bool done = _images.save(_ops, instance, whole, false, diag);

	/* the second image is of the instant at which they stand still now */
	if (done && verify)
		done = _images.save_second(_ops, instance, diag);
	caplog_resume(&_ops, instance.engine, instance.count);
	spent.save_us += _clock.us_since(again);
	return done;
}


bool Steps::_checkpoint(Xml_node step)
{
	Instance *instance = _instances.first();
	caplog_diag diag;
	Spent spent;

	if (!instance)
		return _failed("checkpoint", "no component exists");

	bool const whole   = step.attribute_value("whole", false);
	bool const verify  = step.attribute_value("verify", false);
	bool const destroy = step.attribute_value("destroy", false);

	/* what is within the step, and a restore after it, is about an image that is complete */
	bool hold = !destroy;
	step.for_each_sub_node([&] (Xml_node) { hold = false; });

	uint64_t const begin = _clock.now();
	if (_capture(*instance, diag))
		return _failed("checkpoint", diag.text);
	spent.capture_us = _clock.us_since(begin);

	uint64_t const saving = _clock.now();
	bool done = _images.save(_ops, *instance, whole, hold, diag);
	spent.save_us = _clock.us_since(saving);

	if (done && verify)
		done = _images.save_second(_ops, *instance, diag);
	if (done)
		run(step, true);
	bool const ends = done && destroy;
	if (!ends)
		caplog_resume(&_ops, instance->engine, instance->count);

	if (_images.held())
		done = _finish(*instance, whole, verify, spent, diag) && done;
	if (done && verify)
		done = _images.second_is_same(diag);
	if (!done)
		return _failed("checkpoint", diag.text);

	_checkpoints++;
	if (!step.attribute_value("quiet", false))
		spent.print(*instance, (unsigned long)_images.size());
	_report("checkpoint");
	if (!_images.merge(false, diag))
		return _failed("checkpoint", diag.text);
	_images.prepare();
	return !ends || _destroy(instance);
}


bool Steps::_destroy(Instance *instance)
{
	if (!instance)
		return _failed("destroy", "no component exists");

	caplog_diag diag = caplog_diag();
	if (caplog_quiesce(&_ops, instance->engine, instance->group.count, &diag))
		return _failed("destroy", diag.text);

	_instances.remove(instance);
	destroy(_alloc, instance);
	_report("destroy");
	return true;
}


/*
 * Printing
 */

bool Steps::_print_logs()
{
	caplog_diag diag;

	for (Instance *i = _instances.first(); i; i = i->next()) {

		/* a step within a checkpoint finds requests held back already */
		bool const runs = !_ops.closed(_ops.ctx, i->engine[0]->handle);

		int err = runs ? caplog_close(&_ops, i->engine, i->count, &diag) : 0;
		if (!err)
			err = print_logs(_alloc, *i, &diag);
		for (unsigned n = 0; runs && n < i->count; n++)
			_ops.open(_ops.ctx, i->engine[n]->handle);
		if (err)
			return _failed("print-log", diag.text);
	}
	return true;
}


bool Steps::_print_image(Xml_node step)
{
	caplog_diag diag = caplog_diag();
	unsigned count;

	if (!_images.links())
		return _failed("print-image", "there is no checkpoint");

	/* whoever reads it has no parents of it */
	if (!step.attribute_value("chain", false) && !_images.merge(true, diag))
		return _failed("print-image", diag.text);

	caplog_image_link const * const link = _images.links(count);
	for (unsigned i = 0; i < count; i++)
		print_image((uint8_t const *)link[i].data, (size_t)link[i].size);
	return true;
}


bool Steps::_fault(Xml_node step)
{
	return Faults::arm(step.attribute_value("at", Faults::Name()), step.attribute_value("call", 1U))
	       || _failed("fault", "no operation has the name in the attribute at");
}


bool Steps::_take(Xml_node step, bool within)
{
	if (within && (step.has_type("start")   || step.has_type("checkpoint")
	            || step.has_type("destroy") || step.has_type("repeat")))
		return _failed("configuration", "a step that cannot be within a checkpoint or restore");

	if (step.has_type("wait"))        return _wait(step);
	if (step.has_type("print-log"))   return _print_logs();
	if (step.has_type("print-image")) return _print_image(step);
	if (step.has_type("start"))       return _start();
	if (step.has_type("checkpoint"))  return _checkpoint(step);
	if (step.has_type("destroy"))     return _destroy(_oldest());
	if (step.has_type("restore"))     return _restore(step);
	if (step.has_type("fault"))       return _fault(step);
	if (step.has_type("resources"))
		log("resources: ", _env.ram().quota() - _env.ram().used(), " bytes");
	if (step.has_type("repeat"))
		for (unsigned i = step.attribute_value("times", 1U); i && !_stopped; i--) {
			run(step);
			_round_over = false;
		}
	if (step.has_type("log"))
		log(step.attribute_value("text", String<100>()));
	return true;
}


void Steps::_step(Xml_node step, bool within)
{
	typedef String<16> What;

	if (_stopped || _round_over || _take(step, within))
		return;

	What const what = step.attribute_value("failure",
	                                       What(step.has_type("checkpoint") ? "stop" : "continue"));
	_stopped    = what == "stop";
	_round_over = what == "round";
}


void Steps::run(Xml_node steps, bool within)
{
	steps.for_each_sub_node([&] (Xml_node step) { _step(step, within); });
}

} /* namespace Caplog */
