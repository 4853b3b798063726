/* SPDX-License-Identifier: BSD-2-Clause */
#include "print.h"
#include "steps.h"

namespace Caplog {


Steps::Steps(Env &env, Allocator &alloc, Keeper &keeper, Node const &steps)
:
	Thread(env, "steps", Stack_size { STACK_SIZE*sizeof(long) }),
	_alloc(alloc), _keeper(keeper), _node(alloc, steps), _platform(env, keeper),
	_images(env, 1)
{
	start();
}


bool Steps::_failed(char const *what, char const *why)
{
	error(what, ": ", why);
	_failures++;
	return false;
}


/* A component that was just started gets time to begin its log */
int Steps::_capture(Instance &instance, caplog_diag &diag)
{
	int err = 0;

	for (unsigned i = 0; i < RETRIES; i++) {
		diag = caplog_diag();
		err = caplog_capture(&_ops, instance.engine, instance.count, &diag);
		if (err != CAPLOG_EAGAIN)
			break;
		Clock::sleep_ms(RETRY_MS);
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


bool Steps::_checkpoint(Node const &step)
{
	Instance   &instance = *_keeper.instance();
	caplog_diag diag;

	if (!_keeper.wait_started())
		return _failed("checkpoint", "not all children of the checkpoint node run");

	uint64_t const begin = Clock::now();
	if (_capture(instance, diag))
		return _failed("checkpoint", diag.text);
	unsigned long const capture_us = _platform.clock.us_since(begin);

	uint64_t const saving = Clock::now();
	bool const done = _images.save(_ops, instance, true, diag);
	unsigned long const save_us = _platform.clock.us_since(saving);

	bool const ends = done && step.attribute_value("destroy", false);
	if (!ends)
		caplog_resume(&_ops, instance.engine, instance.count);
	if (!done)
		return _failed("checkpoint", diag.text);

	unsigned slots, threads;
	count_caps(instance, slots, threads);
	log("checkpoint: ", slots, " capabilities, ", threads, " threads in ", capture_us,
	    " us; image of ", (unsigned long)(_images.size() >> 10), " KiB in ", save_us, " us; ",
	    instance.engine[0]->tries, " times not at rest");
	return !ends || _destroy();
}


bool Steps::_destroy()
{
	Instance   &instance = *_keeper.instance();
	caplog_diag diag = caplog_diag();

	if (caplog_quiesce(&_ops, instance.engine, instance.count, &diag))
		return _failed("destroy", diag.text);
	return _keeper.end_all() || _failed("destroy", "a component does not end");
}


bool Steps::_restore()
{
	unsigned links;
	caplog_image_link const * const link = _images.links(links);
	caplog_diag diag  = caplog_diag();
	uint32_t    count = 0;

	if (!links)
		return _failed("restore", "there is no checkpoint to restore");

	for (unsigned i = 0; i < _keeper.count(); i++)
		if (_keeper.instance()->engine[i]->handle)
			return _failed("restore", "the components exist: a step \"destroy\" comes first");

	Instance &instance = _keeper.begin_restore();
	uint64_t const begin = Clock::now();
	int const err = caplog_restore_chain(&_ops, link, links, instance.engine, instance.count,
	                                     &count, nullptr, &diag);
	unsigned long const us = _platform.clock.us_since(begin);

	_keeper.end_restore();
	if (err)
		return _failed("restore", diag.text);
	log("restore: ", us, " us");
	return true;
}


bool Steps::_print_logs()
{
	Instance   &instance = *_keeper.instance();
	caplog_diag diag = caplog_diag();

	if (!_keeper.wait_started())
		return _failed("print-log", "not all children of the checkpoint node run");
	int err = caplog_close(&_ops, instance.engine, instance.count, &diag);
	if (err)
		return _failed("print-log", diag.text);
	err = print_logs(_alloc, instance, &diag);
	for (unsigned i = 0; i < instance.count; i++)
		_ops.open(_ops.ctx, instance.engine[i]->handle);
	return !err || _failed("print-log", diag.text);
}


bool Steps::_take(Node const &step)
{
	typedef String<100> Text;

	if (step.has_type("wait"))       Clock::sleep_ms(step.attribute_value("ms", 1000U));
	if (step.has_type("checkpoint")) return _checkpoint(step);
	if (step.has_type("destroy"))    return _destroy();
	if (step.has_type("restore"))    return _restore();
	if (step.has_type("print-log"))  return _print_logs();
	if (step.has_type("log"))        log(step.attribute_value("text", Text()));
	if (step.has_type("repeat"))
		for (unsigned i = step.attribute_value("times", 1U); i; i--)
			if (!_run(step))
				return false;
	return true;
}


bool Steps::_run(Node const &steps)
{
	bool on = true;

	steps.for_each_sub_node([&] (Node const &step) { on = on && _take(step); });
	return on;
}


void Steps::entry()
{
	bool const all = _run(_node);

	log("monitor: ", all ? "all steps done" : "stopped after a failed step", ", ", _failures, " failures");
}

} /* namespace Caplog */
