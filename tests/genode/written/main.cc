/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Written pages of dataspaces: in each round some are written that are chosen by
 * chance, and those that core reports must be these and no others
 *
 * Two threads write, through attachments that come and go, each at several
 * places, through a managed dataspace, and on a stack of their own; dataspaces
 * are freed and others allocated. Two of these components run side by side.
 */
#include <base/env.h>
#include <base/log.h>
#include <base/semaphore.h>
#include <base/thread.h>
#include <foc_native_pd/client.h>
#include <os/config.h>
#include <region_map/client.h>
#include <rm_session/connection.h>
#include <util/misc_math.h>

using namespace Genode;

enum { PAGE = 4096, MOST = 1200, SETS = 10, MANAGED = 16 };


static Genode::uint64_t state = 88172645463325252ULL;

static unsigned below(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 16) % n;
}


/* One dataspace, and what is known of its pages */
struct Memory
{
	Ram_dataspace_capability ds;
	unsigned                 id, pages;
	char                    *at[2]; /* nullptr: not attached there */
	bool                     is_written[MOST], is_reported[MOST];
};

static Memory   memory[SETS];
static unsigned last_id, failures, missed, others;

static Foc_native_pd_client &pd()
{
	static Foc_native_pd_client client(env()->pd_session()->native_pd());
	return client;
}


static void fail(char const *what, unsigned n = 0)
{
	error("FAILED: ", what, " ", n);
	failures++;
}


static char *attach(Memory &m) { return env()->rm_session()->attach(m.ds); }


static void begin(Memory &m)
{
	/* small ones are more frequent */
	m.pages = 1 + below(below(8) ? 40 : MOST);
	m.ds    = env()->ram_session()->alloc(m.pages*PAGE);
	m.id    = ++last_id;
	m.at[0] = attach(m);
	m.at[1] = nullptr;

	/* what was written before it is tracked is not reported, be its pages large or not */
	if (below(2))
		for (unsigned i = 0; i < m.pages; i++)
			m.at[0][i*PAGE] = 1;

	for (unsigned i = 0; i < MOST; i++)
		m.is_written[i] = false;

	Foc_native_pd::Result const result = pd().track(m.ds, m.id);
	if (result != Foc_native_pd::DONE)
		fail("track", result);
}


static void end(Memory &m)
{
	for (char *at : m.at)
		if (at)
			env()->rm_session()->detach(at);
	env()->ram_session()->free(m.ds);
}


static void write(Memory &m)
{
	char * const at = m.at[below(2)] ? m.at[1] ? m.at[1] : m.at[0] : m.at[0] ? m.at[0] : m.at[1];
	unsigned const page = below(m.pages), offset = below(PAGE);

	if (!at)
		return;

	/* a read first, at times: it maps other pages as well */
	if (!below(4))
		(void)*(char volatile *)&at[below(m.pages)*PAGE];

	(*(char volatile *)&at[page*PAGE + offset])++;
	m.is_written[page] = true;
}


/* Runs of pages, as stacks and buffers are written */
static void write_run(Memory &m)
{
	unsigned const first = below(m.pages), end = min(m.pages, first + below(100));
	char * const at = m.at[0] ? m.at[0] : m.at[1];

	for (unsigned page = first; at && page < end; page++) {
		at[page*PAGE]++;
		m.is_written[page] = true;
	}
}


/* Attach, detach, free */
static void change(Memory &m)
{
	unsigned const n = below(2);

	if (!below(50)) {
		end(m);
		begin(m);
	} else if (m.at[n]) {
		env()->rm_session()->detach(m.at[n]);
		m.at[n] = nullptr;
	} else {
		m.at[n] = attach(m);
	}
}


/* The other thread */
struct Writer : Thread_deprecated<16*1024>
{
	Semaphore work, done;

	Writer() : Thread_deprecated("writer") { start(); }

	void entry() override
	{
		for (;;) {
			work.down();
			for (unsigned n = below(20); n; n--)
				write(memory[below(SETS)]);
			done.up();
		}
	}
};


static void take()
{
	for (Memory &m : memory)
		for (bool &reported : m.is_reported)
			reported = false;

	for (bool more = true; more; ) {
		Foc_native_pd::Written const w = pd().take_written();

		for (unsigned i = 0; i < w.count; i++)
			for (unsigned n = 0; n < 32; n++) {
				if (!(w.entry[i].pages >> n & 1))
					continue;

				Memory *found = nullptr;
				for (Memory &m : memory)
					if (m.id == w.entry[i].id && w.entry[i].at*32 + n < m.pages)
						found = &m;
				if (!found)
					fail("a page that does not exist, of", w.entry[i].id);
				else
					found->is_reported[w.entry[i].at*32 + n] = true;
			}
		more = w.more;
	}
}


static unsigned compare()
{
	unsigned count = 0;

	for (Memory &m : memory)
		for (unsigned i = 0; i < m.pages; i++) {
			count  += m.is_written[i];
			missed += m.is_written[i] && !m.is_reported[i];
			others += !m.is_written[i] && m.is_reported[i];
			m.is_written[i] = false;
		}
	return count;
}


/* A managed dataspace, with one of the tracked ones in it twice */
static void managed(Memory &m)
{
	static Rm_connection connection;
	static Region_map_client map(connection.create(2*MOST*PAGE));

	map.attach(m.ds, 0, 0, true, (addr_t)0);
	map.attach(m.ds, 0, 0, true, (addr_t)MOST*PAGE);
	char * const at = env()->rm_session()->attach(map.dataspace());

	for (unsigned n = 0; n < MANAGED; n++) {
		unsigned const page = below(m.pages);

		at[below(2)*MOST*PAGE + page*PAGE]++;
		m.is_written[page] = true;
	}
	take();
	compare();

	/* core does not unmap a managed dataspace that is detached as a whole */
	map.detach((addr_t)0);
	map.detach((addr_t)MOST*PAGE);
	env()->rm_session()->detach(at);
}


static void refusals()
{
	Foc_native_pd_client &own = pd();
	Ram_dataspace_capability const uncached = env()->ram_session()->alloc(PAGE, UNCACHED);

	if (own.track(Dataspace_capability(), 1) != Foc_native_pd::INVALID_CAP)
		fail("no dataspace");
	if (own.track(uncached, 1) != Foc_native_pd::INVALID_CAP)
		fail("memory that is not cached");
	if (own.track(memory[0].ds, memory[0].id) != Foc_native_pd::DONE)
		fail("the same once more");
	if (own.track(memory[0].ds, ++last_id) != Foc_native_pd::OCCUPIED)
		fail("under another number");
	env()->ram_session()->free(uncached);
}


int main()
{
	unsigned const rounds = config()->xml_node().attribute_value("rounds", 1000U);
	static Writer writer;
	unsigned written = 0;

	state += config()->xml_node().attribute_value("seed", 1U);
	for (unsigned i = 0; i < 100; i++)
		below(2);
	for (Memory &m : memory)
		begin(m);
	refusals();

	for (unsigned round = 0; round < rounds; round++) {
		writer.work.up();
		writer.done.down();
		for (unsigned n = below(20); n; n--)
			write(memory[below(SETS)]);
		if (!below(4))
			write_run(memory[below(SETS)]);
		if (!below(4))
			change(memory[below(SETS)]);
		if (!below(100))
			managed(memory[below(SETS)]);
		take();
		written += compare();
		if ((round + 1) % 1000 == 0 || round + 1 == rounds)
			log("written: ", round + 1, " rounds, ", written, " pages, ", missed, " missed, ",
			    others, " others");
	}
	log("written: finished, ", failures, " failures");
	return 0;
}
