/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Computes all the time, and never waits: integers, floating point, and small
 * system calls in between
 */
#include <base/lock.h>
#include <base/log.h>

using namespace Genode;


static unsigned long checksum(unsigned long n, Lock &lock)
{
	double x = 1;

	for (unsigned i = 0; i < 300000; i++) {
		n  = n*2862933555777941757ULL + 3037000493ULL;
		x += (double)(n & 0xff)*0.25;
		if (i % 1024 == 0)
			Lock::Guard guard(lock);
	}
	return n ^ (unsigned long)(x*4);
}


int main()
{
	static Lock lock;

	unsigned long const expected = checksum(1, lock);

	for (unsigned long round = 1; ; round++) {
		if (checksum(1, lock) != expected) {
			error("FAILED: round ", round);
			continue;
		}
		log("busy ", round);
	}
}
