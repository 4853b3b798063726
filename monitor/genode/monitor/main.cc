/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Monitor: starts components, checkpoints them, and continues them from images
 *
 * Its configuration names the components and lists what to do, step by step:
 *
 *   <config report="yes">
 *     <target name="counter" binary="..." ram="4M" log="256K">
 *       <config .../>                            its ROM module "config"
 *       <provides> <service name="..."/> </provides>  for the other targets
 *     </target>
 *     <start/>
 *     <wait ms="1000"/>
 *     <checkpoint/>            of the components made last; they run on
 *     <destroy/>               the components made first
 *     <restore/>               once more from the image
 *     <restore rom="image"/>   from a ROM module
 *     <restore as="copy"/>     with "copy" before the labels of its sessions
 *     <print-log/>             capability spaces in the text form of caplog(1)
 *     <print-image/>           the image as text
 *     <repeat times="10"> ... </repeat>
 *   </config>
 *
 * All targets are checkpointed and restored together. A checkpoint or restore
 * may have steps within it, of those that change no component that is there:
 * they are taken when the image is complete, or all is in place for the
 * threads, and the components stand still.
 */
#include <base/attached_ram_dataspace.h>
#include <base/attached_rom_dataspace.h>
#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <base/session_label.h>
#include <os/config.h>
#include <os/reporter.h>

#include <caplog_console.h>
#include <clock.h>

#include "platform.h"

namespace Caplog {

	using Caplog_console::Line;

	struct Instance;
	struct Main;
}


/*
 * All targets of the configuration, alive
 */
struct Caplog::Instance : List<Instance>::Element
{
	Allocator     &alloc;
	Group          group;
	caplog_target *engine[Group::MAX];
	unsigned const count;

	/* the engine's part of a target is large, and wanted zeroed */
	Instance(Allocator &alloc, unsigned count) : alloc(alloc), count(count)
	{
		for (unsigned i = 0; i < count; i++) {
			engine[i] = (caplog_target *)alloc.alloc(sizeof(caplog_target));
			memset(engine[i], 0, sizeof(caplog_target));
			caplog_ledger_init(&engine[i]->ledger);
		}
	}

	~Instance()
	{
		while (group.count) {
			Target *t = group.target[--group.count];
			destroy(alloc, t);
		}
		for (unsigned i = 0; i < count; i++)
			alloc.free(engine[i], sizeof(caplog_target));
	}
};


struct Caplog::Main
{
	enum { RETRIES = 10, RETRY_MS = 10, PAGE = 4096 };

	Env              &env;
	Heap              heap     { env.ram(), env.rm() };
	Xml_node          config   { Genode::config()->xml_node() };
	Timer::Connection timer    { env };
	Clock             clock    { timer };
	Platform          platform { env, heap, config, timer };
	caplog_platform   ops      { platform.ops() };
	Reporter          report   { "caplog" };

	unsigned       targets = 0;
	List<Instance> instances; /* the one made last comes first */

	/* an image takes the place of the one before when it is complete */
	Lazy_volatile_object<Attached_ram_dataspace> image[2];
	unsigned current = 0;

	unsigned checkpoints = 0, restores = 0, failures = 0;

	/* of the restore that is under way */
	uint64_t phase_began = 0;
	unsigned within_us   = 0;
	unsigned phase_us[CAPLOG_PHASE_COUNT + 1];
	Xml_node const *restoring = nullptr;

	Instance *newest() { return instances.first(); }

	Instance *oldest()
	{
		Instance *i = instances.first();
		while (i && i->next())
			i = i->next();
		return i;
	}

	unsigned alive()
	{
		unsigned n = 0;
		for (Instance *i = instances.first(); i; i = i->next())
			n++;
		return n;
	}

	void tell(char const *what)
	{
		if (!report.enabled())
			return;

		Reporter::Xml_generator xml(report, [&] () {
			xml.attribute("last", what);
			xml.attribute("alive", alive());
			xml.attribute("checkpoints", checkpoints);
			xml.attribute("restores", restores);
			xml.attribute("failures", failures);
		});
	}

	/* \return false, always */
	bool failed(char const *what, char const *why)
	{
		error(what, ": ", why);
		failures++;
		tell("failure");
		return false;
	}


	/*
	 * Steps
	 */

	bool start()
	{
		Instance *instance = new (heap) Instance(heap, targets);

		try {
			config.for_each_sub_node("target", [&] (Xml_node node) {
				Group   &group = instance->group;
				unsigned const i = group.count;
				Target  *t = new (heap) Target(env, heap, platform.timers, group, i, node,
				                               &instance->engine[i]->ledger);
				group.target[group.count++] = t;
				instance->engine[i]->handle = t;
			});
			for (unsigned i = 0; i < instance->group.count; i++)
				instance->group.target[i]->start();
		} catch (...) {
			destroy(heap, instance);
			return failed("start", "a component cannot be made: is its program there, and quota?");
		}
		instances.insert(instance);
		tell("start");
		return true;
	}

	/* Try until all threads stand where they can be made anew */
	int capture(Instance &instance, caplog_diag &diag)
	{
		int err = 0;

		for (unsigned i = 0; i < RETRIES; i++) {
			diag = caplog_diag();
			err = caplog_capture(&ops, instance.engine, instance.count, &diag);
			if (err != -16 && err != -11)
				break;
			timer.msleep(RETRY_MS);
		}
		return err;
	}

	int save(Instance &instance, void *at, size_t size, uint64_t &needed, caplog_diag &diag)
	{
		caplog_image i;

		caplog_image_begin(&i, at, size);
		int const err = caplog_save(&ops, instance.engine, instance.count, &i, &diag);
		needed = i.size;
		return err;
	}

	bool checkpoint(Xml_node step)
	{
		Instance *instance = newest();
		caplog_diag diag;

		if (!instance)
			return failed("checkpoint", "nothing runs");

		uint64_t const begin = clock.now();
		if (capture(*instance, diag))
			return failed("checkpoint", diag.text);
		unsigned long const capture_us = clock.us_since(begin);

		uint64_t const saving = clock.now();
		unsigned const next = !current;
		uint64_t needed = 0;
		bool done = false;

		save(*instance, nullptr, 0, needed, diag);
		try {
			image[next].construct(&env.ram(), (size_t)needed);
			done = !save(*instance, image[next]->local_addr<void>(), needed, needed, diag);
		} catch (...) {
			caplog_diag const why = { -12, "no memory for the image" };
			diag = why;
		}
		unsigned long const save_us = clock.us_since(saving);

		unsigned slots = 0, threads = 0;
		for (unsigned i = 0; i < instance->count; i++) {
			caplog_census census;
			caplog_space_census(&instance->engine[i]->space, &census);
			slots   += census.live;
			threads += instance->engine[i]->threads;
		}
		if (done) {
			if (image[current].constructed())
				image[current].destruct();
			current = next;
			checkpoints++;
			run(step, true);
		}
		for (unsigned i = 0; i < instance->count; i++)
			ops.resume(ops.ctx, instance->engine[i]->handle);

		if (!done) {
			image[next].destruct();
			return failed("checkpoint", diag.text);
		}
		log("checkpoint: ", slots, " capabilities, ", threads, " threads in ", capture_us,
		    " us; image of ", (unsigned long)(needed >> 10), " KiB in ", save_us, " us; ",
		    platform.stopped_after, " times not at rest");
		tell("checkpoint");
		return true;
	}

	static Main *self;

	static void progress(void *, unsigned phase)
	{
		Main &m = *self;
		if (phase && phase <= CAPLOG_PHASE_COUNT)
			m.phase_us[phase - 1] = m.clock.us_since(m.phase_began);
		if (phase == CAPLOG_PHASE_START) {
			uint64_t const begin = m.clock.now();
			m.run(*m.restoring, true);
			m.within_us = m.clock.us_since(begin);
		}
		m.phase_began = m.clock.now();
	}

	bool restore(Xml_node step, void const *data, uint64_t size)
	{
		if (restoring)
			return failed("restore", "not within another one");

		Instance *instance = new (heap) Instance(heap, targets);
		caplog_diag diag = caplog_diag();
		uint32_t count = 0;

		instance->group.label = step.attribute_value("as", Group::Label());

		self           = this;
		restoring      = &step;
		within_us      = 0;
		platform.group = &instance->group;
		instances.insert(instance);
		memset(phase_us, 0, sizeof(phase_us));

		uint64_t const begin = clock.now();
		phase_began = begin;
		int const err = caplog_restore(&ops, data, size, instance->engine, targets, &count,
		                               progress, &diag);
		unsigned long const all_us = clock.us_since(begin) - within_us;
		progress(nullptr, CAPLOG_PHASE_COUNT);
		restoring = nullptr;

		if (err) {
			instances.remove(instance);
			destroy(heap, instance);
			return failed("restore", diag.text);
		}
		restores++;

		unsigned long phases_us = 0;
		for (unsigned i = 0; i < CAPLOG_PHASE_COUNT; i++) {
			log("  phase ", caplog_phase_name(i), ": ", phase_us[i], " us");
			phases_us += phase_us[i];
		}
		log("restore: ", all_us, " us, of which memory and empty components ",
		    all_us > phases_us ? all_us - phases_us : 0, " us");
		tell("restore");
		return true;
	}

	bool restore(Xml_node step)
	{
		if (!step.has_attribute("rom"))
			return image[current].constructed()
			       ? restore(step, image[current]->local_addr<void>(), image[current]->size())
			       : failed("restore", "there is no checkpoint");

		try {
			Attached_rom_dataspace rom(step.attribute_value("rom", String<64>()).string());
			caplog_image_header const &header = *rom.local_addr<caplog_image_header>();

			/* core pads modules to whole pages; what does not fit is for caplog_restore */
			uint64_t const padding = rom.size() - header.size;
			return restore(step, &header, padding < PAGE ? header.size : rom.size());
		} catch (...) { return failed("restore", "there is no such ROM module"); }
	}

	bool remove()
	{
		Instance *instance = oldest();

		if (!instance)
			return failed("destroy", "nothing runs");
		for (unsigned i = 0; i < instance->group.count; i++)
			platform.quiesce(*instance->group.target[i]);
		instances.remove(instance);
		destroy(heap, instance);
		tell("destroy");
		return true;
	}

	void print_cap(unsigned long pd, caplog_flavour const &f, caplog_space const &space,
	               uint16_t slot)
	{
		caplog_cap const &c = space.cap[slot];
		caplog_event e = caplog_event();

		e.slot  = slot;
		e.badge = c.badge;

		auto say = [&] (unsigned kind) {
			e.kind = kind;
			Caplog_console::print_event(pd, f, e);
		};

		bool const placed = c.kind == CAPLOG_PLACED || c.kind == CAPLOG_THREAD;
		e.from = placed ? 0 : slot;
		say(placed ? CAPLOG_INSERT_AT : CAPLOG_INSERT_MAP);
		e.from  = 0;
		e.other = c.other;
		e.a     = space.a[slot];
		e.b     = space.b[slot];
		if (c.kind == CAPLOG_RPC || c.kind == CAPLOG_TOMBSTONE) say(CAPLOG_RPC_ALLOC);
		if (c.kind == CAPLOG_TOMBSTONE)                         say(CAPLOG_RPC_FREE);
		if (c.kind == CAPLOG_THREAD)                            say(CAPLOG_THREAD_START);
		if (c.kind == CAPLOG_IRQ)                               say(CAPLOG_IRQ_ATTACH);
		if (c.stale)                                            say(CAPLOG_STALE);
	}

	bool print_log()
	{
		struct Reading { caplog_reader reader; caplog_space space; };

		for (Instance *in = instances.first(); in; in = in->next())
			for (unsigned i = 0; i < in->group.count; i++) {
				Target &t = *in->group.target[i];
				caplog_diag diag;
				void *at = t.log_ds ? t.map_locally(*t.log_ds) : nullptr;
				Reading *r = new (heap) Reading();

				if (!at || caplog_reader_open(&r->reader, at, t.log_ds->size, &diag)
				 || caplog_reader_update(&r->reader, &r->space, nullptr, &diag)) {
					destroy(heap, r);
					return failed("print-log", at ? diag.text : "no log yet");
				}
				unsigned long const pd = t.child->parent_cap().local_name();
				Line::write("log of ", prefixed_label(in->group.label, t.config.name), ", pd=",
				            Hex(pd));
				for (unsigned slot = 0; slot < r->reader.flavour->slot_count; slot++)
					if (r->space.cap[slot].kind != CAPLOG_EMPTY)
						print_cap(pd, *r->reader.flavour, r->space, slot);
				destroy(heap, r);
			}
		return true;
	}

	/* 32 bytes a line, without those that are all zero */
	bool print_image()
	{
		enum { BYTES = 32 };

		if (!image[current].constructed())
			return failed("print-image", "there is no checkpoint");

		uint8_t const *data = image[current]->local_addr<uint8_t>();
		size_t  const  size = image[current]->size();

		Line::write("@image size=", size);
		for (size_t at = 0; at < size; at += BYTES) {
			char text[2*BYTES + 1];
			bool any = false;
			for (unsigned i = 0; i < BYTES; i++) {
				uint8_t const byte = data[at + i]; /* whole pages are mapped */
				any |= byte != 0;
				text[2*i]     = "0123456789abcdef"[byte >> 4];
				text[2*i + 1] = "0123456789abcdef"[byte & 15];
			}
			text[2*BYTES] = 0;
			if (any)
				Line::write("@image ", Hex(at), " ", (char const *)text);
		}
		Line::write("@image end");
		return true;
	}

	/* \param within  another step is under way, for which components stand still */
	void run(Xml_node steps, bool within = false)
	{
		steps.for_each_sub_node([&] (Xml_node step) {
			if (within && (step.has_type("start")   || step.has_type("checkpoint")
			            || step.has_type("destroy") || step.has_type("repeat"))) {
				failed("configuration", "a step that cannot be within another one");
				return;
			}
			if (step.has_type("wait"))        timer.msleep(step.attribute_value("ms", 1000U));
			if (step.has_type("print-log"))   print_log();
			if (step.has_type("print-image")) print_image();
			if (step.has_type("start"))       start();
			if (step.has_type("checkpoint"))  checkpoint(step);
			if (step.has_type("destroy"))     remove();
			if (step.has_type("restore"))     restore(step);
			if (step.has_type("repeat"))
				for (unsigned i = step.attribute_value("times", 1U); i; i--)
					run(step);
			if (step.has_type("log"))
				log(step.attribute_value("text", String<100>()));
		});
	}

	Main(Env &env) : env(env)
	{
		config.for_each_sub_node("target", [&] (Xml_node) { targets++; });
		report.enabled(config.attribute_value("report", false));

		if (!targets || targets > Group::MAX) {
			failed("configuration", "it must name 1 to 8 targets");
			return;
		}
		run(config);
		log("monitor: all steps done, ", failures, " failures");
	}
};


Caplog::Main *Caplog::Main::self;


namespace Component {

	Genode::size_t stack_size() { return 32*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Caplog::Main main(env); }
}
