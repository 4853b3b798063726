/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of a given size, of which a given number of pages is written each time,
 * chosen by chance; each write depends on what the page held before. Between, it
 * computes as long as it is told to.
 */
#include <base/component.h>
#include <base/log.h>
#include <base/attached_ram_dataspace.h>
#include <os/config.h>
#include <timer_session/connection.h>

using namespace Genode;

enum { PAGE = 4096, WORDS = PAGE/sizeof(uint64_t) };


struct Main
{
	Timer::Connection timer;

	Xml_node const config { Genode::config()->xml_node() };
	unsigned const pages  { config.attribute_value("mib", 1U)*256 };
	unsigned const writes { config.attribute_value("writes", 64U) };
	unsigned const ms     { config.attribute_value("ms", 100U) };
	unsigned const spin   { config.attribute_value("spin", 0U) };
	unsigned const print  { config.attribute_value("print", 10U) };

	Attached_ram_dataspace memory;

	uint64_t state = 88172645463325252ULL, sum = 0;

	unsigned below(unsigned n)
	{
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		return (unsigned)(state >> 16) % n;
	}

	uint64_t *page(unsigned n) { return memory.local_addr<uint64_t>() + n*WORDS; }

	/* The sum of all words is known at each time */
	bool whole()
	{
		uint64_t all = 0;

		for (unsigned n = 0; n < pages; n++)
			for (unsigned i = 0; i < WORDS; i += 64)
				all += page(n)[i];
		return all == sum;
	}

	Main(Env &env) : memory(&env.ram(), pages*PAGE)
	{
		for (unsigned n = 0; n < pages; n++)
			sum += page(n)[0] = n + 1;

		for (unsigned step = 1; ; step++) {
			for (unsigned i = 0; i < writes; i++) {
				uint64_t * const at = page(below(pages)) + below(WORDS/64)*64;
				uint64_t   const add = at[0]*3 + step;

				at[0] += add;
				sum   += add;
			}
			for (unsigned i = 0; i < spin; i++)
				asm volatile ("" : : : "memory");
			if (step % print == 0)
				log(whole() ? "pages " : "FAILED: pages ", step, " after ", timer.elapsed_ms(), " ms");
			if (ms)
				timer.msleep(ms);
		}
	}
};


namespace Component {

	size_t stack_size()      { return 8*1024*sizeof(long); }
	void construct(Env &env) { static Main main(env); }
}
