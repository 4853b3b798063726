/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of the monitor's configuration, one after the other
 *
 *   <config report="yes" chain="10" copies="1M">
 *     <target name="counter" binary="..." ram="4M" log="256K">
 *       <config .../>                            its ROM module "config"
 *       <provides> <service name="..."/> </provides>  for the other targets
 *       <route> ... </route>                     where its requests go (route.h)
 *     </target>
 *     <start/>
 *     <wait ms="1000"/>
 *     <wait exit="counter" ms="60000"/>  until it exits; a failure if it does not
 *     <checkpoint/>            of the components created last; they run on
 *     <checkpoint destroy="yes"/>  they are destroyed instead: a restore continues them
 *     <checkpoint whole="yes"/>    not the child of another
 *     <checkpoint verify="yes"/>   a second, whole image of the same instant must be equal
 *     <checkpoint quiet="yes"/>    no line of what it took
 *     <destroy/>               the components created first
 *     <restore/>               once more from the image
 *     <restore second="yes"/>  from the second image of verify="yes"
 *     <restore rom="image"/>   from a ROM module
 *     <restore rom="newest"> <parent rom="older"/> <parent rom="whole"/> </restore>  a chain
 *     <restore as="copy"/>     with "copy" before the labels of its sessions
 *     <print-log/>             capability spaces in the text form of caplog(1)
 *     <print-image/>           the image as text, merged with its parents
 *     <print-image chain="yes"/>  each image of the chain, the newest first
 *     <log text="..."/>        a line in the monitor's own log
 *     <fault at="make" call="2"/>  this call of an operation fails, once: faults.h
 *     <resources/>             memory that the monitor has left
 *     <repeat times="10"> ... </repeat>
 *   </config>
 *
 * After a checkpoint that failed the monitor takes no more steps, unless its
 * attribute failure is "continue", or "round": then the rest of this round of
 * the enclosing <repeat> is left out. Other steps have the attribute as well;
 * they go on by default.
 *
 * With the attribute chain a checkpoint is the child of the one before: it has
 * the pages that were written since then. When there are as many as the
 * attribute says, they become one whole image, while the components run. With
 * the attribute copies as well, which is memory for each target, they run while
 * their memory is written, too: a page is copied before they write to it. When
 * that memory is full they are stopped once more.
 *
 * All targets are checkpointed and restored together. A checkpoint or restore
 * may have steps within it, of those that change no component that exists:
 * they are taken when the image is complete, or all is in place for the
 * threads, and the components stand still.
 */
#ifndef CAPLOG_STEPS_H
#define CAPLOG_STEPS_H

#include <os/reporter.h>

#include <clock.h>

#include "images.h"

namespace Caplog { class Steps; }


class Caplog::Steps
{
	private:

		enum { RETRIES = 10, RETRY_MS = 10, POLL_MS = 10 };

		Env               &_env;
		Allocator         &_alloc;
		Xml_node const     _config;
		Timer::Connection &_timer;
		Clock              _clock    { _timer };
		Platform           _platform { _env, _alloc, _config, _timer };
		caplog_platform    _ops      { _platform.ops() };
		Reporter           _reporter { "caplog" };

		unsigned       _targets = 0;
		List<Instance> _instances; /* the one created last comes first */

		Images _images { _env, _config.attribute_value("chain", 1U) };

		unsigned _checkpoints = 0, _restores = 0, _failures = 0;

		bool _stopped    = false; /* no more steps                       */
		bool _round_over = false; /* none until the next round of a loop */

		/* A restore that is under way; the engine reports its phases without context */
		struct Restoring
		{
			Steps         &steps;
			Xml_node const step;
			uint64_t       phase_began;
			unsigned long  within_us = 0; /* steps within it */
			unsigned long  phase_us[CAPLOG_PHASE_COUNT];

			Restoring(Steps &, Xml_node);

			void phase(unsigned phase);
			void print(unsigned long all_us) const;
		};
		static Restoring *_restoring;

		static void _progress(void *, unsigned phase);

		Instance *_oldest();
		unsigned  _alive();

		void _report(char const *what);
		bool _failed(char const *what, char const *why); /* false, always */

		/* Those that may fail return false then, after a message */
		bool _wait(Xml_node);
		bool _start();
		bool _checkpoint(Xml_node);
		bool _restore(Xml_node);
		bool _restore(Xml_node, caplog_image_link const *, unsigned links);
		bool _destroy(Instance *);
		bool _fault(Xml_node);
		bool _print_logs();
		bool _print_image(Xml_node);

		struct Modules;
		struct Spent;

		int  _capture(Instance &, caplog_diag &);
		bool _finish(Instance &, bool whole, bool verify, Spent &, caplog_diag &);

		bool _take(Xml_node, bool within);
		void _step(Xml_node, bool within);

	public:

		Steps(Env &, Allocator &, Xml_node config, Timer::Connection &);

		/* \param within  another step is under way, for which components stand still */
		void run(Xml_node steps, bool within = false);

		unsigned failures() const { return _failures; }

		/* A failed step was the last one */
		bool stopped() const { return _stopped; }
};

#endif
