/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Monitor: starts components, checkpoints them, and continues them from images
 *
 * Its configuration names the components and lists what to do (steps.h).
 */
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <os/config.h>

#include "steps.h"

namespace Caplog { struct Main; }


struct Caplog::Main
{
	Heap              heap;
	Xml_node const    config { Genode::config()->xml_node() };
	Timer::Connection timer;
	Steps             steps;

	Main(Env &env)
	:
		heap(env.ram(), env.rm()), timer(env), steps(env, heap, config, timer)
	{
		/* the configuration is wrong: no step makes sense */
		if (steps.failures())
			return;

		steps.run(config);
		log("monitor: ", steps.stopped() ? "stopped after a failed step" : "all steps done", ", ",
		    steps.failures(), " failures");
	}
};


namespace Component {

	Genode::size_t stack_size() { return 32*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Caplog::Main main(env); }
}
