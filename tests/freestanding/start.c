/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program of the core and nothing else: no libc, no compiler library
 *
 * Runs the sequence and writes log and digest to standard output by raw
 * system calls, for tests/test_wordsize.c to compare.
 */
#include "sequence.h"

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tand $-16, %rsp\n\tcall t_main\n");
enum { SYS_WRITE = 1, SYS_EXIT = 60 };

static long call(long number, long a, long b, long c)
{
	long ret;
	__asm__ volatile("syscall" : "=a"(ret) : "a"(number), "D"(a), "S"(b), "d"(c)
	                 : "rcx", "r11", "memory");
	return ret;
}
#elif defined(__i386__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tand $-16, %esp\n\tcall t_main\n");
enum { SYS_WRITE = 4, SYS_EXIT = 1 };

static long call(long number, long a, long b, long c)
{
	long ret;
	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return ret;
}
#elif defined(__arm__)
__asm__(".arm\n.globl _start\n_start:\n\tbic sp, sp, #15\n\tbl t_main\n");
enum { SYS_WRITE = 4, SYS_EXIT = 1 };

static long call(long number, long a, long b, long c)
{
	register long r7 __asm__("r7") = number;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	__asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
	return r0;
}
#else
#error "no system calls for this machine"
#endif

static struct t_sequence sequence;

static void put(const void *data, long size)
{
	const char *at = (const char *)data;

	while (size > 0) {
		long const n = call(SYS_WRITE, 1, (long)at, size);
		if (n <= 0)
			call(SYS_EXIT, 1, 0, 0);
		at += n;
		size -= n;
	}
}

void t_main(void);

void t_main(void)
{
	t_sequence_run(&sequence, caplog_flavours((size_t *)0));
	put(sequence.log, sizeof sequence.log);
	put(sequence.digest, sizeof sequence.digest);
	call(SYS_EXIT, 0, 0, 0);
}
